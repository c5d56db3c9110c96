import type { Context } from "../context.ts";
import { noteEvent } from "../tracing/active-span.ts";
import { withMessages } from "../ui/form.ts";
import type { Message } from "../ui/message.ts";
import type { Attempt, FlowView } from "./attempt.ts";
import { openExchange } from "./exchange.ts";
import type { Flow, Memory } from "./flow.ts";
import { nameOfBeginning } from "./kinds.ts";
import type { FlowKind } from "./kinds.ts";
import { newFlow } from "./new-flow.ts";
import type { FlowInit } from "./new-flow.ts";
import { assertMayBegin } from "./new-rows.ts";
import { advance } from "./progress.ts";
import { replacedError } from "./replacement.ts";
import { insertFlow } from "./repository.ts";
import { isTestLogin } from "./test-login.ts";
import { allOf, stepOf } from "./strategy.ts";
import type { EngineParts } from "./engine-parts.ts";

/** Begins a flow, whose form may have something to say from the start. */
export async function beginFlow<K extends FlowKind, C>(
  parts: EngineParts<K, C>,
  ctx: Context,
  init: FlowInit,
  greeting?: Message,
): Promise<FlowView<K>> {
  // What greets is the end of another flow, which has been counted.
  if (!greeting) assertMayBegin(ctx);
  const view = await renderFirst(parts, ctx, init);
  const begun = greeting ? { ...view, flow: greeted(view.flow, greeting) } : await tellBegun(parts, ctx, view);
  await insertFlow(ctx, begun.flow);
  if (!greeting) noteBegun(begun.flow);
  const { exchangeCode } = init;
  if (exchangeCode === undefined) return begun;
  await openExchange(ctx, begun.flow);
  return { ...begun, attempt: { ...begun.attempt, exchangeCode } };
}

function noteBegun({ kind, id, type, refresh, requestedAal, organizationId }: Flow): void {
  const begins = nameOfBeginning(kind);
  if (begins)
    noteEvent(begins, () => ({
      FlowID: id,
      SelfServiceFlowType: type,
      FlowRefresh: refresh,
      FlowRequestedAAL: `aal${requestedAal}`,
      OrganizationID: organizationId ?? undefined,
    }));
}

/** A flow with its first form, of which nobody knows yet. */
export async function renderFirst<K extends FlowKind, C>(
  { definition, strategies }: EngineParts<K, C>,
  ctx: Context,
  init: FlowInit,
): Promise<FlowView<K>> {
  const { flow, attempt } = await loadFlow(
    definition,
    ctx,
    newFlow(ctx, definition.kind, init, { lifespanMs: definition.lifespanMs(ctx) }),
  );
  return { flow: advance(flow, await definition.form(ctx, { flow, attempt }, strategies)), attempt };
}

/** Looks up what is not stored with a flow. */
export async function loadFlow<K extends FlowKind, C>(
  definition: EngineParts<K, C>["definition"],
  ctx: Context,
  flow: Flow<K>,
): Promise<FlowView<K>> {
  const { memory, ...attempt }: Attempt & { readonly memory?: Memory } = (await definition.load?.(ctx, flow)) ?? {};
  return { flow: memory ? advance(flow, { memory }) : flow, attempt };
}

/** Hooks see a flow begin; one that takes the place of another is no new beginning, and one that signs nobody in none either. */
async function tellBegun<K extends FlowKind, C>(
  parts: EngineParts<K, C>,
  ctx: Context,
  view: FlowView<K>,
): Promise<FlowView<K>> {
  if (isTestLogin(view.flow)) return view;
  const { account } = view.attempt;
  await parts.hookRunner.before(ctx, { ...view, ...(account && { identity: account }) });
  return takeFirstStep(parts, ctx, view);
}

/** Lets a method take the first step where it is the only one. */
export async function takeFirstStep<K extends FlowKind, C>(
  { definition, strategies }: EngineParts<K, C>,
  ctx: Context,
  view: FlowView<K>,
): Promise<FlowView<K>> {
  const { flow, attempt } = view;
  for (const strategy of allOf(strategies)) {
    if (!strategy.enabled(ctx.config, definition.kind) || !definition.fits(ctx, flow, strategy)) continue;
    const started = await stepOf(strategy, definition.kind)?.start?.(ctx, flow, attempt);
    if (started) return { flow: advance(flow, { ...started, active: strategy.name }), attempt };
  }
  return view;
}

/** Begins another flow in the place of one that cannot go on, and makes the error that tells of it. */
export async function replaceFlow<K extends FlowKind, C>(
  parts: EngineParts<K, C>,
  ctx: Context,
  flow: Flow<K>,
  why?: Message,
): Promise<Error> {
  assertMayBegin(ctx);
  const { definition } = parts;
  const { type, requestUrl, returnTo, requestedAal, refresh, identityId, identitySchema, organizationId } = flow;
  const { oauth2LoginChallenge } = flow;
  const init = {
    ...{ type, requestUrl, returnTo, requestedAal, refresh, identityId, identitySchema, organizationId },
    oauth2LoginChallenge,
    ...(isTestLogin(flow) && { testProvider: flow.testProvider, unowned: true }),
  };
  const next = await beginFlow(
    parts,
    ctx,
    { ...init, ...definition.heir?.(flow) },
    why ?? definition.expired(flow.expiresAt),
  );
  return (definition.replaced ?? replacedError)(ctx, flow, next.flow, !why);
}

const greeted = <K extends FlowKind>(flow: Flow<K>, message: Message): Flow<K> =>
  advance(flow, { form: withMessages(flow.ui, [{ message }]) });
