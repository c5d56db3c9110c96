import type { Context } from "../context.ts";
import { openCookie, sealCookie } from "../crypto/cookie-seal.ts";

const purpose = "console sign-in";
const lastsMs = 3_600_000;

/** What the admin port tells the public port of a browser that signs in to the console. */
export interface SignInRequest {
  /** SHA-256, in hex, of what the browser keeps. */
  readonly challenge: string;
  /** Where the console is, with a slash at the end, as the browser has called it: it is sent back there. */
  readonly address: string;
  /** The path of the console to come back to. */
  readonly returnTo: string;
  /** Whether the browser has brought the link that makes somebody the first owner. */
  readonly claims: boolean;
}

type Asked = Pick<Context, "config" | "now">;

/** Seals a request: who signs in chooses nothing of it. A code goes to no address that the admin port has not approved of. */
export function sealSignIn({ config, now }: Asked, request: SignInRequest): string {
  const payload = JSON.stringify({ ...request, expiresAt: now().getTime() + lastsMs });
  return sealCookie(purpose, payload, config.secrets.cookie);
}

/** What a request says; undefined where it is none of ours, "expired" where it is too old. */
export function openSignIn({ config, now }: Asked, sealed: string): SignInRequest | "expired" | undefined {
  const opened = openCookie(purpose, sealed, config.secrets.cookie);
  if (opened === undefined) return undefined;
  const { expiresAt, ...request } = JSON.parse(opened) as SignInRequest & { readonly expiresAt: number };
  return now().getTime() < expiresAt ? request : "expired";
}
