import { LoginService } from "#gen/ostiary/public/v1/login_service_pb.js";
import type { CreateBrowserLoginFlowRequest } from "#gen/ostiary/public/v1/login_service_pb.js";
import type { CreateNativeLoginFlowRequest } from "#gen/ostiary/public/v1/login_service_pb.js";
import { LoginFlowSchema } from "#gen/ostiary/type/v1/flow_pb.js";
import type { Context } from "../../context.ts";
import { randomToken } from "../../crypto/token.ts";
import { isUuid } from "../../db/id.ts";
import { ErrorReason, problem, reasonOf } from "../../errors.ts";
import { ensureCsrfToken, renewCsrfToken } from "../../flow/csrf.ts";
import { uiLocation } from "../../flow/engine.ts";
import type { FlowEngine, FlowInit } from "../../flow/engine.ts";
import type { Flow } from "../../flow/flow.ts";
import { assertReturnTo, destination } from "../../flow/return-to.ts";
import { assertSelectableSchema } from "../../flow/registration-schema.ts";
import { identityById } from "../../identity/statements.ts";
import { defineService } from "../../server/dispatch.ts";
import { setSessionCookie } from "../../session/carrier.ts";
import { currentSession } from "../../session/current.ts";
import type { IssuedSession } from "../../session/issue.ts";
import { sessionById } from "../../session/statements.ts";
import { presentLoginFlow } from "../present-flow.ts";
import { presentSession } from "../present-session.ts";
import { browser } from "./browser.ts";
import { refuseSubmission, submittedFlowId } from "./submission.ts";

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
  if ("loginChallenge" in request && request.loginChallenge)
    throw problem(ErrorReason.MISCONFIGURED, { reason: "No OAuth 2 provider is configured." });
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
    ...(session && request.refresh && { internal: await knownTo(ctx, session.identity.id) }),
    ...exchange(request),
  } satisfies FlowInit);
}

/** Whoever confirms who they are is asked for what they have, and not for their name again. */
async function knownTo(ctx: Context, identityId: string): Promise<Record<string, unknown>> {
  const { credentials = [] } = (await identityById(ctx.db, identityId)) ?? {};
  const setUp = credentials.filter(({ config }) => Object.keys(config).length > 0);
  const identifier = setUp.find(({ type }) => type === "password")?.identifiers[0];
  return { methods: setUp.map(({ type }) => type), ...(identifier && { identifier }) };
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
  const session = presentSession((await sessionById(ctx.db, issued.id))!, ctx.config, ctx.now());
  if (flow.type === "api") return { session, sessionToken: issued.token, continueWith: [] };
  setSessionCookie(ctx, issued.token, issued.expiresAt);
  renewCsrfToken(ctx);
  const { after } = ctx.config.selfservice.flows.login;
  const own = after[flow.active as "password"]?.default_browser_return_url;
  const target = destination(ctx, flow.returnTo, own, after.default_browser_return_url);
  ctx.call.reply.redirect = target;
  return { session, continueWith: [redirectTo(target)] };
}

/** The continue_with entry that sends a single-page app's browser somewhere. */
export const redirectTo = (url: string) => ({
  action: { case: "redirectBrowserTo" as const, value: { redirectBrowserTo: url } },
});
