import type { Adapter, AdapterPayload } from "oidc-provider";
import { sha256Hex } from "../../crypto/token.ts";
import { isUniqueViolation } from "../../db/failure.ts";
import { isUuid, uuidv7 } from "../../db/id.ts";
import { change, find, insert, remove } from "../../db/query.ts";
import { inEveryDialect } from "../../db/json-sql.ts";
import { decoderOf, selectList } from "../../db/row.ts";
import { statement } from "../../db/statement.ts";
import type { Statement } from "../../db/statement.ts";
import type { RowOf } from "../../db/table.ts";
import { openKept, sealKept } from "../../tenant/seal-kept.ts";
import { oauth2Objects } from "./entities.ts";
import type { Keeper } from "./keeper.ts";

type ObjectRow = RowOf<typeof oauth2Objects>;
type ObjectColumns = Readonly<Record<string, unknown>>;

const objectOf = decoderOf(oauth2Objects);
const selectObject = (condition: string) =>
  inEveryDialect(
    (sql) => `select ${selectList(sql, oauth2Objects, "o")} from oauth2_objects o where o.nid = ? and ${condition}`,
  );
const byKey = statement("oauth2_object_by_key", selectObject("o.key_hash = ?"));
const byAlias = statement("oauth2_object_by_alias", selectObject("o.alias_hash = ?"));

/** What is written again and again under its id; all else is written once. */
const rewritten: ReadonlySet<string> = new Set(["Session", "Interaction", "Grant", "DeviceCode"]);

/** What may only be written once, since that it could be is the answer (RFC 7523, section 3; RFC 9449, section 11.1). */
const unrepeatable = "ReplayDetection";

const forEver = 100 * 365 * 24 * 3600;

/** Loaded with the first error: a server that has no provider should not wait for the package. */
const errors = () => import("./errors.ts");

const hashOf = (model: string, id: string): string => sha256Hex(`${model} ${id}`);

/**
 * Keeps the objects of a model in the database, for the provider of a tenant. Of several servers that redeem a code or a
 * refresh token at the same time, one does; the others revoke its grant, as for one that is shown again (RFC 9700, 4.14.2).
 */
export function objectStore(keeper: Keeper, model: string): Adapter {
  const keyOf = (id: string) => hashOf(model, id);

  const columnsOf = (payload: AdapterPayload, expiresIn: number | undefined) => ({
    aliasHash: aliasOf(model, payload),
    grantHash: model !== "Grant" && payload.grantId ? hashOf("Grant", payload.grantId) : null,
    clientId: payload.clientId ?? null,
    identityId: payload.accountId !== undefined && isUuid(payload.accountId) ? payload.accountId : null,
    payload: sealKept(keeper, JSON.stringify(payload)),
    updatedAt: keeper.now(),
    expiresAt: new Date(keeper.now().getTime() + (expiresIn ?? forEver) * 1000),
  });

  const write = (id: string, columns: ReturnType<typeof columnsOf>) =>
    change(keeper, oauth2Objects, columns, (query) => query.where("keyHash", "=", keyOf(id)));

  const add = (id: string, columns: ReturnType<typeof columnsOf>) =>
    insert(keeper, oauth2Objects, [
      {
        ...columns,
        id: uuidv7(keeper.now().getTime()),
        createdAt: keeper.now(),
        model,
        keyHash: keyOf(id),
        consumedAt: null,
      },
    ]);

  async function found(by: Statement, hash: string): Promise<AdapterPayload | undefined> {
    const [row] = await keeper.db.read<ObjectColumns>(by, [keeper.tenant.id, hash]);
    return row && openObject(keeper, objectOf(row));
  }

  /** The grant goes first: whoever writes a token meanwhile finds it gone, and whoever has written one before loses it. */
  async function revokeGrant(grantHash: string): Promise<void> {
    await remove(keeper, oauth2Objects, (query) => query.where("keyHash", "=", grantHash));
    await removeGranted(keeper, grantHash);
  }

  /** Takes back what was written on a grant that somebody has revoked meanwhile. */
  async function assertGranted(id: string, grantHash: string | null): Promise<void> {
    if (grantHash === null || (await found(byKey, grantHash))) return;
    await remove(keeper, oauth2Objects, (query) => query.where("keyHash", "=", keyOf(id)));
    throw new (await errors()).InvalidGrant("the grant was revoked");
  }

  return {
    async upsert(id, payload, expiresIn) {
      const columns = columnsOf(payload, expiresIn);
      if (rewritten.has(model) && (await write(id, columns))) return;
      try {
        await add(id, columns);
        await assertGranted(id, columns.grantHash);
      } catch (error) {
        if (!isUniqueViolation(error)) throw error;
        if (model === unrepeatable) throw new (await errors()).InvalidRequest("the assertion has been used already");
        await write(id, columns);
      }
    },
    find: (id) => found(byKey, keyOf(id)),
    findByUid: (uid) => found(byAlias, hashOf(`${model} uid`, uid)),
    findByUserCode: (code) => found(byAlias, hashOf(`${model} user code`, code)),
    async consume(id) {
      const consumedAt = keeper.now();
      const won = await change(keeper, oauth2Objects, { consumedAt }, (query) =>
        query.where("keyHash", "=", keyOf(id)).where("consumedAt", "is", null),
      );
      if (won) return;
      const [row] = await find(keeper, oauth2Objects, (query) => query.where("keyHash", "=", keyOf(id)));
      if (row?.grantHash) await revokeGrant(row.grantHash);
      throw new (await errors()).InvalidGrant("the code or token has been used already");
    },
    async destroy(id) {
      await remove(keeper, oauth2Objects, (query) => query.where("keyHash", "=", keyOf(id)));
    },
    revokeByGrantId: (grantId) => removeGranted(keeper, hashOf("Grant", grantId)),
  };
}

/** Removes every code and token that was given on a grant. */
async function removeGranted(keeper: Keeper, grantHash: string): Promise<void> {
  await remove(keeper, oauth2Objects, (query) => query.where("grantHash", "=", grantHash));
}

/** What an object is found by beside its id. */
const aliasOf = (model: string, { uid, userCode }: AdapterPayload): string | null =>
  userCode !== undefined
    ? hashOf(`${model} user code`, userCode)
    : model === "Session" && uid !== undefined
      ? hashOf(`${model} uid`, uid)
      : null;

/** What the provider has stored; undefined where it was sealed by a secret that this server does not have. */
export function openObject(keeper: Keeper, { payload, consumedAt }: ObjectRow): AdapterPayload | undefined {
  const opened = openKept<AdapterPayload>(keeper, payload);
  return opened && { ...opened, ...(consumedAt && { consumed: Math.floor(consumedAt.getTime() / 1000) }) };
}

/** The newest grant that somebody has given a client: its id. */
export async function latestGrant(keeper: Keeper, identityId: string, clientId: string): Promise<string | undefined> {
  const [row] = await find(keeper, oauth2Objects, (query) =>
    query
      .where("identityId", "=", identityId)
      .where("model", "=", "Grant")
      .where("clientId", "=", clientId)
      .orderBy("createdAt", "desc")
      .limit(1),
  );
  return row && openObject(keeper, row)?.jti;
}
