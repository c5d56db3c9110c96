import { LogoutService } from "#gen/ostiary/public/v1/logout_service_pb.js";
import type { Context } from "../../context.ts";
import { sha256Hex } from "../../crypto/token.ts";
import { ErrorReason, problem } from "../../errors.ts";
import { ensureCsrfToken, renewCsrfToken } from "../../flow/csrf.ts";
import { assertReturnTo, destination } from "../../flow/return-to.ts";
import { defineService } from "../../server/dispatch.ts";
import { clearSessionCookie } from "../../session/carrier.ts";
import { requireSession } from "../../session/current.ts";
import { isLogoutToken, logoutToken } from "../../session/logout-token.ts";
import { byOwner, revokeByTokenHash, revokeSession } from "../../session/repository.ts";
import { browser } from "./browser.ts";
import { refusePrefetch } from "./submission.ts";

/** Serves logout_service.proto. */
export const logoutService = defineService(LogoutService, {
  createBrowserLogoutFlow: browser(async ({ returnTo }, ctx) => {
    ensureCsrfToken(ctx);
    const session = await requireSession(ctx, ErrorReason.SESSION_INACTIVE);
    if (returnTo) assertReturnTo(ctx, returnTo);
    const token = logoutToken(ctx, session.id);
    const url = new URL("self-service/logout", ctx.config.serve.public.base_url);
    if (returnTo) url.searchParams.set("return_to", returnTo);
    url.searchParams.set("token", token);
    return { logoutUrl: url.href, logoutToken: token };
  }),

  updateLogoutFlow: browser(async ({ token, returnTo }, ctx) => {
    refusePrefetch(ctx);
    ensureCsrfToken(ctx);
    if (!token) throw problem(ErrorReason.BAD_REQUEST, { reason: "The parameter token is missing." });
    const session = await requireSession(ctx, ErrorReason.SESSION_INACTIVE);
    if (!isLogoutToken(ctx, session.id, token))
      throw problem(ErrorReason.FORBIDDEN, { reason: "The token does not belong to the session in the cookie." });
    await revokeSession(ctx, session.identity.id, session.id, byOwner(session, "logout"));
    clearSessionCookie(ctx);
    renewCsrfToken(ctx);
    forget(ctx);
    // Whoever signs out is signed out, also where the address to go to is refused.
    if (returnTo) assertReturnTo(ctx, returnTo);
    const { default_browser_return_url: home } = ctx.config.selfservice.flows.logout.after;
    ctx.call.reply.redirect = destination(ctx, returnTo, home);
    return {};
  }),

  async performNativeLogout({ logout }, ctx) {
    const known = await revokeByTokenHash(ctx, sha256Hex(logout?.sessionToken ?? ""));
    if (!known) throw problem(ErrorReason.FORBIDDEN, { reason: "The token does not belong to a session." });
    return {};
  },
});

/** Asks the browser to forget what pages have stored, where the configuration wants it and browsers heed it. */
function forget({ call, config }: Context): void {
  if (config.selfservice.flows.logout.clear_browser_data && call.url.startsWith("https:"))
    call.reply.headers.set("clear-site-data", '"cookies", "storage", "cache"');
}
