import type { FlowKind, Results } from "../kinds.ts";
import { updateFlow } from "../repository.ts";
import { advanced, complain, report } from "./complain.ts";
import type { Run, StopResult } from "./run.ts";

/** What another site has told of somebody is judged as what people type themselves. */
export async function inspectResult<K extends FlowKind, C>(run: Run<K, C>): Promise<StopResult<K, C>> {
  const { ctx, flow, attempt, verdict, parts } = run;
  const { result } = verdict as { readonly result: Results[K] };
  const inspection = await parts.definition.inspectResult?.(ctx, { flow, attempt }, result);
  if (!inspection) return run;
  const { complaints, progress, traits } = inspection;
  if (complaints.length === 0)
    return advanced({ ...run, attempt: { ...attempt, ...(traits && { traits }) } }, progress);
  await report(run, { outcome: "failed", complaints });
  return complain(run, complaints, progress);
}

/** What passing means is a matter of the kind of flow: it writes and records what came of it, in one transaction, or says what is in the way. */
export async function complete<K extends FlowKind, C>(run: Run<K, C>): Promise<StopResult<K, C>> {
  const { ctx, attempt, verdict, parts, strategy } = run;
  const { definition } = parts;
  const result = (verdict as { readonly result: Results[K] }).result;
  const { flow } = definition.namesMethod(strategy!) ? advanced(run, { active: strategy!.name }) : run;
  const completed = await definition.complete(ctx, { flow, attempt }, strategy!, result);
  if ("detour" in completed) {
    const { detour } = completed;
    const outcome = await parts.engineOf(detour.to).beginInstead(ctx, { flow, attempt }, strategy!, detour);
    return { outcome: { kind: "handedOver", flow: await updateFlow(ctx, flow), attempt, to: detour.to, outcome } };
  }
  const proved = (result as { readonly identityId?: string }).identityId;
  if ("complaints" in completed) {
    await report({ ...run, flow }, { outcome: "failed", identityId: proved, complaints: completed.complaints });
    return complain({ ...run, flow: definition.unnamesMethod ? run.flow : flow }, completed.complaints);
  }
  return { outcome: { kind: "completed", ...completed } };
}
