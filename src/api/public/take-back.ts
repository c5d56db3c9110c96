import type { Context } from "../../context.ts";
import { readState } from "../../flow/callback-state.ts";
import type { CallbackState } from "../../flow/callback-state.ts";
import { csrfViolation } from "../../flow/csrf.ts";
import type { FlowKind } from "../../flow/kinds.ts";

/** Flows that methods may send clients away from, by kind: each goes on as its service does. */
export type Resumable = {
  readonly [K in FlowKind]?: {
    resume(ctx: Context, state: CallbackState, parameters: Readonly<Record<string, string>>): Promise<void>;
  };
};

/** Takes a client back that a method has sent elsewhere: the state says which flow goes on. What comes of it is answered by a redirect. */
export async function takeBack(
  ctx: Context,
  flows: Resumable,
  sealed: string,
  parameters: Readonly<Record<string, string>>,
): Promise<void> {
  const state = readState(ctx, sealed);
  const going = state && flows[state.kind];
  if (!going) throw csrfViolation(ctx, "The state is none that this server has given out.");
  await going.resume(ctx, state, parameters);
}
