import type { Context } from "../context.ts";
import { ErrorReason, problem } from "../errors.ts";
import { identityById } from "../identity/statements.ts";
import { assertOwn } from "../session/act.ts";
import { actInSession, currentSession } from "../session/current.ts";
import type { SessionRow } from "../session/statements.ts";
import type { SessionMethod } from "../session/entities.ts";
import { issueSession, sessionToBe } from "../session/issue.ts";
import { confirmSession } from "../session/renew.ts";
import { byOwner } from "../session/repository.ts";
import type { IssuedSession } from "../session/issue.ts";
import {
  accountDisabled,
  alreadySignedIn,
  invalidSubmission,
  loginFlowExpired,
  noLoginStrategy,
  noMethodAvailable,
  reauthenticate,
  secondFactorNeeded,
} from "../ui/messages.ts";
import type { Message } from "../ui/message.ts";
import { hidden } from "../ui/node.ts";
import type { Attempt, FlowView } from "../flow/attempt.ts";
import { audit } from "../flow/audit.ts";
import type { Completed, RenderedForm } from "../flow/definition.ts";
import { renderMethods } from "../flow/render-methods.ts";
import { createFlowEngine } from "../flow/engine.ts";
import type { FlowEngine } from "../flow/engine.ts";
import type { Flow, Memory } from "../flow/flow.ts";
import type { HookEvent } from "../flow/hook.ts";
import type { HookRunner } from "../flow/hook-runner.ts";
import { updateFlow } from "../flow/repository.ts";
import type { Complaint, Proof, Refusal } from "../flow/results.ts";
import type { Method, Strategies, Strategy } from "../flow/strategy.ts";
import { orderNodes } from "../flow/order-nodes.ts";
import { isTestLogin } from "../flow/test-login.ts";
import type { FindEngine } from "../flow/engine-parts.ts";
import { endFactorFailures } from "../identity/factors.ts";
import { identified } from "../proof/identified.ts";
import { linking } from "../proof/linking.ts";
import { prepareMailedLogin } from "../proof/mailed-login.ts";
import { advance } from "../flow/progress.ts";
import { renewCsrfToken } from "../flow/csrf.ts";
import { linkAtLogin } from "./link-at-login.ts";
import { linkingMessage, linkingNodes } from "./linking-form.ts";
import { raiseAlarm } from "./failed-login-alarm.ts";
import { savePendingLink } from "./pending-link.ts";

/** What login ends with. */
export interface SignedIn extends IssuedSession {
  /** The flow in which a second factor has to be proved before all is done that this one was for. */
  readonly next?: string;
}

/** Login: a passed submission opens a session. */
export function loginEngine(
  strategies: Strategies,
  hookRunner: HookRunner,
  engineOf: FindEngine,
): FlowEngine<"login", SignedIn> {
  const engine: FlowEngine<"login", SignedIn> = createFlowEngine<"login", SignedIn>({
    definition: {
      kind: "login",
      noStrategy: noLoginStrategy(),
      lifespanMs: ({ config }) => config.selfservice.flows.login.lifespan,
      form: loginForm,
      admit,
      load,
      fits,
      namesMethod: () => true,
      expired: loginFlowExpired,
      failed: raiseAlarm,
      complete: (ctx, view, { name }, proof) => complete(ctx, view, name, proof, { hookRunner, engine }),
    },
    strategies,
    hookRunner,
    engineOf,
  });
  return engine;
}

interface Dependencies {
  readonly hookRunner: HookRunner;
  readonly engine: FlowEngine<"login", SignedIn>;
}

/** A method adds what the flow asks for; only one can try a provider out. */
const fits = ({ config }: Context, flow: Flow, { name, aal }: Strategy<Method>): boolean =>
  aal(config) === flow.requestedAal && (!isTestLogin(flow) || name === "oidc");

/** Somebody who is signed in has nothing to submit, unless to confirm who they are or to step up to a higher level. */
async function admit(ctx: Context, flow: Flow): Promise<readonly Complaint[]> {
  if (isTestLogin(flow)) return [];
  const session = await currentSession(ctx);
  if (!session) {
    if (flow.requestedAal > 1)
      throw problem(ErrorReason.SESSION_AAL1_REQUIRED, { reason: "A second factor requires a session." });
    return [];
  }
  if (flow.refresh || flow.requestedAal > 1) assertOwn(session);
  if (flow.refresh || session.aal < flow.requestedAal) return [];
  if (ctx.call.isNavigation) throw problem(ErrorReason.SESSION_ALREADY_AVAILABLE, { reason: alreadySignedIn });
  return [{ message: invalidSubmission(alreadySignedIn) }];
}

/**
 * Whoever confirms who they are is asked for what they have, and not for their name again; a second factor is one of
 * the account's own.
 */
async function load(ctx: Context, flow: Flow): Promise<Attempt & { readonly memory?: Memory }> {
  if (isTestLogin(flow) || (!flow.refresh && flow.requestedAal === 1)) return {};
  const session = await currentSession(ctx);
  const account = session && (await identityById(ctx, session.identity.id));
  if (!account) return {};
  if (flow.requestedAal > 1) return { account };
  const setUp = account.credentials.filter(({ config }) => Object.keys(config).length > 0);
  const named = setUp.find(({ type }) => type === "password") ?? setUp.find(({ type }) => type === "code");
  const identifier = named?.identifiers[0];
  return {
    account,
    memory: identified.with({ methods: setUp.map(({ type }) => type), ...(identifier && { identifier }) }),
  };
}

/** Shows the steps of the methods that fit: the level asked for, and the screen that the flow has come to. */
async function loginForm(
  ctx: Context,
  view: FlowView<"login">,
  strategies: Strategies,
): Promise<RenderedForm<"login">> {
  const { flow } = view;
  const token = hidden("default", "csrf_token", "", { required: true });
  const { nodes, memory } = await renderMethods(ctx, view, strategies, (strategy) => fits(ctx, flow, strategy), [
    token,
  ]);
  if (isTestLogin(flow)) return { form: { nodes, messages: [] }, memory };
  const wanted = flow.requestedAal === 1 ? linking.of(flow) : undefined;
  if (wanted)
    return {
      form: { nodes: orderNodes("login", linkingNodes(nodes, wanted)), messages: [linkingMessage(ctx, wanted)] },
      memory,
    };
  const empty = nodes.length === 1 && flow.requestedAal === 1;
  const messages = empty ? [noMethodAvailable()] : greeting(flow);
  return { form: { nodes: orderNodes("login", nodes), messages }, memory };
}

function greeting({ refresh, requestedAal }: Flow): Message[] {
  if (refresh) return [reauthenticate()];
  return requestedAal > 1 ? [secondFactorNeeded()] : [];
}

async function complete(
  ctx: Context,
  view: FlowView<"login">,
  name: string,
  { identityId, active, method }: Proof,
  { hookRunner, engine }: Dependencies,
): Promise<Completed<"login", SignedIn> | Refusal> {
  if (!active) return { complaints: [{ message: accountDisabled() }] };
  const before = await currentSession(ctx);
  const same = before?.identity.id === identityId ? before : undefined;
  const event = await eventOf(ctx, view, method.method, hookRunner, identityId, [...(same?.methods ?? []), method]);
  const reviewed = event && (await hookRunner.review(ctx, event));
  if (reviewed && "complaints" in reviewed) return reviewed;
  const linked = await linkAtLogin(ctx, view.flow, identityId, [...(same?.methods ?? []), method]);
  if (linked.kind === "refused") return linked;
  const also = linked.kind === "linked" ? [linked.method] : [];
  const flow = linked.kind === "linked" ? advance(view.flow, { memory: linked.memory }) : view.flow;
  const cause = { reason: `login.${name}` } as const;
  if (event) await prepareMailedLogin(ctx, flow.oauth2LoginChallenge);
  const written = await ctx.tx(async (tx) => {
    // Whoever signs in as somebody else leaves the session behind and gets one of their own.
    const issued = same
      ? await confirmSession(tx, withMethods(same, also), flow.type === "api", method, byOwner(same, cause.reason))
      : await issueSession(tx, identityId, [method, ...also], cause);
    if (method.aal === "aal2") await endFactorFailures(tx, identityId);
    await audit(tx, view, { outcome: "passed", method: name, identityId, sessionId: issued.id });
    const attempt = event ? await hookRunner.within(tx, atSession(event, issued)) : view.attempt;
    const waits = linked.kind === "waiting" && flow.type === "api";
    const memory = waits ? await savePendingLink(tx, flow, identityId, issued.id) : {};
    return { flow: await updateFlow(tx, advance(flow, { memory })), attempt, completion: issued };
  });
  const attempt = event
    ? await hookRunner.after(ctx, { ...atSession(event, written.completion), attempt: written.attempt })
    : written.attempt;
  if (linked.kind !== "waiting" || flow.type === "api") return { ...written, attempt };
  const next = await stepUp(engine, ctx, flow, written.completion, linked.memory);
  return { ...written, attempt, completion: { ...written.completion, next } };
}

const withMethods = (session: SessionRow, more: readonly SessionMethod[]): SessionRow => ({
  ...session,
  methods: [...session.methods, ...more],
});

/** Begins the flow in which whoever has just signed in proves a second factor. */
async function stepUp(
  engine: FlowEngine<"login", SignedIn>,
  ctx: Context,
  { type, requestUrl, returnTo, organizationId, oauth2LoginChallenge }: Flow<"login">,
  { token }: IssuedSession,
  memory: Memory,
): Promise<string> {
  // The browser gets a new token with its session, and the form has to know it; its nodes are those of the account.
  renewCsrfToken(ctx);
  actInSession(ctx, token);
  const init = { type, requestUrl, returnTo, organizationId, oauth2LoginChallenge, requestedAal: 2 as const, memory };
  return (await engine.create(ctx, init)).flow.id;
}

type LoginEvent = HookEvent & Required<Pick<HookEvent, "identity" | "session">>;

/** The event, once the session has an id. */
const atSession = (event: LoginEvent, { id }: IssuedSession): LoginEvent => ({
  ...event,
  session: { ...event.session, id },
});

/** What hooks are told of a sign-in; put together only where there are any. */
async function eventOf(
  ctx: Context,
  { flow, attempt }: FlowView<"login">,
  method: string,
  hookRunner: HookRunner,
  identityId: string,
  methods: readonly SessionMethod[],
): Promise<LoginEvent | undefined> {
  if (!hookRunner.attend(ctx, { flow, method })) return undefined;
  const identity = attempt.account?.id === identityId ? attempt.account : await identityById(ctx, identityId);
  if (!identity) throw problem(ErrorReason.NOT_FOUND);
  return { flow, attempt, method, identity, session: sessionToBe(ctx, identity, methods) };
}
