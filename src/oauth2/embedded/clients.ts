import { createBoundedCache } from "../../bounded-cache.ts";
import type { Context } from "../../context.ts";
import { isUniqueViolation } from "../../db/failure.ts";
import { uuidv7 } from "../../db/id.ts";
import { change, find, insert, remove } from "../../db/query.ts";
import { inEveryDialect } from "../../db/json-sql.ts";
import { decoderOf, selectList } from "../../db/row.ts";
import { statement } from "../../db/statement.ts";
import type { RowOf } from "../../db/table.ts";
import { ErrorReason, problem } from "../../errors.ts";
import { openKept, sealKept } from "../../tenant/seal-kept.ts";
import { oauth2Clients, oauth2Objects } from "./entities.ts";
import type { ClientDocument } from "./entities.ts";
import type { Keeper } from "./keeper.ts";

/** A client as it is stored. */
export type ClientRow = RowOf<typeof oauth2Clients>;

/** A client to store. */
export interface NewClient {
  readonly clientId: string;
  readonly metadata: ClientDocument;
  /** None where it proves itself by something else, or not at all. */
  readonly secret: string | undefined;
}

const clientOf = decoderOf(oauth2Clients);
const byClientId = statement(
  "oauth2_client_by_client_id",
  inEveryDialect(
    (sql) => `select ${selectList(sql, oauth2Clients, "c")} from oauth2_clients c where c.nid = ? and c.client_id = ?`,
  ),
);

/** A client by the name that it has with the protocol. */
export async function clientById({ db, tenant }: Keeper, clientId: string): Promise<ClientRow | undefined> {
  const [row] = await db.read<Readonly<Record<string, unknown>>>(byClientId, [tenant.id, clientId]);
  return row && clientOf(row);
}

/** The clients of these names, as far as there are any. */
export const clientsById = async (keeper: Keeper, clientIds: readonly string[]): Promise<ClientRow[]> =>
  clientIds.length ? find(keeper, oauth2Clients, (query) => query.where("clientId", "in", clientIds)) : [];

/** The clients of a tenant, in the order in which they were made. */
export const clientsPage = (keeper: Keeper, after: string, limit: number): Promise<ClientRow[]> =>
  find(keeper, oauth2Clients, (query) => query.where("id", ">", after).orderBy("id").limit(limit));

/** The secret of a client; undefined where it has none, or one that was sealed by a secret that this server does not have. */
export function secretOf(keeper: Keeper, { secret }: Pick<ClientRow, "secret">): string | undefined {
  if (secret === null) return undefined;
  const known = opened.get(secret);
  if (known?.secrets === keeper.config.secrets) return known.text;
  const text = openKept<string>(keeper, secret);
  opened.set(secret, { secrets: keeper.config.secrets, text });
  return text;
}

/** Secrets by what they are stored as: a client that asks for a token is read each time, and to open its secret takes longer than that. */
const opened = createBoundedCache<
  string,
  { readonly secrets: Keeper["config"]["secrets"]; readonly text: string | undefined }
>(1024);

/** Adds a client. Throws CONFLICT where there is one of that id. */
export async function addClient(keeper: Keeper, { clientId, metadata, secret }: NewClient): Promise<ClientRow> {
  const now = keeper.now();
  const row = {
    id: uuidv7(now.getTime()),
    createdAt: now,
    updatedAt: now,
    clientId,
    metadata,
    secret: secret === undefined ? null : sealKept(keeper, JSON.stringify(secret)),
  };
  try {
    await insert(keeper, oauth2Clients, [row]);
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw problem(ErrorReason.CONFLICT, { reason: "A client of this id exists already." });
  }
  return row;
}

/** Puts a client in the place of what it was. Its secret stays where none is given. Tells whether there is one. */
export async function replaceClient(keeper: Keeper, { clientId, metadata, secret }: NewClient): Promise<boolean> {
  const changes = {
    metadata,
    updatedAt: keeper.now(),
    ...(secret !== undefined && { secret: sealKept(keeper, JSON.stringify(secret)) }),
  };
  return (await change(keeper, oauth2Clients, changes, (query) => query.where("clientId", "=", clientId))) > 0;
}

/** Removes a client with all that it was given, and tells whether there was one. */
export const removeClient = (ctx: Context, clientId: string): Promise<boolean> =>
  ctx.tx(async (tx) => {
    const removed = await remove(tx, oauth2Clients, (query) => query.where("clientId", "=", clientId));
    if (removed) await remove(tx, oauth2Objects, (query) => query.where("clientId", "=", clientId));
    return removed > 0;
  });

/** The same for a client that removes itself (RFC 7592, section 2.3), whose tokens the provider revokes. */
export const removeClientAlone = async (keeper: Keeper, clientId: string): Promise<void> =>
  void (await remove(keeper, oauth2Clients, (query) => query.where("clientId", "=", clientId)));
