import type { Call, Context } from "../context.ts";

/** A cookie to set. Attributes that are left out come from the configuration. */
export interface Cookie {
  readonly name: string;
  readonly value: string;
  /** Left out for a cookie that ends with the browser; 0 removes it. */
  readonly maxAgeMs?: number;
  readonly domain?: string;
  readonly path?: string;
  readonly sameSite?: string;
  readonly secure?: string;
}

/** The value of a request's cookie. */
export function readCookie({ call }: { readonly call: Pick<Call, "headers"> }, name: string): string | undefined {
  const header = call.headers.get("cookie");
  if (!header) return undefined;
  for (const pair of header.split(";")) {
    const at = pair.indexOf("=");
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return undefined;
}

/** Sets a cookie. Scripts never read it; it is Secure but in development. */
export function appendCookie({ call, config }: Context, cookie: Cookie): void {
  const { cookies } = config;
  const sameSite = cookie.sameSite ?? cookies.same_site;
  const configured = cookie.secure ?? cookies.secure;
  const secure = configured === undefined ? !config.dev : configured === "true";
  const parts = [`${cookie.name}=${cookie.value}`, `Path=${cookie.path ?? cookies.path}`];
  const domain = cookie.domain ?? cookies.domain;
  if (domain) parts.push(`Domain=${domain}`);
  if (cookie.maxAgeMs !== undefined) parts.push(`Max-Age=${Math.max(0, Math.floor(cookie.maxAgeMs / 1000))}`);
  parts.push("HttpOnly");
  if (secure) parts.push("Secure");
  // Browsers drop SameSite=None without Secure; Lax is what they would have applied.
  parts.push(`SameSite=${sameSite === "None" && !secure ? "Lax" : sameSite}`);
  call.reply.headers.append("set-cookie", parts.join("; "));
}
