import type { Context } from "../context.ts";
import { change } from "../db/query.ts";
import { credentials } from "./entities.ts";
import type { CredentialRow } from "./rows.ts";

/** A credential as it was read, as far as a change depends on it. */
export type ReadCredential = Pick<CredentialRow, "id" | "revision">;

/**
 * Writes the configuration of a credential, unless somebody has written it since it was read: one conditional statement.
 * Tells whether it did. What may be used once only depends on the answer.
 */
export async function changeCredential(ctx: Context, { id, revision }: ReadCredential, config: Record<string, unknown>): Promise<boolean> {
  const next = { config, revision: revision + 1, updatedAt: ctx.now() };
  return (await change(ctx, credentials, next, (query) => query.where("id", "=", id).where("revision", "=", revision))) === 1;
}
