import type { Context } from "../context.ts";
import { ErrorReason, problem } from "../errors.ts";
import type { FlowView } from "./attempt.ts";
import { renderFirst } from "./beginning.ts";
import { passExchange } from "./exchange.ts";
import type { Flow } from "./flow.ts";
import type { FlowKind, Results } from "./kinds.ts";
import type { Outcome } from "./pipeline/outcome.ts";
import { follow, stopsOfHandover } from "./pipeline/stops.ts";
import { advance } from "./progress.ts";
import { insertFlow } from "./repository.ts";
import { stepOf } from "./strategy.ts";
import type { Method, Strategy } from "./strategy.ts";
import type { Detour, Handover, Verdict } from "./verdict.ts";
import type { EngineParts } from "./engine-parts.ts";

/** Goes on in the place of a flow of another kind, with what its method has found out, and completes if nothing is in the way. */
export async function takeOver<K extends FlowKind, C>(
  parts: EngineParts<K, C>,
  ctx: Context,
  from: FlowView,
  strategy: Strategy<Method>,
  { draft, remembers, shows }: Handover,
): Promise<Outcome<C, K>> {
  const { definition } = parts;
  await definition.assertEnabled?.(ctx, from.flow, draft as Results[K]);
  const step = stepOf(strategy, definition.kind);
  // A flow of the same kind goes on with what one that has run out would hand on.
  const heir = from.flow.kind === definition.kind ? definition.heir?.(from.flow as Flow<K>) : undefined;
  const drawn = await renderFirst(parts, ctx, {
    ...inherited(from.flow),
    ...heir,
    memory: { ...heir?.memory, ...remembers },
  });
  const { attempt } = drawn;
  const flow = advance(drawn.flow, { active: strategy.name, ...(shows && { form: shows }) });
  if (!step || !strategy.enabled(ctx.config, definition.kind) || !definition.fits(ctx, flow, strategy))
    throw problem(ErrorReason.METHOD_DISABLED, { reason: "This method is disabled." });
  const { transientPayload } = from.attempt;
  await parts.hookRunner.before(ctx, { flow, attempt });
  await insertFlow(ctx, flow);
  await passExchange(ctx, flow);
  const verdict = { kind: "passed", result: draft as Results[K] } as Verdict<K>;
  return follow(stopsOfHandover, {
    ctx,
    parts,
    flow,
    attempt: { ...attempt, transientPayload },
    objections: [],
    strategy,
    step,
    verdict,
  });
}

/** Begins in the place of a flow of another kind that cannot complete, and goes on by a form. */
export async function beginInstead<K extends FlowKind, C>(
  parts: EngineParts<K, C>,
  ctx: Context,
  from: FlowView,
  strategy: Strategy<Method>,
  { remembers }: Detour,
): Promise<Outcome<C, K>> {
  const drawn = await renderFirst(parts, ctx, { ...inherited(from.flow), memory: remembers });
  const flow = advance(drawn.flow, { active: strategy.name });
  const { transientPayload } = from.attempt;
  await parts.hookRunner.before(ctx, { flow, attempt: drawn.attempt });
  await insertFlow(ctx, flow);
  await passExchange(ctx, flow);
  return { kind: "rejected", flow, attempt: { ...drawn.attempt, transientPayload } };
}

/** What a flow has of the one before it. */
const inherited = ({
  type,
  requestUrl,
  returnTo,
  organizationId,
  identitySchema,
  oauth2LoginChallenge,
  exchangeCodeHash,
}: Flow) => ({ type, requestUrl, returnTo, organizationId, identitySchema, oauth2LoginChallenge, exchangeCodeHash });
