import type { Context } from "../../context.ts";
import type { FlowView } from "../attempt.ts";
import type { CallbackState } from "../callback-state.ts";
import type { FlowKind, Submissions } from "../kinds.ts";
import type { Complaint } from "../results.ts";
import type { Method, Step, Strategy } from "../strategy.ts";
import type { Callback, Verdict } from "../verdict.ts";
import type { EngineParts } from "../engine-parts.ts";
import type { Outcome } from "./outcome.ts";

/** A submission, or a client that comes back, on its way: each stop sees what the ones before it have found out. */
export interface Run<K extends FlowKind = FlowKind, Completion = unknown> extends FlowView<K> {
  readonly ctx: Context;
  readonly parts: EngineParts<K, Completion>;
  readonly submission?: Submissions[K];
  readonly callback?: Callback & { readonly state: CallbackState };
  /** What there is to tell of who wants to go on. */
  readonly objections: readonly Complaint[];
  readonly strategy?: Strategy<Method>;
  readonly step?: Step<K, never>;
  readonly verdict?: Verdict<K>;
}

/** What a stop says: the run goes on as it is then, or this is where it ends. */
export type StopResult<K extends FlowKind = FlowKind, Completion = unknown> =
  | Run<K, Completion>
  | { readonly outcome: Outcome<Completion, K> };
