import { ErrorReason, problem } from "../../errors.ts";
import type { FlowKind } from "../kinds.ts";
import { stepOf } from "../strategy.ts";
import type { Method, Strategy } from "../strategy.ts";
import { advanced, complain } from "./complain.ts";
import type { Run, StopResult } from "./run.ts";
import { unanswered } from "./unanswered.ts";

/** The method is the one that the submission names, or the only one that it can mean; it is on, and fits the flow. */
export async function chooseMethod<K extends FlowKind, C>(run: Run<K, C>): Promise<StopResult<K, C>> {
  const { attempt, submission, parts } = run;
  const strategy = enabledStrategy(run);
  const step = strategy && stepOf(strategy, parts.definition.kind);
  if (!submission || !strategy || !step) return unanswered(run, parts.definition.noStrategy);
  return { ...run, strategy, step, attempt: { ...attempt, transientPayload: submission.transientPayload } };
}

function enabledStrategy<K extends FlowKind, C>({
  ctx,
  flow,
  submission,
  parts,
}: Run<K, C>): Strategy<Method> | undefined {
  const arm = submission?.method.case as Method | undefined;
  if (!arm) return undefined;
  const strategy = parts.strategies[arm] as Strategy<Method> | undefined;
  if (strategy?.enabled(ctx.config, parts.definition.kind))
    return parts.definition.fits(ctx, flow, strategy) ? strategy : undefined;
  // What merely looks like a method that is off was not asked of it.
  if (ctx.call.unnamed) return undefined;
  throw problem(ErrorReason.METHOD_DISABLED, { reason: "This method is disabled." });
}

/** What no method may forget is looked at first, together with what this one cannot do without: all that is wrong is told at once. */
export async function inspect<K extends FlowKind, C>(run: Run<K, C>): Promise<StopResult<K, C>> {
  const { ctx, flow, attempt, parts, step } = run;
  const submission = run.submission!;
  const missing = step!.missing?.(flow, submission.method.value as never) ?? [];
  const inspection = await parts.definition.inspect?.(ctx, { flow, attempt }, submission, parts.strategies);
  const complaints = [...(inspection?.complaints ?? []), ...missing];
  if (complaints.length) return complain(run, complaints, inspection?.progress);
  const traits = inspection?.traits;
  return advanced({ ...run, attempt: traits ? { ...attempt, traits } : attempt }, inspection?.progress);
}
