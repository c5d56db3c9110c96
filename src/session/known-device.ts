import type { Context } from "../context.ts";
import { openCookie, sealCookie } from "../crypto/cookie-seal.ts";
import { randomToken } from "../crypto/token.ts";
import { appendCookie, readCookie } from "./cookies.ts";
import { currentSession } from "./current.ts";

const purpose = "device";
const cookieName = "ostiary_device";
const headerName = "x-device-token";
// Browsers keep no cookie longer than this.
const cookieMs = 400 * 24 * 3_600_000;
const mostAccounts = 8;

/** What a device keeps, sealed. */
interface Marked {
  readonly device: string;
  /** The ids of the accounts that were signed in to on it, the latest first. */
  readonly accounts: readonly string[];
}

/**
 * What tells a device from others on which an account was signed in to before: a cookie, the header X-Device-Token of a
 * native client, or the session that the request is made in. Undefined on one where it was not.
 */
export async function knownDevice(ctx: Context, accountId: string): Promise<string | undefined> {
  const marked = markOf(ctx);
  if (marked?.accounts.includes(accountId)) return `${marked.device} ${accountId}`;
  const session = await currentSession(ctx);
  return session?.identity.id === accountId && !session.act ? `session ${session.id}` : undefined;
}

/** Marks the device as one on which an account was signed in to: browsers by a cookie, native clients by a header. */
export function rememberDevice(ctx: Context, accountId: string, native: boolean): void {
  if (!ctx.config.selfservice.methods.password.config.throttle.enabled) return;
  const before = markOf(ctx) ?? { device: randomToken(), accounts: [] };
  const accounts = [accountId, ...before.accounts.filter((id) => id !== accountId)].slice(0, mostAccounts);
  const value = sealCookie(
    purpose,
    JSON.stringify({ device: before.device, accounts } satisfies Marked),
    ctx.config.secrets.cookie,
  );
  if (native) ctx.call.reply.headers.set(headerName, value);
  else appendCookie(ctx, { name: cookieName, value, maxAgeMs: cookieMs });
}

function markOf(ctx: Context): Marked | undefined {
  const value = ctx.call.headers.get(headerName) ?? readCookie(ctx, cookieName);
  const opened = value && openCookie(purpose, value, ctx.config.secrets.cookie);
  return opened ? (JSON.parse(opened) as Marked) : undefined;
}
