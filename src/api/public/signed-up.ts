import type { MessageInitShape } from "@bufbuild/protobuf";
import type { UpdateRegistrationFlowResponseSchema } from "#gen/ostiary/public/v1/registration_service_pb.js";
import type { Context } from "../../context.ts";
import { ErrorReason, problem } from "../../errors.ts";
import { renewCsrfToken } from "../../flow/csrf.ts";
import { destination } from "../../flow/return-to.ts";
import type { Registered } from "../../flows/registration.ts";
import { openSessionOf } from "../../flows/pending-login.ts";
import { identityById } from "../../identity/statements.ts";
import { acceptLogin } from "../../oauth2/accept-login.ts";
import { setSessionCookie } from "../../session/carrier.ts";
import { rememberDevice } from "../../session/known-device.ts";
import { sessionById } from "../../session/statements.ts";
import { presentIdentity } from "../present-identity.ts";
import { presentSession } from "../present-session.ts";
import { redirectTo, setToken } from "./continue-with.ts";
import type { Done } from "./self-service.ts";
import { verificationUi } from "./verification-ui.ts";

/** The answer to whoever has signed up. */
export async function signedUp(
  ctx: Context,
  { flow, attempt, completion: { identityId, session: issued, method } }: Done<Registered>,
): Promise<MessageInitShape<typeof UpdateRegistrationFlowResponseSchema>> {
  const row = await identityById(ctx, identityId);
  // The account may be deleted by now.
  if (!row) throw problem(ErrorReason.RETRY);
  const identity = presentIdentity(row, ctx.config);
  const session = issued && (await sessionById(ctx, issued.id));
  const shown = { identity, ...(session && { session: presentSession(session, ctx.config, ctx.now()) }) };
  if (issued) rememberDevice(ctx, identityId, flow.type === "api");
  const verification = verificationUi(ctx, { flow, attempt }, flow.active ?? "");
  if (flow.type === "api")
    return issued
      ? { ...shown, sessionToken: issued.token, continueWith: [...verification, setToken(issued.token)] }
      : { ...shown, continueWith: verification };
  if (issued) setSessionCookie(ctx, issued.token, issued.expiresAt);
  renewCsrfToken(ctx);
  const { oauth2LoginChallenge: challenge } = flow;
  // A single-page app that is handed no session learns of none either, as in Kratos.
  if (challenge !== null && verification.length === 0 && (issued || ctx.call.isNavigation)) {
    const login = { methods: [method], sessionId: issued?.id };
    const opened = await openSessionOf(ctx, identityId, login, {
      reason: `registration.${method.method as "password"}`,
    });
    if (!opened) throw problem(ErrorReason.RETRY);
    const url = await acceptLogin(ctx, challenge, opened.session);
    ctx.call.reply.redirect = url;
    return { ...shown, continueWith: [redirectTo(url)] };
  }
  const { after } = ctx.config.selfservice.flows.registration;
  const own = after[flow.active as "password"]?.default_browser_return_url;
  const target = destination(ctx, flow.returnTo, own, after.default_browser_return_url);
  ctx.call.reply.redirect = verification.length ? attempt.verification!.url : target;
  return { ...shown, continueWith: [redirectTo(target), ...verification] };
}
