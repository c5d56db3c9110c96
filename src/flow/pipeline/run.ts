import type { Context } from "../../context.ts";
import type { Message } from "../../ui/message.ts";
import type { FlowView } from "../attempt.ts";
import type { FlowDefinition } from "../definition.ts";
import type { Flow } from "../flow.ts";
import type { FlowKind, Submissions } from "../kinds.ts";
import type { Complaint } from "../results.ts";
import type { Method, Step, Strategies, Strategy } from "../strategy.ts";
import type { Callback, Handover, Verdict } from "../verdict.ts";

/** Where a submission left its flow. */
export type Outcome<Completion = unknown, K extends FlowKind = FlowKind> =
  | (FlowView<K> & { readonly kind: "completed"; readonly completion: Completion })
  | (FlowView<K> & { readonly kind: "rejected" | "pending" })
  | (FlowView<K> & { readonly kind: "redirected"; readonly url: string })
  /** It went on in a flow of another kind, and this is where it left that. */
  | (FlowView<K> & { readonly kind: "handedOver"; readonly to: FlowKind; readonly outcome: Outcome });

/** What the stops of one kind of flow work with. */
export interface Works<K extends FlowKind, Completion> {
  readonly definition: FlowDefinition<K, Completion>;
  readonly strategies: Strategies;
  /** Lets a method take the first step where it is the only one. */
  begin(ctx: Context, view: FlowView<K>): Promise<FlowView<K>>;
  /** Begins another flow in the place of one that cannot go on, and makes the error that tells of it. */
  replace(ctx: Context, flow: Flow<K>, why?: Message): Promise<Error>;
  /** Goes on in a flow of another kind. */
  handOver(ctx: Context, view: FlowView<K>, strategy: Strategy<Method>, handover: Handover): Promise<Outcome>;
}

/** A submission, or a client that comes back, on its way: each stop sees what the ones before it have found out. */
export interface Run<K extends FlowKind = FlowKind, Completion = unknown> extends FlowView<K> {
  readonly ctx: Context;
  readonly works: Works<K, Completion>;
  readonly submission?: Submissions[K];
  readonly callback?: Callback & { readonly method: string; readonly round: number };
  /** What there is to tell of who wants to go on. */
  readonly objections: readonly Complaint[];
  readonly strategy?: Strategy<Method>;
  readonly step?: Step<K, never>;
  readonly verdict?: Verdict<K>;
}

/** What a stop says: the run goes on as it is then, or this is where it ends. */
export type Said<K extends FlowKind = FlowKind, Completion = unknown> = Run<K, Completion> | { readonly outcome: Outcome<Completion, K> };
