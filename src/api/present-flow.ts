import type { JsonObject, MessageInitShape } from "@bufbuild/protobuf";
import type { ContinueWithSchema } from "#gen/ostiary/type/v1/continue_with_pb.js";
import { FlowType } from "#gen/ostiary/type/v1/flow_pb.js";
import type {
  LoginFlowSchema,
  RegistrationFlowSchema,
  RecoveryFlowSchema,
  SettingsFlowSchema,
  VerificationFlowSchema,
} from "#gen/ostiary/type/v1/flow_pb.js";
import { AuthenticatorAssuranceLevel } from "#gen/ostiary/type/v1/session_pb.js";
import { createBoundedCache } from "../bounded-cache.ts";
import type { Context } from "../context.ts";
import { csrfTokenOf, maskCsrfToken } from "../flow/csrf.ts";
import type { FlowView } from "../flow/attempt.ts";
import type { Flow } from "../flow/flow.ts";
import { isTestLogin, storedTestResult, testLoginToken } from "../flow/test-login.ts";
import { knownLoginRequest } from "../oauth2/login-challenge.ts";
import { invitedBy } from "../proof/invited.ts";
import type { UiNode } from "../ui/node.ts";
import { presentIdentity } from "./present-identity.ts";
import { presentLoginRequest } from "./present-login-request.ts";
import { presentTime } from "./present-time.ts";
import { presentNode, presentText } from "./present-ui.ts";

/** Presents a login flow to the client that it belongs to. */
export function presentLoginFlow(ctx: Context, view: FlowView): MessageInitShape<typeof LoginFlowSchema> {
  const { flow } = view;
  return {
    ...presentCommon(ctx, view),
    ...presentChoices(ctx, view),
    createdAt: presentTime(flow.createdAt),
    updatedAt: presentTime(flow.updatedAt),
    refresh: flow.refresh,
    ...(flow.testProvider !== null && { testContext: presentTestLogin(flow, flow.testProvider) }),
    requestedAal: flow.requestedAal === 2 ? AuthenticatorAssuranceLevel.AAL2 : AuthenticatorAssuranceLevel.AAL1,
  };
}

function presentTestLogin(flow: Flow, providerId: string) {
  const debugPayload = storedTestResult.of(flow)?.shown as JsonObject | undefined;
  return { providerId, ...(debugPayload && { debugPayload }) };
}

/** Presents a registration flow to the client that it belongs to. */
export const presentRegistrationFlow = (
  ctx: Context,
  view: FlowView,
): MessageInitShape<typeof RegistrationFlowSchema> => {
  const invited = invitedBy(view.flow);
  return {
    ...presentCommon(ctx, view),
    ...presentChoices(ctx, view),
    ...(invited && { invitation: { via: invited.via, address: invited.address } }),
  };
};

/** Presents a settings flow to the person whose account it changes. */
export const presentSettingsFlow = (
  ctx: Context,
  { flow, attempt }: FlowView,
  continueWith: MessageInitShape<typeof ContinueWithSchema>[] = [],
): MessageInitShape<typeof SettingsFlowSchema> => ({
  ...presentCommon(ctx, { flow, attempt }),
  ...(flow.organizationId && { organizationId: flow.organizationId }),
  ...(attempt.account && { identity: presentIdentity(attempt.account, ctx.config) }),
  continueWith,
});

/** Presents a recovery flow to the client that it belongs to. */
export const presentRecoveryFlow = (
  ctx: Context,
  view: FlowView,
  continueWith: MessageInitShape<typeof ContinueWithSchema>[] = [],
): MessageInitShape<typeof RecoveryFlowSchema> => ({ ...presentCommon(ctx, view), continueWith });

/** Presents a verification flow to the client that it belongs to. */
export const presentVerificationFlow = (
  ctx: Context,
  view: FlowView,
): MessageInitShape<typeof VerificationFlowSchema> => presentCommon(ctx, view);

function presentCommon(ctx: Context, { flow, attempt: { transientPayload } }: FlowView) {
  return {
    id: flow.id,
    type: flow.type === "api" ? FlowType.API : FlowType.BROWSER,
    expiresAt: presentTime(flow.expiresAt),
    issuedAt: presentTime(flow.issuedAt),
    requestUrl: flow.requestUrl,
    ...(flow.returnTo && { returnTo: flow.returnTo }),
    ...(flow.active && { active: flow.active }),
    ui: presentForm(ctx, flow),
    state: flow.state,
    ...(transientPayload && { transientPayload: transientPayload as JsonObject }),
  };
}

function presentChoices(ctx: Context, { flow, attempt }: FlowView) {
  const { organizationId, identitySchema, oauth2LoginChallenge } = flow;
  const loginRequest = knownLoginRequest(ctx, oauth2LoginChallenge);
  return {
    ...(organizationId && { organizationId }),
    ...(identitySchema && { identitySchema }),
    ...(attempt.exchangeCode && { sessionTokenExchangeCode: attempt.exchangeCode }),
    ...(oauth2LoginChallenge && { oauth2LoginChallenge }),
    ...(loginRequest && { oauth2LoginRequest: presentLoginRequest(loginRequest) }),
  };
}

const actions = createBoundedCache<string, string>(256);

/** Where the forms of a kind of flow are submitted. */
function actionOf(base: string, kind: string): string {
  const key = `${kind} ${base}`;
  return actions.get(key) ?? actions.set(key, new URL(`self-service/${kind}`, base).href);
}

function presentForm(ctx: Context, flow: Flow) {
  const token = flow.type === "api" ? undefined : isTestLogin(flow) ? testLoginToken(ctx, flow) : csrfTokenOf(ctx);
  const shown = (node: UiNode) => presentNode(token && isCsrf(node) ? withToken(node, token) : node);
  return {
    action: flow.ui.action ?? `${actionOf(ctx.config.serve.public.base_url, flow.kind)}?flow=${flow.id}`,
    method: flow.ui.action === undefined ? "POST" : "GET",
    nodes: flow.ui.nodes.map(shown),
    messages: flow.ui.messages.map(presentText),
  };
}

const isCsrf = ({ attributes }: UiNode) => "name" in attributes && attributes.name === "csrf_token";

/** The token is not stored with the form: it is masked anew for each answer. */
const withToken = (node: UiNode, token: string): UiNode =>
  ({ ...node, attributes: { ...node.attributes, value: maskCsrfToken(token) } }) as UiNode;
