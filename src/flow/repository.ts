import type { Context } from "../context.ts";
import { insert } from "../db/query.ts";
import { statement } from "../db/statement.ts";
import { ErrorReason, problem } from "../errors.ts";
import { flows } from "./entities.ts";
import type { Flow } from "./flow.ts";
import { openForm, storedForm } from "./form-seal.ts";
import { isStateOf } from "./kinds.ts";
import type { FlowKind } from "./kinds.ts";
import { flowById } from "./statements.ts";

/** The flow of an id and a kind. */
export async function findFlow<K extends FlowKind>(ctx: Context, kind: K, id: string): Promise<Flow<K>> {
  const row = await flowById(ctx, id);
  if (row?.kind !== kind) throw problem(ErrorReason.NOT_FOUND);
  if (!isStateOf(kind, row.state)) {
    // Another version of the server may have left it, or somebody's hand.
    ctx.log.warn("a flow is in a state that its kind does not know", { flow_id: row.id, kind, state: row.state });
    throw problem(ErrorReason.NOT_FOUND);
  }
  const { submitCount: _, ui, ...flow } = row;
  return { ...flow, ui: openForm(ctx, ui) } as unknown as Flow<K>;
}

/** Stores a new flow. */
export const insertFlow = (ctx: Context, flow: Flow): Promise<void> =>
  insert(ctx, flows, [{ ...flow, ui: storedForm(ctx, flow), submitCount: 0 }]);

const progress = statement(
  "update_flow",
  "update flows set state = ?, active = ?, ui = ?, memory = ?, updated_at = ? where nid = ? and id = ?",
);

/** Stores how far a flow has come, and says when that was. */
export async function updateFlow<F extends Flow>(ctx: Context, flow: F): Promise<F> {
  const updatedAt = ctx.now();
  const { id, state, active, memory } = flow;
  const documents = [JSON.stringify(storedForm(ctx, flow)), JSON.stringify(memory)];
  await ctx.db.write(progress, [state, active, ...documents, updatedAt, ctx.tenant.id, id]);
  return { ...flow, updatedAt };
}
