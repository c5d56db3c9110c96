import { LoginService } from "#gen/ostiary/public/v1/login_service_pb.js";
import type { CreateBrowserLoginFlowRequest } from "#gen/ostiary/public/v1/login_service_pb.js";
import type { CreateNativeLoginFlowRequest } from "#gen/ostiary/public/v1/login_service_pb.js";
import { LoginFlowSchema } from "#gen/ostiary/type/v1/flow_pb.js";
import type { Context } from "../../context.ts";
import { isUuid } from "../../db/id.ts";
import { ErrorReason, problem, reasonOf } from "../../errors.ts";
import type { FlowEngine } from "../../flow/engine.ts";
import { newInitCode } from "../../flow/exchange-codes.ts";
import { assertSelectableSchema } from "../../flow/flow-schema.ts";
import { assertReturnTo, destination } from "../../flow/return-to.ts";
import type { Registered } from "../../flows/registration.ts";
import { removeTestLogin } from "../../flows/remove-test-login.ts";
import { pendingLinkOf } from "../../flows/pending-link.ts";
import { requestedAddress } from "../../proof/requested-address.ts";
import { defineService } from "../../server/dispatch.ts";
import { assertOwn } from "../../session/act.ts";
import { currentSession } from "../../session/current.ts";
import type { IssuedSession } from "../../session/issue.ts";
import { presentLoginFlow } from "../present-flow.ts";
import { alreadySignedIn } from "./already-signed-in.ts";
import { browser } from "./browser.ts";
import { acceptAtOnce, needsNoForm, requestUrlFor, wantedLogin } from "./login-challenge.ts";
import { serveFlows } from "./self-service.ts";
import type { Done } from "./self-service.ts";
import { signedIn } from "./signed-in.ts";
import { signedUp } from "./signed-up.ts";
import { submittedFlowId } from "./submission.ts";

type Begin = CreateBrowserLoginFlowRequest | CreateNativeLoginFlowRequest;

/** What clients do with login flows. */
export const loginFlows = (engine: FlowEngine<"login", IssuedSession>) =>
  serveFlows({
    engine,
    schema: LoginFlowSchema,
    present: presentLoginFlow,
    init,
    completed: signedIn,
    notDone: goHome,
    handedOver: signedUpInstead,
  });

/** Serves login_service.proto. */
export const loginService = (flows: ReturnType<typeof loginFlows>) =>
  defineService(LoginService, {
    createBrowserLoginFlow: flows.begin,
    createNativeLoginFlow: flows.beginNative,
    getLoginFlow: flows.show,
    deleteTestLoginFlow: async ({ id }, ctx) => {
      if (!isUuid(id)) throw problem(ErrorReason.BAD_REQUEST, { reason: "The parameter id is missing, or no id." });
      await removeTestLogin(ctx, id);
      return {};
    },
    updateLoginFlow: browser(async ({ flow, submission }, ctx) => flows.submit(ctx, submittedFlowId(flow), submission)),
  });

/** Whoever turned out to be new is signed up, and signed in if the configuration wants it. */
async function signedUpInstead(ctx: Context, done: Done<unknown>) {
  const { session, sessionToken, continueWith } = await signedUp(ctx, done as Done<Registered>);
  return { ...(session && { session }), ...(sessionToken && { sessionToken }), continueWith };
}

async function init(ctx: Context, request: Begin, type: "browser" | "api") {
  const requestedAal = levelOf(request.aal);
  const wanted = type === "browser" ? await wantedLogin(ctx, request) : undefined;
  const { returnTo } = wanted ?? request;
  if (returnTo) assertReturnTo(ctx, returnTo);
  await assertSelectableSchema(ctx, request.identitySchema);
  const session = await currentSession(ctx);
  if (!session && requestedAal > 1)
    throw problem(ErrorReason.SESSION_AAL1_REQUIRED, { reason: "A second factor requires a session." });
  const refresh = request.refresh || Boolean(wanted && session && !needsNoForm(wanted, session));
  if (session && (refresh || wanted || requestedAal > 1)) assertOwn(session);
  if (session && !refresh && session.aal >= requestedAal)
    throw wanted ? await acceptAtOnce(ctx, wanted, session) : alreadySignedIn(ctx, returnTo);
  return {
    ...(wanted && { oauth2LoginChallenge: wanted.challenge, requestUrl: requestUrlFor(ctx, wanted) }),
    returnTo: returnTo || null,
    requestedAal,
    refresh: Boolean(session && refresh),
    organizationId: isUuid(request.organization) ? request.organization : null,
    identitySchema: request.identitySchema || null,
    memory: {
      ...(request.via && requestedAddress.with({ trait: request.via })),
      ...(session && requestedAal > 1 && type === "api" && (await pendingLinkOf(ctx, session))),
    },
    ...exchange(request),
  };
}

const exchange = (request: Begin) =>
  "returnSessionTokenExchangeCode" in request && request.returnSessionTokenExchangeCode
    ? { exchangeCode: newInitCode() }
    : {};

function levelOf(aal: string): 1 | 2 {
  const level = aal.toLowerCase();
  if (level === "" || level === "aal1") return 1;
  if (level === "aal2") return 2;
  throw problem(ErrorReason.BAD_REQUEST, {
    reason: `The parameter aal must be aal1 or aal2, not ${JSON.stringify(aal)}.`,
  });
}

/** A browser that submits a form although it is signed in has nothing to see there. */
function goHome(ctx: Context, error: unknown): never {
  if (reasonOf(error) === ErrorReason.SESSION_ALREADY_AVAILABLE && ctx.call.isNavigation)
    throw problem(ErrorReason.SESSION_ALREADY_AVAILABLE, { location: destination(ctx, null) });
  throw error;
}
