import type { Context } from "../context.ts";
import type { Message } from "../ui/message.ts";
import type { FlowView } from "./attempt.ts";
import { beginFlow, loadFlow, replaceFlow } from "./beginning.ts";
import type { CallbackState } from "./callback-state.ts";
import type { FlowDefinition } from "./definition.ts";
import type { Flow } from "./flow.ts";
import type { FlowKind, Submissions } from "./kinds.ts";
import type { FlowInit } from "./new-flow.ts";
import type { Outcome } from "./pipeline/outcome.ts";
import { follow, stopsOfCallback, stopsOfSubmission } from "./pipeline/stops.ts";
import { expiredOnFetch } from "./replacement.ts";
import { findFlow } from "./repository.ts";
import { actInNoSession } from "../session/current.ts";
import { beginInstead, takeOver } from "./takeover.ts";
import { assertMaySee } from "./test-login.ts";
import type { HandoverTarget, EngineParts } from "./engine-parts.ts";

/** Runs one kind of flow over the strategies that are enabled. */
export interface FlowEngine<K extends FlowKind, Completion> extends HandoverTarget {
  /** What is peculiar to its kind. */
  readonly definition: FlowDefinition<K, Completion>;
  /** Begins a flow, whose form may have something to say from the start. */
  create(ctx: Context, init: FlowInit, greeting?: Message): Promise<FlowView<K>>;
  /** The flow, for whoever may see it. */
  fetch(ctx: Context, id: string): Promise<FlowView<K>>;
  submit(ctx: Context, id: string, submission?: Submissions[K]): Promise<Outcome<Completion, K>>;
  /** Goes on when a client comes back from where a method has sent it. */
  resume(
    ctx: Context,
    state: CallbackState,
    parameters: Readonly<Record<string, string>>,
  ): Promise<Outcome<Completion, K>>;
  /** A flow that somebody goes on with by other means than a submission. */
  take(ctx: Context, id: string): Promise<Flow<K>>;
  /** Begins another flow in the place of one that cannot go on, and makes the error that tells of it. */
  replace(ctx: Context, flow: Flow<K>, why: Message): Promise<Error>;
}

/** Makes the engine of one kind of flow. Every rule that strategies must not forget is a stop on the way of a submission. */
export function createFlowEngine<K extends FlowKind, Completion>(
  parts: EngineParts<K, Completion>,
): FlowEngine<K, Completion> {
  const { definition } = parts;
  const { kind } = definition;
  return {
    definition,
    create: (ctx, init, greeting) => beginFlow(parts, ctx, init, greeting),

    async fetch(ctx, id) {
      const flow = await findFlow(ctx, kind, id);
      await definition.view?.(ctx, flow);
      assertMaySee(ctx, flow);
      if (flow.expiresAt <= ctx.now()) throw expiredOnFetch(ctx, flow, definition.expiredOnFetch);
      return loadFlow(definition, ctx, flow);
    },

    async submit(ctx, id, submission) {
      const flow = await findFlow(ctx, kind, id);
      return follow(stopsOfSubmission, {
        ctx,
        parts,
        flow,
        attempt: {},
        objections: [],
        ...(submission && { submission }),
      });
    },

    async resume(ctx, state, parameters) {
      const flow = await findFlow(ctx, kind, state.flowId);
      // The browser is not the client that the flow is of.
      if (flow.type === "api") actInNoSession(ctx);
      return follow(stopsOfCallback, {
        ctx,
        parts,
        flow,
        attempt: {},
        objections: [],
        callback: { state, at: state.at, parameters },
      });
    },

    async take(ctx, id) {
      const flow = await findFlow(ctx, kind, id);
      if (flow.expiresAt <= ctx.now()) throw await replaceFlow(parts, ctx, flow);
      return flow;
    },

    replace: (ctx, flow, why) => replaceFlow(parts, ctx, flow, why),
    takeOver: (ctx, from, strategy, handover) => takeOver(parts, ctx, from, strategy, handover),
    beginInstead: (ctx, from, strategy, detour) => beginInstead(parts, ctx, from, strategy, detour),
  };
}
