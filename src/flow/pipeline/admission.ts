import { withoutMessages } from "../../ui/form.ts";
import { loadFlow, replaceFlow } from "../beginning.ts";
import type { FlowKind } from "../kinds.ts";
import { advanced, complain } from "./complain.ts";
import type { Run, StopResult } from "./run.ts";

/** Who may go on is a matter of the kind of flow. What it says of them waits until the form is at hand. */
export async function admit<K extends FlowKind, C>(run: Run<K, C>): Promise<StopResult<K, C>> {
  // The browser of a native client is not signed in to what the client is.
  if (run.callback && run.flow.type === "api") return run;
  const objections = (await run.parts.definition.admit?.(run.ctx, run.flow)) ?? [];
  return { ...run, objections };
}

/** A flow that has run out is replaced, and the error leads to the new one. */
export async function refuseExpired<K extends FlowKind, C>(run: Run<K, C>): Promise<StopResult<K, C>> {
  const { ctx, flow, parts } = run;
  if (flow.expiresAt <= ctx.now()) throw await replaceFlow(parts, ctx, flow);
  return run;
}

/** What is not stored with the flow is looked up, and the form forgets what it told of an earlier submission. */
export async function load<K extends FlowKind, C>(run: Run<K, C>): Promise<StopResult<K, C>> {
  const { ctx, flow, parts } = run;
  const loaded = await loadFlow(parts.definition, ctx, flow);
  const clean = withoutMessages(flow.ui);
  const form = parts.definition.keepsMessages ? { ...clean, messages: flow.ui.messages } : clean;
  return advanced({ ...run, flow: loaded.flow, attempt: { ...run.attempt, ...loaded.attempt } }, { form });
}

/** Somebody who may not go on is told so by the form. */
export const tellObjections = async <K extends FlowKind, C>(run: Run<K, C>): Promise<StopResult<K, C>> =>
  run.objections.length ? complain(run, run.objections) : run;

/** Whoever had to confirm first who they are comes back with empty hands: what they had submitted was held for them. */
export async function recallHeld<K extends FlowKind, C>(run: Run<K, C>): Promise<StopResult<K, C>> {
  const held = run.submission ? undefined : run.parts.definition.held?.(run.ctx, run.flow);
  return held ? advanced({ ...run, submission: held.submission }, { memory: held.memory }) : run;
}
