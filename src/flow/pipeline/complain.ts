import { withMessages } from "../../ui/form.ts";
import { audit } from "../audit.ts";
import type { AuditEntry } from "../audit.ts";
import type { FlowKind } from "../kinds.ts";
import { advance } from "../progress.ts";
import type { Progress } from "../progress.ts";
import { updateFlow } from "../repository.ts";
import type { Complaint } from "../results.ts";
import type { Run, StopResult } from "./run.ts";

/** The run with its flow a step further. */
export const advanced = <K extends FlowKind, C>(run: Run<K, C>, progress: Progress<K> = {}): Run<K, C> => ({
  ...run,
  flow: advance(run.flow, progress),
});

/** Ends a run by telling in the form what is wrong. */
export async function complain<K extends FlowKind, C>(
  run: Run<K, C>,
  complaints: readonly Complaint[],
  progress: Progress<K> = {},
): Promise<StopResult<K, C>> {
  const { ctx, attempt } = run;
  const told = advance(run.flow, progress);
  const flow = await updateFlow(ctx, advance(told, { form: withMessages(told.ui, complaints) }));
  return { outcome: { kind: "rejected", flow, attempt } };
}

type Failure = Omit<AuditEntry, "method"> & { readonly outcome: "failed" | "throttled" };

/** Records that somebody has not got through. */
export async function report<K extends FlowKind, C>(
  { ctx, flow, attempt, strategy, parts }: Run<K, C>,
  entry: Failure,
): Promise<void> {
  await audit(ctx, { flow, attempt }, { method: strategy!.name, ...entry });
  await parts.definition.failed?.(ctx);
}
