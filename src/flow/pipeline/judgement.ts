import { ErrorReason, explanationOf, reasonOf } from "../../errors.ts";
import { tooManyTries } from "../../throttle/refusal.ts";
import { withMessages } from "../../ui/form.ts";
import type { Message } from "../../ui/message.ts";
import { invalidSubmission } from "../../ui/messages.ts";
import type { Attempt } from "../attempt.ts";
import { replaceFlow, takeFirstStep } from "../beginning.ts";
import type { FlowKind } from "../kinds.ts";
import { advance } from "../progress.ts";
import { updateFlow } from "../repository.ts";
import { advanced, complain, report } from "./complain.ts";
import type { Run, StopResult } from "./run.ts";

/** The method judges, and changes nothing by itself: how far the flow has come stands in its verdict. */
export async function judge<K extends FlowKind, C>(run: Run<K, C>): Promise<StopResult<K, C>> {
  const { ctx, flow, attempt, step, submission, callback } = run;
  const judging = callback
    ? step!.resume!(ctx, flow, callback, attempt)
    : step!.submit(ctx, flow, submission!.method.value as never, attempt);
  const verdict = await judging.catch(async (error: unknown) => {
    if (reasonOf(error) === ErrorReason.TOO_MANY_REQUESTS) await report(run, { outcome: "throttled" });
    throw error;
  });
  const { transientPayload } = verdict;
  const told = transientPayload ? { ...attempt, transientPayload } : attempt;
  return { ...advanced(run, verdict), attempt: verdict.payloadShown ? withPayload(told) : told, verdict };
}

/** Clients of Kratos are told of a payload between some pages even where they sent none. */
const withPayload = (attempt: Attempt): Attempt => ({ ...attempt, transientPayload: attempt.transientPayload ?? {} });

/** Whoever did not pass is told why, by the form or by an error, and where to go on. */
export async function answerFailure<K extends FlowKind, C>(run: Run<K, C>): Promise<StopResult<K, C>> {
  const { ctx, flow, parts } = run;
  const verdict = run.verdict!;
  switch (verdict.kind) {
    case "rejected":
      await report(run, { outcome: "failed", ...verdict });
      return complain(run, verdict.complaints);
    case "throttled":
      await report(run, { outcome: "throttled", identityId: verdict.identityId });
      throw tooManyTries(verdict.waitMs);
    case "aborted":
      await reportFailure(run, [verdict.why]);
      throw await replaceFlow(parts, ctx, flow, verdict.why);
    default:
      return run;
  }
}

const reportFailure = <K extends FlowKind, C>(run: Run<K, C>, messages: readonly Message[]): Promise<void> =>
  report(run, { outcome: "failed", complaints: messages.map((message) => ({ message })) });

/** A flow that goes on shows the page of the verdict; where it has none, the form is drawn anew from where the flow stands. */
export async function showNextPage<K extends FlowKind, C>(run: Run<K, C>): Promise<StopResult<K, C>> {
  const { ctx, parts, strategy } = run;
  const verdict = run.verdict!;
  if (verdict.kind !== "pending") return run;
  if (verdict.failed) await reportFailure(run, verdict.failed);
  const { flow } = parts.definition.namesMethod(strategy!) ? advanced(run, { active: strategy!.name }) : run;
  const view = verdict.form
    ? { flow, attempt: run.attempt }
    : await drawAnew({ ...run, flow, attempt: withPayload(run.attempt) }, verdict.failed);
  return { outcome: { kind: "pending", ...view, flow: await updateFlow(ctx, view.flow) } };
}

async function drawAnew<K extends FlowKind, C>({ ctx, flow, attempt, parts }: Run<K, C>, failed?: readonly Message[]) {
  const drawn = advance(flow, await parts.definition.form(ctx, { flow, attempt }, parts.strategies));
  if (!failed) return takeFirstStep(parts, ctx, { flow: drawn, attempt });
  return {
    flow: advance(drawn, {
      form: withMessages(
        drawn.ui,
        failed.map((message) => ({ message })),
      ),
    }),
    attempt,
  };
}

/** Who goes on elsewhere comes back to the flow as it is now. */
export async function sendElsewhere<K extends FlowKind, C>(run: Run<K, C>): Promise<StopResult<K, C>> {
  const verdict = run.verdict!;
  if (verdict.kind !== "redirected") return run;
  return {
    outcome: { kind: "redirected", flow: await updateFlow(run.ctx, run.flow), attempt: run.attempt, url: verdict.url },
  };
}

/** Who turned out to be known, or to be new, goes on in a flow of the other kind; where that is switched off, the form says so. */
export async function goOnAsAnother<K extends FlowKind, C>(run: Run<K, C>): Promise<StopResult<K, C>> {
  const { ctx, flow, attempt, parts, strategy } = run;
  const verdict = run.verdict!;
  if (verdict.kind !== "handedOver") return run;
  try {
    const outcome = await parts.engineOf(verdict.to).takeOver(ctx, { flow, attempt }, strategy!, verdict);
    return { outcome: { kind: "handedOver", flow: await updateFlow(ctx, flow), attempt, to: verdict.to, outcome } };
  } catch (error) {
    if (reasonOf(error) !== ErrorReason.SELF_SERVICE_FLOW_DISABLED) throw error;
    const complaints = [{ message: invalidSubmission(explanationOf(error)!) }];
    await report(run, { outcome: "failed", complaints });
    return complain(run, complaints, { active: strategy!.name });
  }
}
