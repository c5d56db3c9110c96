import { RegistrationService } from "#gen/ostiary/public/v1/registration_service_pb.js";
import type { CreateBrowserRegistrationFlowRequest } from "#gen/ostiary/public/v1/registration_service_pb.js";
import type { CreateNativeRegistrationFlowRequest } from "#gen/ostiary/public/v1/registration_service_pb.js";
import { RegistrationFlowSchema } from "#gen/ostiary/type/v1/flow_pb.js";
import type { Context } from "../../context.ts";
import { randomToken } from "../../crypto/token.ts";
import { isUuid } from "../../db/id.ts";
import { ErrorReason, problem } from "../../errors.ts";
import { ensureCsrfToken, renewCsrfToken } from "../../flow/csrf.ts";
import { uiLocation } from "../../flow/replacement.ts";
import type { FlowEngine } from "../../flow/engine.ts";
import type { Flow } from "../../flow/flow.ts";
import type { Registered } from "../../flows/registration.ts";
import { assertSelectableSchema } from "../../flow/flow-schema.ts";
import { assertReturnTo, destination } from "../../flow/return-to.ts";
import { identityById } from "../../identity/statements.ts";
import { defineService } from "../../server/dispatch.ts";
import { setSessionCookie } from "../../session/carrier.ts";
import { currentSession } from "../../session/current.ts";
import type { IssuedSession } from "../../session/issue.ts";
import { rememberDevice } from "../../session/known-device.ts";
import { sessionById } from "../../session/statements.ts";
import { presentRegistrationFlow } from "../present-flow.ts";
import { presentIdentity } from "../present-identity.ts";
import { presentSession } from "../present-session.ts";
import { browser } from "./browser.ts";
import { assertLoginChallenge } from "./login-challenge.ts";
import { alreadySignedIn, redirectTo } from "./login-service.ts";
import { refuseSubmission, submittedFlowId } from "./submission.ts";
import { verificationUi } from "./verification-ui.ts";

type RegistrationEngine = FlowEngine<"registration", Registered>;
type Begin = CreateBrowserRegistrationFlowRequest | CreateNativeRegistrationFlowRequest;

/** Serves registration_service.proto. */
export const registrationService = (registration: RegistrationEngine) =>
  defineService(RegistrationService, {
    createBrowserRegistrationFlow: browser(async (request, ctx) => {
      ensureCsrfToken(ctx);
      const flow = await begin(registration, request, ctx, "browser");
      ctx.call.reply.redirect = uiLocation(ctx, "registration", flow.id);
      return { flow: presentRegistrationFlow(ctx, flow) };
    }),

    createNativeRegistrationFlow: async (request, ctx) => ({
      flow: presentRegistrationFlow(ctx, await begin(registration, request, ctx, "api")),
    }),

    getRegistrationFlow: async ({ id }, ctx) => {
      ensureCsrfToken(ctx);
      return { flow: presentRegistrationFlow(ctx, await registration.fetch(ctx, id)) };
    },

    updateRegistrationFlow: browser(async ({ flow: id, submission }, ctx) => {
      const outcome = await registration.submit(ctx, submittedFlowId(id), submission);
      if (outcome.kind !== "completed") {
        const value = presentRegistrationFlow(ctx, outcome.flow);
        // Kratos answers a form that will not do by 302 here, by 303 everywhere else.
        throw refuseSubmission(ctx, outcome, { desc: RegistrationFlowSchema, value }, outcome.kind === "rejected" ? 302 : 303);
      }
      return signedUp(ctx, outcome.flow, outcome.completion);
    }),
  });

async function begin(engine: RegistrationEngine, request: Begin, ctx: Context, type: "browser" | "api"): Promise<Flow> {
  if (!ctx.config.selfservice.flows.registration.enabled)
    throw problem(ErrorReason.SELF_SERVICE_FLOW_DISABLED, { reason: "Registration is switched off here." });
  if (request.returnTo) assertReturnTo(ctx, request.returnTo);
  const after = "afterVerificationReturnTo" in request ? request.afterVerificationReturnTo : "";
  if (after) assertReturnTo(ctx, after);
  await assertSelectableSchema(ctx, request.identitySchema);
  if ("loginChallenge" in request) assertLoginChallenge(request.loginChallenge);
  if (await currentSession(ctx)) throw alreadySignedIn(ctx, request.returnTo);
  const exchanges = "returnSessionTokenExchangeCode" in request && request.returnSessionTokenExchangeCode;
  return engine.create(ctx, {
    type,
    requestUrl: ctx.call.url,
    returnTo: request.returnTo || null,
    organizationId: isUuid(request.organization) ? request.organization : null,
    identitySchema: request.identitySchema || null,
    ...(after && { internal: { afterVerificationReturnTo: after } }),
    ...(exchanges && { sessionTokenExchangeCode: randomToken(64) }),
  });
}

async function signedUp(ctx: Context, flow: Flow, { identityId, session: issued }: Registered) {
  const row = await identityById(ctx, identityId);
  // The account may be deleted by now.
  if (!row) throw problem(ErrorReason.RETRY);
  const identity = presentIdentity(row, ctx.config);
  const session = issued && (await sessionById(ctx, issued.id));
  const shown = { identity, ...(session && { session: presentSession(session, ctx.config, ctx.now()) }) };
  if (issued) rememberDevice(ctx, identityId, flow.type === "api");
  const verification = verificationUi(ctx, flow, flow.active ?? "");
  if (flow.type === "api")
    return issued
      ? { ...shown, sessionToken: issued.token, continueWith: [...verification, setToken(issued)] }
      : { ...shown, continueWith: verification };
  const { after } = ctx.config.selfservice.flows.registration;
  const own = after[flow.active as "password"]?.default_browser_return_url;
  const target = destination(ctx, flow.returnTo, own, after.default_browser_return_url);
  ctx.call.reply.redirect = verification.length ? flow.verification!.url : target;
  if (issued) setSessionCookie(ctx, issued.token, issued.expiresAt);
  renewCsrfToken(ctx);
  return { ...shown, continueWith: [redirectTo(target), ...verification] };
}

const setToken = ({ token }: IssuedSession) => ({
  action: { case: "setOrySessionToken" as const, value: { orySessionToken: token } },
});
