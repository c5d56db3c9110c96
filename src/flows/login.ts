import type { Context } from "../context.ts";
import { ErrorReason, problem } from "../errors.ts";
import { identityById } from "../identity/statements.ts";
import { currentSession } from "../session/current.ts";
import type { SessionMethod } from "../session/entities.ts";
import { issueSession, sessionToBe } from "../session/issue.ts";
import { confirmSession } from "../session/renew.ts";
import type { IssuedSession } from "../session/issue.ts";
import { endFactorFailures } from "../throttle/second-factor-guess.ts";
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
import { mergeNodes, orderNodes } from "../ui/form.ts";
import { createFlowEngine } from "../flow/engine.ts";
import type { FlowEngine } from "../flow/engine.ts";
import type { Flow } from "../flow/flow.ts";
import type { Reactions } from "../flow/reactions.ts";
import { updateFlow } from "../flow/repository.ts";
import type { Complaint, Method, Proof, Strategies, Strategy } from "../flow/strategy.ts";

/** Login: a passed submission opens a session. */
export const loginEngine = (strategies: Strategies, reactions: Reactions): FlowEngine<"login", IssuedSession> =>
  createFlowEngine<"login", IssuedSession>(
    {
      kind: "login",
      initialState: "choose_method",
      noStrategy: noLoginStrategy(),
      lifespanMs: ({ config }) => config.selfservice.flows.login.lifespan,
      form: loginForm,
      admit,
      load,
      fits: ({ config }, flow, strategy) => strategy.aal(config) === flow.requestedAal,
      namesMethod: () => true,
      expired: loginFlowExpired,
      complete: (ctx, flow, strategy, proof) => complete(ctx, flow, strategy, proof, reactions),
    },
    strategies,
    reactions,
  );

/** Somebody who is signed in has nothing to submit, unless to confirm who they are or to climb to a higher level. */
async function admit(ctx: Context, flow: Flow): Promise<readonly Complaint[]> {
  const session = await currentSession(ctx);
  if (!session) {
    if (flow.requestedAal > 1)
      throw problem(ErrorReason.SESSION_AAL1_REQUIRED, { reason: "A second factor needs a session to add to." });
    return [];
  }
  if (flow.refresh || session.aal < flow.requestedAal) return [];
  if (ctx.call.navigates) throw problem(ErrorReason.SESSION_ALREADY_AVAILABLE, { reason: alreadySignedIn });
  return [{ message: invalidSubmission(alreadySignedIn) }];
}

/**
 * Whoever confirms who they are is asked for what they have, and not for their name again; a second factor is one of
 * the account's own.
 */
async function load(ctx: Context, flow: Flow): Promise<void> {
  if (!flow.refresh && flow.requestedAal === 1) return;
  const session = await currentSession(ctx);
  flow.account = session && (await identityById(ctx, session.identity.id));
  if (!flow.account || flow.requestedAal > 1) return;
  const setUp = flow.account.credentials.filter(({ config }) => Object.keys(config).length > 0);
  const named = setUp.find(({ type }) => type === "password") ?? setUp.find(({ type }) => type === "code");
  const identifier = named?.identifiers[0];
  flow.internal = { ...flow.internal, methods: setUp.map(({ type }) => type), ...(identifier && { identifier }) };
}

/** Shows the steps of the methods that fit: the level asked for, and the screen that the flow has come to. */
async function loginForm(ctx: Context, flow: Flow, strategies: Strategies): Promise<Flow["ui"]> {
  const nodes = [hidden("default", "csrf_token", "", { required: true })];
  for (const strategy of Object.values(strategies) as Strategy<Method>[]) {
    const fits = strategy.enabled(ctx.config, "login") && strategy.aal(ctx.config) === flow.requestedAal && strategy.login;
    if (fits) mergeNodes(nodes, await strategy.login!.render(ctx, flow));
  }
  const empty = nodes.length === 1 && flow.requestedAal === 1;
  return {
    nodes: orderNodes("login", nodes),
    messages: empty ? [noMethodAvailable()] : greeting(flow),
  };
}

function greeting({ refresh, requestedAal }: Flow): Message[] {
  if (refresh) return [reauthenticate()];
  return requestedAal > 1 ? [secondFactorNeeded()] : [];
}

async function complete(
  ctx: Context,
  flow: Flow,
  strategy: Strategy<Method>,
  { identityId, active }: Proof,
  reactions: Reactions,
): Promise<IssuedSession | { readonly complaints: readonly Complaint[] }> {
  if (!active) return { complaints: [{ message: accountDisabled() }] };
  const method = {
    method: strategy.name,
    aal: `aal${strategy.aal(ctx.config)}` as const,
    completed_at: ctx.now().toISOString(),
  };
  const before = await currentSession(ctx);
  const same = before?.identity.id === identityId ? before : undefined;
  const occasion = await occasionOf(ctx, flow, strategy.name, reactions, identityId, [...(same?.methods ?? []), method]);
  const reviewed = occasion && (await reactions.review(ctx, occasion));
  if (reviewed && "complaints" in reviewed) return reviewed;
  const issued = await ctx.tx(async (tx) => {
    // Whoever signs in as somebody else leaves the session behind and gets one of their own.
    const session = same
      ? await confirmSession(tx, same, flow.type === "api", method)
      : await issueSession(tx, identityId, [method]);
    if (method.aal === "aal2") await endFactorFailures(tx, identityId);
    if (occasion) await reactions.within(tx, { ...occasion, session: { ...occasion.session, id: session.id } });
    await updateFlow(tx, flow);
    return session;
  });
  if (occasion) await reactions.after(ctx, { ...occasion, session: { ...occasion.session, id: issued.id } });
  return issued;
}

/** What hooks are told of a sign-in; put together only where there are any. */
async function occasionOf(
  ctx: Context,
  flow: Flow,
  method: string,
  reactions: Reactions,
  identityId: string,
  methods: readonly SessionMethod[],
) {
  if (!reactions.attend(ctx, { flow, method })) return undefined;
  const identity = flow.account?.id === identityId ? flow.account : await identityById(ctx, identityId);
  if (!identity) throw problem(ErrorReason.NOT_FOUND);
  return { flow, method, identity, session: sessionToBe(ctx, identity, methods) };
}
