import type { Context } from "../context.ts";
import { constantTimeEqual, sha256Hex } from "../crypto/token.ts";
import type { Reach } from "../db/connection.ts";
import { isUuid, uuidv7 } from "../db/id.ts";
import { change, find, insert, remove } from "../db/query.ts";
import type { RowOf } from "../db/table.ts";
import { actorOf, type Cause } from "../events/cause.ts";
import { record } from "../events/record.ts";
import { apiKeys } from "./entities.ts";
import { newKeySecret } from "./key-secret.ts";

/** A key as it is stored. */
export type ApiKeyRow = RowOf<typeof apiKeys>;

/** What a new key is to be. */
export interface NewApiKey {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly allTenants: boolean;
  readonly expiresAt: Date | null;
}

/** A key, and the secret that is shown once. */
export interface IssuedApiKey {
  readonly key: ApiKeyRow;
  readonly secret: string;
}

/** Creates a key for the tenant of the call. */
export async function createApiKey(ctx: Context, { scopes, ...wanted }: NewApiKey): Promise<IssuedApiKey> {
  const now = ctx.now();
  const { secret, hash, hint } = newKeySecret();
  const creator = actorOf(ctx, undefined);
  const key: ApiKeyRow = {
    ...wanted,
    id: uuidv7(now.getTime()),
    createdAt: now,
    updatedAt: now,
    hint,
    secretHash: hash,
    scopes: [...scopes],
    createdByKind: creator.kind,
    createdById: ("id" in creator && creator.id) || null,
    lastUsedAt: null,
  };
  await ctx.tx(async (tx) => {
    await insert(tx, apiKeys, [key]);
    await record(tx, by("create_key"), { type: "ApiKeyCreated", payload: { key_id: key.id, scopes } });
  });
  return { key, secret };
}

/** A key by its id. */
export async function findApiKey(reach: Reach, id: string): Promise<ApiKeyRow | undefined> {
  if (!isUuid(id)) return undefined;
  const [key] = await find(reach, apiKeys, (query) => query.where("id", "=", id.toLowerCase()));
  return key;
}

/** The keys of a tenant in the order of their ids, after one. */
export const apiKeysPage = (reach: Reach, after: string, limit: number): Promise<ApiKeyRow[]> =>
  find(reach, apiKeys, (query) => query.where("id", ">", after).orderBy("id").limit(limit));

/** The key of a tenant that a secret is of. */
export async function apiKeyOfSecret(reach: Reach, secret: string): Promise<ApiKeyRow | undefined> {
  const hash = sha256Hex(secret);
  const [key] = await find(reach, apiKeys, (query) => query.where("secretHash", "=", hash));
  return key && constantTimeEqual(key.secretHash, hash) ? key : undefined;
}

/** Renames a key; undefined where there is none. */
export async function renameApiKey(ctx: Context, id: string, name: string): Promise<ApiKeyRow | undefined> {
  const key = await findApiKey(ctx, id);
  if (!key) return undefined;
  const changes = { name, updatedAt: ctx.now() };
  const renamed = await change(ctx, apiKeys, changes, (query) => query.where("id", "=", key.id));
  return renamed === 1 ? { ...key, ...changes } : undefined;
}

/** Gives a key another secret, at once; undefined where there is no such key. */
export const rotateApiKey = (ctx: Context, { id }: ApiKeyRow): Promise<IssuedApiKey | undefined> =>
  ctx.tx(async (tx) => {
    const { secret, hash, hint } = newKeySecret();
    const changes = { secretHash: hash, hint, updatedAt: tx.now() };
    if ((await change(tx, apiKeys, changes, (query) => query.where("id", "=", id))) !== 1) return undefined;
    await record(tx, by("rotate_key"), { type: "ApiKeyRotated", payload: { key_id: id } });
    return { key: (await findApiKey(tx, id))!, secret };
  });

/** Revokes a key; false where there is none. Each call asks the database for its key, so that no server takes it any more. */
export const revokeApiKey = (ctx: Context, id: string): Promise<boolean> =>
  ctx.tx(async (tx) => {
    if (!isUuid(id)) return false;
    const removed = await remove(tx, apiKeys, (query) => query.where("id", "=", id.toLowerCase()));
    if (removed !== 1) return false;
    await record(tx, by("revoke_key"), { type: "ApiKeyRevoked", payload: { key_id: id.toLowerCase() } });
    return true;
  });

const minuteMs = 60_000;

/** Notes that a key was used, to the minute. */
export async function noteKeyUse(reach: Reach, { id, lastUsedAt }: ApiKeyRow, now: Date): Promise<void> {
  const minute = new Date(Math.floor(now.getTime() / minuteMs) * minuteMs);
  if (lastUsedAt !== null && lastUsedAt >= minute) return;
  await change(reach, apiKeys, { lastUsedAt: minute }, (query) => query.where("id", "=", id));
}

const by = (deed: "create_key" | "rotate_key" | "revoke_key"): Cause => ({ reason: `admin.${deed}` });
