import type { EntityManager } from "@mikro-orm/core";
import type { Context } from "../context.ts";
import { ErrorReason, problem } from "../errors.ts";
import { Flow as FlowEntity } from "./entities.ts";
import type { Flow, FlowKind } from "./flow.ts";
import { flowById } from "./statements.ts";

/** The flow of an id and a kind. */
export async function findFlow(ctx: Context, kind: FlowKind, id: string): Promise<Flow> {
  const row = await flowById(ctx.db, id);
  if (row?.kind !== kind) throw problem(ErrorReason.NOT_FOUND);
  const { submitCount: _, ...flow } = row;
  return flow;
}

/** Stores a new flow. */
export async function insertFlow({ em }: Context, flow: Flow): Promise<void> {
  const { transientPayload: _, traits: __, ...stored } = flow;
  await em.insert(FlowEntity, { ...stored, submitCount: 0 });
}

/** Stores how far a flow has come. */
export const updateFlow = (ctx: Context, flow: Flow): Promise<void> => updateFlowIn(ctx.em, flow, ctx.now());

/** Stores how far a flow has come, within a transaction. */
export async function updateFlowIn(em: EntityManager, flow: Flow, now: Date): Promise<void> {
  flow.updatedAt = now;
  const { id, state, active, ui, internal } = flow;
  await em.nativeUpdate(FlowEntity, { id }, { state, active, ui, internal, updatedAt: now });
}
