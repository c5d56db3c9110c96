import type { Call, Context } from "../context.ts";
import { appendCookie, readCookie } from "../session/cookies.ts";

// Browsers send cookies to all ports of a host: what is the console's must not look like anything of the public port's.
const sessionName = "ostiary_console";
const signInName = "ostiary_console_sign_in";
const signInLastsMs = 3_600_000;

interface Asked {
  readonly call: Pick<Call, "headers" | "url">;
}

/** Whether the browser has called by https, as far as is known. */
const isSecure = ({ call }: Asked): boolean => call.url.startsWith("https:");

/** The prefix keeps other hosts of the same site from setting the cookie (RFC 6265bis, 4.1.3.2). */
const nameFor = (asked: Asked, name: string): string => (isSecure(asked) ? `__Host-${name}` : name);

/** What a browser's cookie says: whose administrators it is about, and the secret. */
export interface CookieContent {
  readonly tenantId: string;
  readonly secret: string;
  /** Of the link that makes somebody the first owner. */
  readonly claim?: string | undefined;
}

/** What the cookie of a session of the console says. */
export const sessionCookieOf = (ctx: Asked): CookieContent | undefined =>
  parse(readCookie(ctx, nameFor(ctx, sessionName)));

/** What the cookie of a browser says that has begun to sign in. */
export const signInCookieOf = (ctx: Asked): CookieContent | undefined =>
  parse(readCookie(ctx, nameFor(ctx, signInName)));

function parse(value: string | undefined): CookieContent | undefined {
  const [tenantId, secret, claim] = value?.split(".") ?? [];
  return tenantId && secret ? { tenantId, secret, claim: claim || undefined } : undefined;
}

const written = ({ tenantId, secret, claim }: CookieContent): string =>
  [tenantId, secret, ...(claim ? [claim] : [])].join(".");

/** Gives a browser its session of the console. No other site can have it sent along. */
export function setSessionCookie(ctx: Context, content: CookieContent, maxAgeMs: number): void {
  set(ctx, sessionName, written(content), "Strict", maxAgeMs);
}

/** Has a browser know again, when it comes back from another site, that it has begun to sign in. */
export function setSignInCookie(ctx: Context, content: CookieContent): void {
  set(ctx, signInName, written(content), "Lax", signInLastsMs);
}

/** Takes the session of the console away from a browser. */
export const clearSessionCookie = (ctx: Context): void => set(ctx, sessionName, "signed-out", "Strict", 0);

/** Has a browser forget that it has begun to sign in. */
export const clearSignInCookie = (ctx: Context): void => set(ctx, signInName, "done", "Lax", 0);

/** Domain and path are the admin port's own, whatever is configured for the cookies of people. */
function set(ctx: Context, name: string, value: string, sameSite: "Strict" | "Lax", maxAgeMs: number): void {
  const secure = isSecure(ctx);
  appendCookie(ctx, {
    name: nameFor(ctx, name),
    value,
    maxAgeMs,
    domain: "",
    path: "/",
    sameSite,
    secure: String(secure),
  });
}
