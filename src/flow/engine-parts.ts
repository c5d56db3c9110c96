import type { Context } from "../context.ts";
import type { FlowView } from "./attempt.ts";
import type { FlowDefinition } from "./definition.ts";
import type { FlowKind } from "./kinds.ts";
import type { Outcome } from "./pipeline/outcome.ts";
import type { HookRunner } from "./hook-runner.ts";
import type { Method, Strategies, Strategy } from "./strategy.ts";
import type { Detour, Handover } from "./verdict.ts";

/** What takes a flow over from one of another kind. */
export interface HandoverTarget {
  takeOver(ctx: Context, from: FlowView, strategy: Strategy<Method>, handover: Handover): Promise<Outcome>;
  /** Begins in the place of a flow that cannot complete. */
  beginInstead(ctx: Context, from: FlowView, strategy: Strategy<Method>, detour: Detour): Promise<Outcome>;
}

/** Finds what takes flows of a kind over: engines know each other by nothing else. */
export type FindEngine = (kind: FlowKind) => HandoverTarget;

/** What the engine of one kind of flow works with. */
export interface EngineParts<K extends FlowKind, Completion> {
  readonly definition: FlowDefinition<K, Completion>;
  readonly strategies: Strategies;
  readonly hookRunner: HookRunner;
  readonly engineOf: FindEngine;
}
