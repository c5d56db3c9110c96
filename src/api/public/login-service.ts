import { LoginService } from "#gen/ostiary/public/v1/login_service_pb.js";
import type { CreateBrowserLoginFlowRequest } from "#gen/ostiary/public/v1/login_service_pb.js";
import type { CreateNativeLoginFlowRequest } from "#gen/ostiary/public/v1/login_service_pb.js";
import { LoginFlowSchema } from "#gen/ostiary/type/v1/flow_pb.js";
import type { Context } from "../../context.ts";
import { randomToken } from "../../crypto/token.ts";
import { isUuid } from "../../db/id.ts";
import { ErrorReason, problem, reasonOf } from "../../errors.ts";
import { ensureCsrfToken, renewCsrfToken } from "../../flow/csrf.ts";
import { uiLocation } from "../../flow/replacement.ts";
import type { FlowEngine } from "../../flow/engine.ts";
import type { FlowInit } from "../../flow/new-flow.ts";
import type { Flow } from "../../flow/flow.ts";
import { assertReturnTo, destination } from "../../flow/return-to.ts";
import { assertSelectableSchema } from "../../flow/flow-schema.ts";
import { defineService } from "../../server/dispatch.ts";
import { setSessionCookie } from "../../session/carrier.ts";
import { currentSession } from "../../session/current.ts";
import type { IssuedSession } from "../../session/issue.ts";
import { rememberDevice } from "../../session/known-device.ts";
import { meetsAal, secondFactorUrl } from "../../session/required-aal.ts";
import { sessionById } from "../../session/statements.ts";
import { presentLoginFlow } from "../present-flow.ts";
import { presentSession } from "../present-session.ts";
import { browser } from "./browser.ts";
import { assertLoginChallenge } from "./login-challenge.ts";
import { refuseSubmission, submittedFlowId } from "./submission.ts";
import { verificationUi } from "./verification-ui.ts";

type LoginEngine = FlowEngine<"login", IssuedSession>;
type Begin = CreateBrowserLoginFlowRequest | CreateNativeLoginFlowRequest;

/** Serves login_service.proto. */
export const loginService = (login: LoginEngine) =>
  defineService(LoginService, {
    createBrowserLoginFlow: browser(async (request, ctx) => {
      ensureCsrfToken(ctx);
      const flow = await begin(login, request, ctx, "browser");
      ctx.call.reply.redirect = uiLocation(ctx, "login", flow.id);
      return { flow: presentLoginFlow(ctx, flow) };
    }),

    createNativeLoginFlow: async (request, ctx) => ({
      flow: presentLoginFlow(ctx, await begin(login, request, ctx, "api")),
    }),

    getLoginFlow: async ({ id }, ctx) => {
      ensureCsrfToken(ctx);
      return { flow: presentLoginFlow(ctx, await login.fetch(ctx, id)) };
    },

    updateLoginFlow: browser(async ({ flow: id, submission }, ctx) => {
      const outcome = await login
        .submit(ctx, submittedFlowId(id), submission)
        .catch((error: unknown) => goHome(ctx, error));
      if (outcome.kind !== "completed")
        throw refuseSubmission(ctx, outcome, { desc: LoginFlowSchema, value: presentLoginFlow(ctx, outcome.flow) });
      return signedIn(ctx, outcome.flow, outcome.completion);
    }),
  });

async function begin(login: LoginEngine, request: Begin, ctx: Context, type: "browser" | "api"): Promise<Flow> {
  const requestedAal = levelOf(request.aal);
  if (request.returnTo) assertReturnTo(ctx, request.returnTo);
  await assertSelectableSchema(ctx, request.identitySchema);
  if ("loginChallenge" in request) assertLoginChallenge(request.loginChallenge);
  const session = await currentSession(ctx);
  if (!session && requestedAal > 1)
    throw problem(ErrorReason.SESSION_AAL1_REQUIRED, { reason: "A second factor needs a session to add to." });
  if (session && !request.refresh && session.aal >= requestedAal) throw alreadySignedIn(ctx, request.returnTo);
  return login.create(ctx, {
    type,
    requestUrl: ctx.call.url,
    returnTo: request.returnTo || null,
    requestedAal,
    refresh: Boolean(session && request.refresh),
    organizationId: isUuid(request.organization) ? request.organization : null,
    identitySchema: request.identitySchema || null,
    ...(request.via && { internal: { via: request.via } }),
    ...exchange(request),
  } satisfies FlowInit);
}

const exchange = (request: Begin) =>
  "returnSessionTokenExchangeCode" in request && request.returnSessionTokenExchangeCode
    ? { sessionTokenExchangeCode: randomToken(64) }
    : {};

function levelOf(aal: string): 1 | 2 {
  const level = aal.toLowerCase();
  if (level === "" || level === "aal1") return 1;
  if (level === "aal2") return 2;
  throw problem(ErrorReason.BAD_REQUEST, { reason: `The level ${JSON.stringify(aal)} is neither aal1 nor aal2.` });
}

/** Browsers that navigate are sent on, as if they had just signed in. */
export const alreadySignedIn = (ctx: Context, returnTo: string) =>
  problem(ErrorReason.SESSION_ALREADY_AVAILABLE, {
    reason: "Somebody is signed in already. Ask for refresh=true to confirm who it is.",
    location: destination(ctx, returnTo),
  });

/** A browser that submits a form although it is signed in has nothing to see there. */
function goHome(ctx: Context, error: unknown): never {
  if (reasonOf(error) === ErrorReason.SESSION_ALREADY_AVAILABLE && ctx.call.navigates)
    throw problem(ErrorReason.SESSION_ALREADY_AVAILABLE, { location: destination(ctx, null) });
  throw error;
}

async function signedIn(ctx: Context, flow: Flow, issued: IssuedSession) {
  const row = await sessionById(ctx, issued.id);
  // The account may be deleted by now.
  if (!row) throw problem(ErrorReason.RETRY);
  rememberDevice(ctx, row.identity.id, flow.type === "api");
  const sure = meetsAal(ctx, row, ctx.config.session.whoami.required_aal);
  const session = presentSession(row, ctx.config, ctx.now());
  // Who it is stays untold until the second factor has been proved.
  const verification = verificationUi(ctx, flow, flow.active ?? "");
  if (flow.type === "api")
    return { session: sure ? session : { ...session, identity: undefined }, sessionToken: issued.token, continueWith: verification };
  setSessionCookie(ctx, issued.token, issued.expiresAt);
  // Whoever was signed in before goes on with the forms that are open.
  if ((await currentSession(ctx))?.identity.id !== row.identity.id) renewCsrfToken(ctx);
  const target = sure ? landing(ctx, flow) : secondFactorUrl(ctx, flow.returnTo);
  ctx.call.reply.redirect = sure && verification.length ? flow.verification!.url : target;
  if (!sure && !ctx.call.navigates) throw problem(ErrorReason.BROWSER_LOCATION_CHANGE_REQUIRED, {
      reason: "The account has a second factor: send the browser on to prove it.",
      redirectBrowserTo: target,
    });
  return { session, continueWith: [redirectTo(target), ...verification] };
}

function landing(ctx: Context, flow: Flow): string {
  const { after } = ctx.config.selfservice.flows.login;
  const own = after[flow.active as "password"]?.default_browser_return_url;
  return destination(ctx, flow.returnTo, own, after.default_browser_return_url);
}

/** The continue_with entry that sends a single-page app's browser somewhere. */
export const redirectTo = (url: string) => ({
  action: { case: "redirectBrowserTo" as const, value: { redirectBrowserTo: url } },
});
