import type { Context } from "../../context.ts";
import { ErrorReason, problem } from "../../errors.ts";
import { readState } from "../../flow/callback-state.ts";
import type { CallbackState } from "../../flow/callback-state.ts";
import type { FlowKind } from "../../flow/kinds.ts";

/** Flows that methods may send clients away from, by kind: each goes on as its service does. */
export type Resumable = {
  readonly [K in FlowKind]?: {
    resume(ctx: Context, state: CallbackState, parameters: Readonly<Record<string, string>>): Promise<void>;
  };
};

/** A client that comes back. */
export interface CallbackRequest {
  /** The site that its address names; empty where the state alone says it. */
  readonly at: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Takes a client back that a method has sent elsewhere: the state says which flow goes on. What comes of it is answered by a redirect. */
export async function resumeFlow(ctx: Context, flows: Resumable, { at, parameters }: CallbackRequest): Promise<void> {
  const state = readState(ctx, parameters["state"] ?? "");
  const going = state && flows[state.kind];
  if (!going) throw problem(ErrorReason.BAD_REQUEST, { reason: "The state is none that this server has given out." });
  // One site must not hand over what another has said (RFC 9700, section 4.4).
  if (at && at !== state.at)
    throw problem(ErrorReason.BAD_REQUEST, { reason: "The state was given out for another provider." });
  await going.resume(ctx, state, parameters);
}
