import type { Context } from "../context.ts";
import { openCookie, sealCookie } from "../crypto/cookie-seal.ts";
import { noStore } from "../rest/no-store.ts";
import { appendCookie, readCookie } from "./cookies.ts";

const purpose = "session";
const bearer = /^bearer +(\S+)$/i;

/** What a session cookie holds, sealed. */
interface Carried {
  /** The session token. */
  readonly t: string;
  /** When the session ends, in milliseconds since 1970. */
  readonly e: number;
}

/** The session token of a request: header X-Session-Token, else the cookie, else a Bearer token. */
export function sessionTokenOf(ctx: Context): string | undefined {
  const { headers } = ctx.call;
  return (
    (headers.get("x-session-token") || undefined) ??
    carriedByCookie(ctx)?.t ??
    bearer.exec(headers.get("authorization") ?? "")?.[1]
  );
}

/** The session token that the browser's cookie carries, and until when the cookie believes it to live. */
export function carriedByCookie(ctx: Context): Carried | undefined {
  const value = readCookie(ctx, ctx.config.session.cookie.name);
  const opened = value && openCookie(purpose, value, ctx.config.secrets.cookie);
  return opened ? (JSON.parse(opened) as Carried) : undefined;
}

/** What carries a session's token, in a cookie or in its body, is kept by nobody on the way. */
export const forbidKeeping = ({ call }: Context): void => call.reply.headers.set("cache-control", noStore);

/** Hands a session to the browser. */
export function setSessionCookie(ctx: Context, token: string, expiresAt: Date): void {
  forbidKeeping(ctx);
  const payload = JSON.stringify({ t: token, e: expiresAt.getTime() } satisfies Carried);
  const value = sealCookie(purpose, payload, ctx.config.secrets.cookie);
  const { persistent } = ctx.config.session.cookie;
  const maxAgeMs = expiresAt.getTime() - ctx.now().getTime();
  appendCookie(ctx, { ...sessionCookie(ctx), value, ...(persistent && { maxAgeMs }) });
}

/** Takes the session cookie away. */
export function clearSessionCookie(ctx: Context): void {
  appendCookie(ctx, { ...sessionCookie(ctx), value: "signed-out", maxAgeMs: 0 });
}

function sessionCookie({ config }: Context) {
  const { name, domain, path, same_site: sameSite, secure } = config.session.cookie;
  return {
    name,
    ...(domain !== undefined && { domain }),
    ...(path !== undefined && { path }),
    ...(sameSite !== undefined && { sameSite }),
    ...(secure !== undefined && { secure }),
  };
}
