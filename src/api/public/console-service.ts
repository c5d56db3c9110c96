import { ConsoleService } from "#gen/ostiary/public/v1/console_service_pb.js";
import { findAdministrator, hasAdministrators } from "../../access/administrators.ts";
import { issueCode } from "../../access/console-session.ts";
import { isProvedEnough } from "../../access/second-factor.ts";
import { openSignIn } from "../../access/sign-in-request.ts";
import type { SignInRequest } from "../../access/sign-in-request.ts";
import type { Context } from "../../context.ts";
import { ErrorReason, problem } from "../../errors.ts";
import { availableAal } from "../../identity/factors.ts";
import { defineService } from "../../server/dispatch.ts";
import { assertOwn } from "../../session/act.ts";
import { currentSession } from "../../session/current.ts";
import { secondFactorUrl } from "../../session/required-aal.ts";
import type { SessionRow } from "../../session/statements.ts";
import { sendBrowser } from "../send-browser.ts";
import { browser } from "./browser.ts";

/** Serves console_service.proto of the public port. */
export const consoleService = defineService(ConsoleService, {
  handOverConsoleSignIn: browser(async ({ request: sealed }, ctx) => {
    const request = readRequest(ctx, sealed);
    const back = new URL("self-service/console", ctx.config.serve.public.base_url);
    back.searchParams.set("request", sealed);
    const session = await currentSession(ctx);
    if (!session) return sendBrowser(ctx, flowUrl(ctx, "login", back.href));
    assertOwn(session);
    if (!(await mayEnter(ctx, request, session)))
      throw problem(ErrorReason.FORBIDDEN, {
        reason: "The account is no administrator. Sign out, and sign in to the console by another account.",
      });
    if (!isProvedEnough(ctx.config, session)) return sendBrowser(ctx, proveMore(ctx, session, back.href));
    // A browser that only looks would leave a code behind that nobody exchanges.
    if (ctx.call.isPrefetch) throw problem(ErrorReason.BAD_REQUEST, { reason: "A code is made for who comes for it." });
    const url = new URL("admin/console/callback", request.address);
    url.searchParams.set("code", await issueCode(ctx, session, request.challenge));
    url.searchParams.set("return_to", request.returnTo);
    return sendBrowser(ctx, url.href);
  }),
});

function readRequest(ctx: Context, sealed: string): SignInRequest {
  const request = openSignIn(ctx, sealed);
  if (request === "expired")
    throw problem(ErrorReason.GONE, { reason: "It took too long to sign in. Open the console again." });
  if (!request) throw problem(ErrorReason.BAD_REQUEST, { reason: "The request is none of the console's." });
  return request;
}

/** Whoever has brought the link for the first owner becomes that, as long as there is no administrator. */
async function mayEnter(ctx: Context, { claims }: SignInRequest, { identity }: SessionRow): Promise<boolean> {
  if (await findAdministrator(ctx, identity.id)) return true;
  return claims && !(await hasAdministrators(ctx));
}

/** Where to prove a second factor, or to set one up where there is none. */
const proveMore = (ctx: Context, { identity }: SessionRow, back: string): string =>
  availableAal(ctx.config, identity) > 1 ? secondFactorUrl(ctx, back) : flowUrl(ctx, "settings", back);

function flowUrl({ config }: Context, kind: "login" | "settings", back: string): string {
  const url = new URL(`self-service/${kind}/browser`, config.serve.public.base_url);
  url.searchParams.set("return_to", back);
  return url.href;
}
