import type { Context } from "../context.ts";
import { ErrorReason, problem } from "../errors.ts";
import { revokeOtherSessions } from "../session/repository.ts";
import { currentSession } from "../session/current.ts";
import { issueSession } from "../session/issue.ts";
import type { IssuedSession } from "../session/issue.ts";
import { transactional } from "../db/retry.ts";
import {
  accountDisabled,
  alreadySignedIn,
  loginFlowExpired,
  noLoginStrategy,
  noMethodAvailable,
  reauthenticate,
} from "../ui/messages.ts";
import { hidden } from "../ui/node.ts";
import { mergeNodes, orderNodes } from "../ui/form.ts";
import { createFlowEngine } from "./engine.ts";
import type { FlowEngine } from "./engine.ts";
import type { Flow } from "./flow.ts";
import { hooksAfter } from "./hooks.ts";
import { updateFlowIn } from "./repository.ts";
import type { Method, Proof, Strategies, Strategy } from "./strategy.ts";

/** Login: a passed submission opens a session. */
export const loginEngine = (strategies: Strategies): FlowEngine<"login", IssuedSession> =>
  createFlowEngine<"login", IssuedSession>(
    {
      kind: "login",
      initialState: "choose_method",
      noStrategy: noLoginStrategy(),
      lifespanMs: ({ config }) => config.selfservice.flows.login.lifespan,
      form: loginForm,
      admit,
      expired: loginFlowExpired,
      complete,
    },
    strategies,
  );

/** Somebody who is signed in has nothing to submit, unless to confirm who they are or to climb to a higher level. */
async function admit(ctx: Context, flow: Flow): Promise<void> {
  const session = await currentSession(ctx);
  if (!session) {
    if (flow.requestedAal > 1)
      throw problem(ErrorReason.SESSION_AAL1_REQUIRED, { reason: "A second factor needs a session to add to." });
    return;
  }
  if (flow.refresh || session.aal < flow.requestedAal) return;
  throw problem(ErrorReason.SESSION_ALREADY_AVAILABLE, { reason: alreadySignedIn });
}

/** Shows the steps of the methods that fit: the level asked for, and the screen that the flow has come to. */
async function loginForm(ctx: Context, flow: Flow, strategies: Strategies): Promise<Flow["ui"]> {
  const nodes = [hidden("default", "csrf_token", "", { required: true })];
  for (const strategy of Object.values(strategies) as Strategy<Method>[]) {
    const fits = strategy.enabled(ctx.config) && strategy.aal === flow.requestedAal && strategy.login;
    if (fits) mergeNodes(nodes, await strategy.login!.render(ctx, flow));
  }
  const empty = nodes.length === 1 && flow.requestedAal === 1;
  return {
    nodes: orderNodes("login", nodes),
    messages: empty ? [noMethodAvailable()] : flow.refresh ? [reauthenticate()] : [],
  };
}

async function complete(
  ctx: Context,
  flow: Flow,
  strategy: Strategy<Method>,
  { identityId, active }: Proof,
) {
  if (!active) return { complaints: [{ message: accountDisabled() }] };
  const method = {
    method: strategy.name,
    aal: `aal${strategy.aal}` as const,
    completed_at: ctx.now().toISOString(),
  };
  return transactional(ctx.em, async (em) => {
    const session = await issueSession(ctx, em, identityId, [method]);
    if (hooksAfter(ctx, "login", strategy.name).includes("revoke_active_sessions"))
      await revokeOtherSessions(em, identityId, session.id, ctx.now());
    await updateFlowIn(em, flow, ctx.now());
    return session;
  });
}
