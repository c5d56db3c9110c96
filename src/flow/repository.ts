import type { EntityManager } from "@mikro-orm/core";
import type { Context } from "../context.ts";
import { statement } from "../db/statement.ts";
import { insertInto } from "../db/write.ts";
import { ErrorReason, problem } from "../errors.ts";
import type { Flow, FlowKind } from "./flow.ts";
import { openForm, storedForm } from "./form-seal.ts";
import { flowById } from "./statements.ts";

/** The flow of an id and a kind. */
export async function findFlow(ctx: Context, kind: FlowKind, id: string): Promise<Flow> {
  const row = await flowById(ctx.db, id);
  if (row?.kind !== kind) throw problem(ErrorReason.NOT_FOUND);
  const { submitCount: _, ui, ...flow } = row;
  return { ...flow, ui: openForm(ctx, ui) };
}

const insertion = insertInto("flows", [
  ...["id", "kind", "type", "state", "active", "request_url", "return_to", "requested_aal", "refresh", "csrf_hash"],
  ...["identity_id", "organization_id", "identity_schema", "oauth2_login_challenge", "session_token_exchange_code"],
  ...["ui", "internal", "submit_count", "issued_at", "expires_at", "created_at", "updated_at"],
]);

/** Stores a new flow. */
export const insertFlow = (ctx: Context, flow: Flow): Promise<void> => insertFlowIn(ctx, ctx.em, flow);

/** Stores a new flow, within a transaction. */
export async function insertFlowIn(ctx: Context, em: EntityManager, flow: Flow): Promise<void> {
  await ctx.db.write(em, insertion, [
    ...[flow.id, flow.kind, flow.type, flow.state, flow.active, flow.requestUrl, flow.returnTo, flow.requestedAal],
    ...[flow.refresh, flow.csrfHash, flow.identityId, flow.organizationId, flow.identitySchema],
    ...[flow.oauth2LoginChallenge, flow.sessionTokenExchangeCode, storedForm(ctx, flow), JSON.stringify(flow.internal), 0],
    ...[flow.issuedAt, flow.expiresAt, flow.createdAt, flow.updatedAt],
  ]);
}

const progress = statement("update_flow", "update flows set state = ?, active = ?, ui = ?, internal = ?, updated_at = ? where id = ?");

/** Stores how far a flow has come. */
export const updateFlow = (ctx: Context, flow: Flow): Promise<void> => updateFlowIn(ctx, ctx.em, flow);

/** Stores how far a flow has come, within a transaction. */
export async function updateFlowIn(ctx: Context, em: EntityManager, flow: Flow): Promise<void> {
  flow.updatedAt = ctx.now();
  const { id, state, active, internal, updatedAt } = flow;
  await ctx.db.write(em, progress, [state, active, storedForm(ctx, flow), JSON.stringify(internal), updatedAt, id]);
}
