import { randomBytes } from "node:crypto";
import { fitsOrigin } from "../config/wildcard.ts";
import type { Call, Context } from "../context.ts";
import { constantTimeEqual, sha256Hex } from "../crypto/token.ts";
import { ErrorReason, problem } from "../errors.ts";
import { appendCookie, readCookie } from "../session/cookies.ts";
import type { Flow } from "./flow.ts";
import { flowKinds } from "./kinds.ts";
import type { FlowKind } from "./kinds.ts";

const tokenBytes = 32;
const yearMs = 365 * 24 * 3_600_000;
/** Of each call, the token that its answer brings. */
const fresh = new WeakMap<Call, string>();

/** The name of the anti-CSRF cookie: one for each public base URL, so that neighbours on one host do not collide. */
export const csrfCookieName = ({ config }: Context) => `csrf_token_${sha256Hex(config.serve.public.base_url)}`;

/** The browser's anti-CSRF token, if it sent a well-formed one or was just given one. */
export function csrfTokenOf(ctx: Context): string | undefined {
  const issued = fresh.get(ctx.call);
  if (issued) return issued;
  const sent = readCookie(ctx, csrfCookieName(ctx));
  return sent && Buffer.from(sent, "base64url").length === tokenBytes ? sent : undefined;
}

/** The browser's token; one is issued where it has none. */
export const ensureCsrfToken = (ctx: Context): string => csrfTokenOf(ctx) ?? renewCsrfToken(ctx);

/** Issues a new token, as whenever somebody signs in or out; one that this answer brings is new enough. */
export function renewCsrfToken(ctx: Context): string {
  const issued = fresh.get(ctx.call);
  if (issued) return issued;
  const token = randomBytes(tokenBytes).toString("base64url");
  fresh.set(ctx.call, token);
  appendCookie(ctx, { name: csrfCookieName(ctx), value: token, maxAgeMs: yearMs });
  return token;
}

/** What a flow remembers of the browser that it belongs to. */
export const csrfHash = (token: string) => sha256Hex(token);

/** The token as a form shows it: masked anew each time, so that compression cannot leak it (BREACH). */
export function maskCsrfToken(token: string): string {
  const secret = Buffer.from(token, "base64url");
  const pad = randomBytes(tokenBytes);
  return Buffer.concat([pad, secret.map((byte, i) => byte ^ pad[i]!)]).toString("base64");
}

/** The token that a form has shown; undefined where it is none. */
export function unmaskCsrfToken(masked: string): string | undefined {
  const bytes = Buffer.from(masked, "base64");
  if (bytes.length !== 2 * tokenBytes) return undefined;
  const secret = bytes.subarray(tokenBytes).map((byte, i) => byte ^ bytes[i]!);
  return Buffer.from(secret).toString("base64url");
}

/** Whether the flow was begun in the browser that now asks. Native flows belong to nobody. */
export function assertSameBrowser(ctx: Context, flow: Flow): void {
  // A flow that an administrator began belongs to whoever got the code for it.
  if (flow.type === "api" || flow.csrfHash === null) return;
  const token = csrfTokenOf(ctx);
  if (!token) throw csrfViolation(ctx, missingCookie(ctx));
  if (!belongsTo(token, flow)) throw csrfViolation(ctx, "The flow was started in another browser.");
}

/** The same, told: a flow that no browser has begun is in nobody's. */
export function isSameBrowser(ctx: Context, flow: Flow): boolean {
  const token = csrfTokenOf(ctx);
  return token !== undefined && flow.csrfHash !== null && belongsTo(token, flow);
}

const belongsTo = (token: string, { csrfHash: own }: Flow): boolean =>
  own === null || constantTimeEqual(csrfHash(token), own);

/**
 * Refuses a forged submission: browsers prove themselves by token, native clients by not being browsers. Cookie and field
 * that fit each other are not enough: whoever gets at the address of a form could go on with it in a browser of their own.
 */
export function assertGenuine(ctx: Context, flow: Flow, submitted: string): void {
  if (flow.type === "api") return assertNoBrowser(ctx);
  const cookie = csrfTokenOf(ctx);
  if (!cookie) throw csrfViolation(ctx, missingCookie(ctx));
  if (!submitted) throw csrfViolation(ctx, "The field csrf_token is missing.");
  const token = unmaskCsrfToken(submitted);
  if (!token || !constantTimeEqual(token, cookie))
    throw csrfViolation(ctx, "The field csrf_token does not match the cookie.");
  if (!belongsTo(cookie, flow)) throw csrfViolation(ctx, "The flow was started in another browser.");
  if (crossSite(ctx)) throw csrfViolation(ctx, "Another site submitted the form.");
}

/** Refuses what another site made a browser submit, where a secret in it takes the place of the token. */
export function assertNotForeign(ctx: Context, flow: Flow): void {
  if (flow.type === "api") return assertNoBrowser(ctx);
  if (crossSite(ctx)) throw csrfViolation(ctx, "Another site submitted the form.");
}

/** Fetch Metadata says when another site made the browser act; sites that the configuration names may. */
function crossSite({ call, config }: Context): boolean {
  if (call.headers.get("sec-fetch-site") !== "cross-site") return false;
  const origin = call.headers.get("origin");
  const { allowed_return_urls, default_browser_return_url, flows } = config.selfservice;
  const trusted = [
    ...allowed_return_urls,
    default_browser_return_url,
    ...(Object.keys(flowKinds) as FlowKind[]).map((kind) => flows[kind].ui_url),
    ...(config.serve.public.cors.enabled ? config.serve.public.cors.allowed_origins : []),
  ];
  // Pages without an origin of their own all call it null, strangers' too.
  return !origin || origin === "null" || !trusted.some((url) => fitsOrigin(originOf(url), origin));
}

/** The origin that an address begins with, asterisks and all. The asterisk alone lets no cookies through: it trusts nobody with them. */
function originOf(url: string): string {
  if (url.includes("*")) return /^[^/]+:\/\/[^/]+/.exec(url)?.[0] ?? "";
  return URL.canParse(url) ? new URL(url).origin : "";
}

function assertNoBrowser({ call, config }: Context): void {
  if (config.native_flows_from_browsers) return;
  if (call.headers.has("origin")) throw problem(ErrorReason.API_FLOW_FROM_BROWSER, { reason: browserSigns("Origin") });
  const cookies = (call.headers.get("cookie") ?? "")
    .split(";")
    .map((pair) => pair.split("=")[0]!.trim())
    // Content delivery networks set these on their own.
    .filter((name) => name && !/^(__cf|_cf|cf_)/.test(name));
  if (cookies.length)
    throw problem(ErrorReason.API_FLOW_FROM_BROWSER, {
      reason: browserSigns("Cookie"),
      details: { "found cookies": cookies },
    });
}

const browserSigns = (header: string) =>
  `The request carries the header ${header}, which only browsers send, but the flow is for native clients. Start a browser flow instead.`;

const missingCookie = ({ call }: Context) =>
  call.headers.has("cookie")
    ? "The anti-CSRF cookie is missing."
    : "The request carries no cookies. Send it with credentials.";

/** The error for a request that may be forged. */
export const csrfViolation = (ctx: Context, why: string) =>
  problem(ErrorReason.SECURITY_CSRF_VIOLATION, {
    reason:
      "We could not verify that the request came from this page. Make sure that cookies are enabled, then start again.",
    details: {
      docs: `${ctx.config.serve.public.base_url}openapi.json`,
      hint: why,
      reject_reason: why,
    },
  });
