import type { MessageInitShape } from "@bufbuild/protobuf";
import type { UpdateLoginFlowResponseSchema } from "#gen/ostiary/public/v1/login_service_pb.js";
import type { Context } from "../../context.ts";
import { ErrorReason, problem } from "../../errors.ts";
import { renewCsrfToken } from "../../flow/csrf.ts";
import type { Flow } from "../../flow/flow.ts";
import { uiLocation } from "../../flow/replacement.ts";
import { destination } from "../../flow/return-to.ts";
import type { SignedIn } from "../../flows/login.ts";
import { acceptLogin } from "../../oauth2/accept-login.ts";
import { setSessionCookie } from "../../session/carrier.ts";
import { currentSession } from "../../session/current.ts";
import { rememberDevice } from "../../session/known-device.ts";
import { meetsAal, secondFactorUrl } from "../../session/required-aal.ts";
import { sessionById } from "../../session/statements.ts";
import { presentSession } from "../present-session.ts";
import { redirectTo } from "./continue-with.ts";
import type { Done } from "./self-service.ts";
import { verificationUi } from "./verification-ui.ts";

/** The answer to whoever has signed in. */
export async function signedIn(
  ctx: Context,
  { flow, attempt, completion: issued }: Done<SignedIn>,
): Promise<MessageInitShape<typeof UpdateLoginFlowResponseSchema>> {
  const row = await sessionById(ctx, issued.id);
  // The account may be deleted by now.
  if (!row) throw problem(ErrorReason.RETRY);
  rememberDevice(ctx, row.identity.id, flow.type === "api");
  const { next } = issued;
  const sure = !next && meetsAal(ctx, row, ctx.config.session.whoami.required_aal);
  const session = presentSession(row, ctx.config, ctx.now());
  const verification = verificationUi(ctx, { flow, attempt }, flow.active ?? "");
  // Who it is stays untold until the second factor has been proved.
  if (flow.type === "api")
    return {
      session: sure ? session : { ...session, identity: undefined },
      sessionToken: issued.token,
      continueWith: verification,
    };
  setSessionCookie(ctx, issued.token, issued.expiresAt);
  // Whoever was signed in before goes on with the forms that are open.
  if ((await currentSession(ctx))?.identity.id !== row.identity.id) renewCsrfToken(ctx);
  const { oauth2LoginChallenge: challenge } = flow;
  if (sure && challenge !== null)
    return goOnElsewhere(ctx, session, await acceptLogin(ctx, challenge, row), "The sign-in is complete.");
  const secondStep = next ? uiLocation(ctx, "login", next) : secondFactorUrl(ctx, flow.returnTo, challenge);
  if (!sure) return goOnElsewhere(ctx, session, secondStep, "The account has a second factor.");
  const target = landing(ctx, flow);
  ctx.call.reply.redirect = verification.length ? attempt.verification!.url : target;
  return { session, continueWith: [redirectTo(target), ...verification] };
}

/** Has the browser go on at an address of another page or server: one that does not navigate is told so by an error, as in Kratos. */
function goOnElsewhere(ctx: Context, session: Session, target: string, why: string) {
  ctx.call.reply.redirect = target;
  if (!ctx.call.isNavigation)
    throw problem(ErrorReason.BROWSER_LOCATION_CHANGE_REQUIRED, {
      reason: `${why} Send the browser on to ${target}.`,
      redirectBrowserTo: target,
    });
  return { session, continueWith: [redirectTo(target)] };
}

type Session = ReturnType<typeof presentSession>;

function landing(ctx: Context, flow: Flow): string {
  const { after } = ctx.config.selfservice.flows.login;
  const own = after[flow.active as "password"]?.default_browser_return_url;
  return destination(ctx, flow.returnTo, own, after.default_browser_return_url);
}
