import type { Context } from "../context.ts";
import { withMessages } from "../ui/form.ts";
import type { Message } from "../ui/message.ts";
import type { Attempt, FlowView } from "./attempt.ts";
import { assertSameBrowser } from "./csrf.ts";
import type { FlowDefinition } from "./definition.ts";
import type { Flow, Memory } from "./flow.ts";
import type { FlowKind, Submissions } from "./kinds.ts";
import { newFlow } from "./new-flow.ts";
import type { FlowInit } from "./new-flow.ts";
import { assertMayBegin } from "./new-rows.ts";
import type { Outcome, Run, Works } from "./pipeline/run.ts";
import { follow, stopsOfSubmission } from "./pipeline/stops.ts";
import { advance } from "./progress.ts";
import type { Progress } from "./progress.ts";
import type { Reactions } from "./reactions.ts";
import { expiredOnFetch, replacedError } from "./replacement.ts";
import { findFlow, insertFlow } from "./repository.ts";
import { allOf, stepOf } from "./strategy.ts";
import type { Strategies } from "./strategy.ts";

/** Runs one kind of flow over the strategies that are enabled. */
export interface FlowEngine<K extends FlowKind, Completion> {
  /** What is peculiar to its kind. */
  readonly definition: FlowDefinition<K, Completion>;
  /** Begins a flow, whose form may have something to say from the start. */
  create(ctx: Context, init: FlowInit, greeting?: Message): Promise<FlowView<K>>;
  /** The flow, for whoever may see it. */
  fetch(ctx: Context, id: string): Promise<FlowView<K>>;
  submit(ctx: Context, id: string, submission?: Submissions[K]): Promise<Outcome<Completion, K>>;
  /** A flow that somebody goes on with by other means than a submission. */
  take(ctx: Context, id: string): Promise<Flow<K>>;
  /** Begins another flow in the place of one that cannot go on, and makes the error that tells of it. */
  replace(ctx: Context, flow: Flow<K>, why: Message): Promise<Error>;
}

/** Makes the engine of one kind of flow. Every rule that strategies must not forget is a stop on the way of a submission. */
export function createFlowEngine<K extends FlowKind, Completion>(
  definition: FlowDefinition<K, Completion>,
  strategies: Strategies,
  reactions: Reactions,
): FlowEngine<K, Completion> {
  const { kind } = definition;

  async function create(ctx: Context, init: FlowInit, greeting?: Message): Promise<FlowView<K>> {
    // What greets is the end of another flow, which has been counted.
    if (!greeting) assertMayBegin(ctx);
    const { flow: bare, attempt } = await loaded(ctx, newFlow(ctx, kind, init, { lifespanMs: definition.lifespanMs(ctx) }));
    const flow = advance(bare, await definition.form(ctx, { flow: bare, attempt }, strategies));
    const view = greeting ? { flow: greeted(flow, greeting), attempt } : await begun(ctx, { flow, attempt });
    await insertFlow(ctx, view.flow);
    return view;
  }

  /** Hooks see a flow begin; one that takes the place of another is no new beginning. */
  async function begun(ctx: Context, view: FlowView<K>): Promise<FlowView<K>> {
    const { account } = view.attempt;
    await reactions.before(ctx, { ...view, ...(account && { identity: account }) });
    return begin(ctx, view);
  }

  async function begin(ctx: Context, { flow, attempt }: FlowView<K>): Promise<FlowView<K>> {
    for (const strategy of allOf(strategies)) {
      if (!strategy.enabled(ctx.config, kind) || !definition.fits(ctx, flow, strategy)) continue;
      const started = await stepOf(strategy, kind)?.start?.(ctx, flow, attempt);
      if (started) return { flow: advance(flow, { ...started, active: strategy.name } as Progress<K>), attempt };
    }
    return { flow, attempt };
  }

  async function loaded(ctx: Context, flow: Flow<K>): Promise<FlowView<K>> {
    const { memory, ...attempt }: Attempt & { readonly memory?: Memory } = (await definition.load?.(ctx, flow)) ?? {};
    return { flow: advance(flow, { memory } as Progress<K>), attempt };
  }

  async function submit(ctx: Context, id: string, submission?: Submissions[K]): Promise<Outcome<Completion, K>> {
    const flow = await findFlow(ctx, kind, id);
    const start: Run<K, Completion> = { ctx, works, flow, attempt: {}, objections: [], ...(submission && { submission }) };
    return follow(stopsOfSubmission, start);
  }

  async function replace(ctx: Context, flow: Flow<K>, why?: Message): Promise<Error> {
    assertMayBegin(ctx);
    const { type, requestUrl, returnTo, requestedAal, refresh, identityId, identitySchema, organizationId } = flow;
    const init = { type, requestUrl, returnTo, requestedAal, refresh, identityId, identitySchema, organizationId };
    const next = await create(ctx, { ...init, ...definition.heir?.(flow) }, why ?? definition.expired(flow.expiresAt));
    return (definition.replaced ?? replacedError)(ctx, flow, next.flow, !why);
  }

  async function fetch(ctx: Context, id: string): Promise<FlowView<K>> {
    const flow = await findFlow(ctx, kind, id);
    await definition.view?.(ctx, flow);
    assertSameBrowser(ctx, flow);
    if (flow.expiresAt <= ctx.now()) throw expiredOnFetch(ctx, flow, definition.expiredOnFetch);
    return loaded(ctx, flow);
  }

  async function take(ctx: Context, id: string): Promise<Flow<K>> {
    const flow = await findFlow(ctx, kind, id);
    if (flow.expiresAt <= ctx.now()) throw await replace(ctx, flow);
    return flow;
  }

  const handOver: Works<K, Completion>["handOver"] = () => {
    throw new Error(`A flow of ${kind} cannot be handed over.`);
  };
  const works: Works<K, Completion> = { definition, strategies, begin, replace, handOver };
  return { definition, create, fetch, submit, take, replace };
}

const greeted = <K extends FlowKind>(flow: Flow<K>, message: Message): Flow<K> =>
  advance(flow, { form: withMessages(flow.ui, [{ message }]) } as Progress<K>);
