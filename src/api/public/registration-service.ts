import { RegistrationService } from "#gen/ostiary/public/v1/registration_service_pb.js";
import type { CreateBrowserRegistrationFlowRequest } from "#gen/ostiary/public/v1/registration_service_pb.js";
import type { CreateNativeRegistrationFlowRequest } from "#gen/ostiary/public/v1/registration_service_pb.js";
import { RegistrationFlowSchema } from "#gen/ostiary/type/v1/flow_pb.js";
import type { Context } from "../../context.ts";
import { isUuid } from "../../db/id.ts";
import type { FlowEngine } from "../../flow/engine.ts";
import { newInitCode } from "../../flow/exchange-codes.ts";
import { assertSelectableSchema } from "../../flow/flow-schema.ts";
import { assertReturnTo } from "../../flow/return-to.ts";
import type { Registered } from "../../flows/registration.ts";
import { afterVerification } from "../../flows/start-verification.ts";
import { assertMayRegister, followInvitation } from "../../proof/invited.ts";
import { defineService } from "../../server/dispatch.ts";
import { currentSession } from "../../session/current.ts";
import type { IssuedSession } from "../../session/issue.ts";
import { presentRegistrationFlow } from "../present-flow.ts";
import { alreadySignedIn } from "./already-signed-in.ts";
import { browser } from "./browser.ts";
import { assertLoginChallenge } from "./login-challenge.ts";
import { serveFlows } from "./self-service.ts";
import type { Done } from "./self-service.ts";
import { signedIn } from "./signed-in.ts";
import { signedUp } from "./signed-up.ts";
import { submittedFlowId } from "./submission.ts";

type Begin = CreateBrowserRegistrationFlowRequest | CreateNativeRegistrationFlowRequest;

/** What clients do with registration flows. */
export const registrationFlows = (engine: FlowEngine<"registration", Registered>) =>
  serveFlows({
    engine,
    schema: RegistrationFlowSchema,
    present: presentRegistrationFlow,
    init,
    completed: signedUp,
    handedOver: signedInInstead,
  });

/** Serves registration_service.proto. */
export const registrationService = (flows: ReturnType<typeof registrationFlows>) =>
  defineService(RegistrationService, {
    createBrowserRegistrationFlow: flows.begin,
    createNativeRegistrationFlow: flows.beginNative,
    getRegistrationFlow: flows.show,
    updateRegistrationFlow: browser(async ({ flow, submission }, ctx) =>
      flows.submit(ctx, submittedFlowId(flow), submission),
    ),
  });

/** Whoever turned out to be known is signed in. */
async function signedInInstead(ctx: Context, done: Done<unknown>) {
  const { session, sessionToken, continueWith } = await signedIn(ctx, done as Done<IssuedSession>);
  return { session, identity: session?.identity, ...(sessionToken && { sessionToken }), continueWith };
}

async function init(ctx: Context, request: Begin) {
  const invited = request.invitation ? await followInvitation(ctx, request.invitation) : undefined;
  assertMayRegister(ctx, { memory: { ...invited?.memory } });
  if (request.returnTo) assertReturnTo(ctx, request.returnTo);
  const after = "afterVerificationReturnTo" in request ? request.afterVerificationReturnTo : "";
  if (after) assertReturnTo(ctx, after);
  await assertSelectableSchema(ctx, request.identitySchema);
  if ("loginChallenge" in request) assertLoginChallenge(request.loginChallenge);
  if (await currentSession(ctx)) throw alreadySignedIn(ctx, request.returnTo);
  const exchanges = "returnSessionTokenExchangeCode" in request && request.returnSessionTokenExchangeCode;
  return {
    returnTo: request.returnTo || (invited?.row.returnTo ?? null),
    organizationId: isUuid(request.organization) ? request.organization : null,
    // What an invitation is for stands in it.
    identitySchema: (invited?.row.schemaId ?? request.identitySchema) || null,
    memory: { ...invited?.memory, ...(after && afterVerification.with({ returnTo: after })) },
    ...(exchanges && { exchangeCode: newInitCode() }),
  };
}
