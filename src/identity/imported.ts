import { createHash } from "node:crypto";
import type { Context } from "../context.ts";
import type { Reach } from "../db/connection.ts";
import { uuidv8 } from "../db/id.ts";
import { find, insert } from "../db/query.ts";
import { identityImports } from "./entities.ts";

/** For how long it is known what an import has made. */
const rememberedMs = 30 * 24 * 3_600_000;

/** By which it is known what an import has made of a key. */
export const importMark = (importId: string, key: string): string =>
  uuidv8(createHash("sha256").update(importId).update("\0").update(key).digest());

/** The identities that have been made of keys, by their marks. */
export async function findImported(reach: Reach, marks: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (marks.length === 0) return new Map();
  const rows = await find(reach, identityImports, (query) => query.where("id", "in", marks));
  return new Map(rows.map(({ id, identityId }) => [id, identityId]));
}

/** Writes down which identity has been made of which key. One that another call has made in the meantime makes a unique violation. */
export async function markImported(
  tx: Context,
  marked: readonly { mark: string; identityId: string }[],
): Promise<void> {
  const now = tx.now();
  const expiresAt = new Date(now.getTime() + rememberedMs);
  await insert(
    tx,
    identityImports,
    marked.map(({ mark: id, identityId }) => ({ id, identityId, expiresAt, createdAt: now, updatedAt: now })),
  );
}
