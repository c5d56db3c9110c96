import type { Message } from "../../ui/message.ts";
import type { FlowKind } from "../kinds.ts";
import { complain } from "./complain.ts";
import type { Run, StopResult } from "./run.ts";

/** Ends a run that no method can answer: the client names none, or its body could not be read. */
export async function unanswered<K extends FlowKind, C>(run: Run<K, C>, message: Message): Promise<StopResult<K, C>> {
  const { ctx, flow, parts, submission } = run;
  const said = await parts.definition.unanswered?.(ctx, flow, message, submission);
  return said ? complain(run, said.complaints, said.progress) : complain(run, [{ message }]);
}
