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
import { assertOwn } from "../../session/act.ts";
import { currentSession } from "../../session/current.ts";
import type { IssuedSession } from "../../session/issue.ts";
import { presentRegistrationFlow } from "../present-flow.ts";
import { alreadySignedIn } from "./already-signed-in.ts";
import { browser } from "./browser.ts";
import { acceptAtOnce, leadToLogin, needsNoForm, wantedLogin } from "./login-challenge.ts";
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
    createBrowserRegistrationFlow: browser(async (request, ctx) =>
      (await logsIn(ctx, request)) ? {} : flows.begin(request, ctx),
    ),
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

/** Whoever is signed in and comes for an authorization server logs in, unless they need not: there is nobody to sign up. */
async function logsIn(ctx: Context, request: CreateBrowserRegistrationFlowRequest): Promise<boolean> {
  const session = request.loginChallenge === undefined ? undefined : await currentSession(ctx);
  const wanted = session && (await wantedLogin(ctx, request));
  if (!wanted || needsNoForm(wanted, session)) return false;
  leadToLogin(ctx, wanted);
  return true;
}

async function init(ctx: Context, request: Begin) {
  const invited = request.invitation ? await followInvitation(ctx, request.invitation) : undefined;
  assertMayRegister(ctx, { memory: { ...invited?.memory } });
  const wanted = "loginChallenge" in request ? await wantedLogin(ctx, request) : undefined;
  const { returnTo } = wanted ?? request;
  if (returnTo) assertReturnTo(ctx, returnTo);
  const after = "afterVerificationReturnTo" in request ? request.afterVerificationReturnTo : "";
  if (after) assertReturnTo(ctx, after);
  await assertSelectableSchema(ctx, request.identitySchema);
  const session = await currentSession(ctx);
  if (session && wanted) assertOwn(session);
  if (session) throw wanted ? await acceptAtOnce(ctx, wanted, session) : alreadySignedIn(ctx, returnTo);
  const exchanges = "returnSessionTokenExchangeCode" in request && request.returnSessionTokenExchangeCode;
  return {
    ...(wanted && { oauth2LoginChallenge: wanted.challenge }),
    returnTo: returnTo || (invited?.row.returnTo ?? null),
    organizationId: isUuid(request.organization) ? request.organization : null,
    // What an invitation is for stands in it.
    identitySchema: (invited?.row.schemaId ?? request.identitySchema) || null,
    memory: { ...invited?.memory, ...(after && afterVerification.with({ returnTo: after })) },
    ...(exchanges && { exchangeCode: newInitCode() }),
  };
}
