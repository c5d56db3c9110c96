import type { Context } from "../context.ts";
import { insert } from "../db/query.ts";
import { statement } from "../db/statement.ts";
import { ErrorReason, problem } from "../errors.ts";
import { flows } from "./entities.ts";
import type { Flow, FlowKind } from "./flow.ts";
import { openForm, storedForm } from "./form-seal.ts";
import { flowById } from "./statements.ts";

/** The flow of an id and a kind. */
export async function findFlow(ctx: Context, kind: FlowKind, id: string): Promise<Flow> {
  const row = await flowById(ctx, id);
  if (row?.kind !== kind) throw problem(ErrorReason.NOT_FOUND);
  const { submitCount: _, ui, ...flow } = row;
  return { ...flow, ui: openForm(ctx, ui) };
}

/** Stores a new flow. */
export const insertFlow = (ctx: Context, flow: Flow): Promise<void> => insert(ctx, flows, [{ ...flow, ui: storedForm(ctx, flow), submitCount: 0 }]);

const progress = statement("update_flow", "update flows set state = ?, active = ?, ui = ?, internal = ?, updated_at = ? where nid = ? and id = ?");

/** Stores how far a flow has come. */
export async function updateFlow(ctx: Context, flow: Flow): Promise<void> {
  flow.updatedAt = ctx.now();
  const { id, state, active, internal, updatedAt } = flow;
  const documents = [JSON.stringify(storedForm(ctx, flow)), JSON.stringify(internal)];
  await ctx.db.write(progress, [state, active, ...documents, updatedAt, ctx.tenant.id, id]);
}
