import { RegistrationService } from "#gen/ostiary/public/v1/registration_service_pb.js";
import type { CreateBrowserRegistrationFlowRequest } from "#gen/ostiary/public/v1/registration_service_pb.js";
import type { CreateNativeRegistrationFlowRequest } from "#gen/ostiary/public/v1/registration_service_pb.js";
import { RegistrationFlowSchema } from "#gen/ostiary/type/v1/flow_pb.js";
import type { Context } from "../../context.ts";
import { randomToken } from "../../crypto/token.ts";
import { isUuid } from "../../db/id.ts";
import { ErrorReason, problem } from "../../errors.ts";
import type { FlowEngine } from "../../flow/engine.ts";
import { assertSelectableSchema } from "../../flow/flow-schema.ts";
import { assertReturnTo } from "../../flow/return-to.ts";
import type { Registered } from "../../flows/registration.ts";
import { afterVerification } from "../../flows/start-verification.ts";
import { defineService } from "../../server/dispatch.ts";
import { currentSession } from "../../session/current.ts";
import { presentRegistrationFlow } from "../present-flow.ts";
import { alreadySignedIn } from "./already-signed-in.ts";
import { browser } from "./browser.ts";
import { assertLoginChallenge } from "./login-challenge.ts";
import { serveFlows } from "./self-service.ts";
import { signedUp } from "./signed-up.ts";
import { submittedFlowId } from "./submission.ts";

type Begin = CreateBrowserRegistrationFlowRequest | CreateNativeRegistrationFlowRequest;

/** Serves registration_service.proto. */
export function registrationService(engine: FlowEngine<"registration", Registered>) {
  const flows = serveFlows({
    engine,
    schema: RegistrationFlowSchema,
    present: presentRegistrationFlow,
    init,
    completed: signedUp,
    // Kratos answers a form that will not do by 302 here, by 303 everywhere else.
    rejectedBy: 302,
  });
  return defineService(RegistrationService, {
    createBrowserRegistrationFlow: flows.begin,
    createNativeRegistrationFlow: flows.beginNative,
    getRegistrationFlow: flows.show,
    updateRegistrationFlow: browser(async ({ flow, submission }, ctx) => flows.submit(ctx, submittedFlowId(flow), submission)),
  });
}

async function init(ctx: Context, request: Begin) {
  if (!ctx.config.selfservice.flows.registration.enabled)
    throw problem(ErrorReason.SELF_SERVICE_FLOW_DISABLED, { reason: "Registration is switched off here." });
  if (request.returnTo) assertReturnTo(ctx, request.returnTo);
  const after = "afterVerificationReturnTo" in request ? request.afterVerificationReturnTo : "";
  if (after) assertReturnTo(ctx, after);
  await assertSelectableSchema(ctx, request.identitySchema);
  if ("loginChallenge" in request) assertLoginChallenge(request.loginChallenge);
  if (await currentSession(ctx)) throw alreadySignedIn(ctx, request.returnTo);
  const exchanges = "returnSessionTokenExchangeCode" in request && request.returnSessionTokenExchangeCode;
  return {
    returnTo: request.returnTo || null,
    organizationId: isUuid(request.organization) ? request.organization : null,
    identitySchema: request.identitySchema || null,
    ...(after && { memory: afterVerification.with({ returnTo: after }) }),
    ...(exchanges && { sessionTokenExchangeCode: randomToken(64) }),
  };
}
