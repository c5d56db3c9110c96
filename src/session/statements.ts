import type { Reach } from "../db/connection.ts";
import { isUuid } from "../db/id.ts";
import { decodeRows, inEveryDialect } from "../db/json-sql.ts";
import { decoderOf, memberDecoderOf, members, selectList } from "../db/row.ts";
import { type Dialect, statement } from "../db/statement.ts";
import { type RowOf, without } from "../db/table.ts";
import { decodeIdentity, identityColumns, type IdentityColumns, type IdentityRow } from "../identity/rows.ts";
import { sessionDevices, sessions } from "./entities.ts";

const shown = without(sessions, "tokenHash", "identityId");
const shownDevice = without(sessionDevices, "sessionId", "createdAt", "updatedAt");

/** From where a session was started or stepped up, as read. */
export type SessionDeviceRow = RowOf<typeof shownDevice>;

/**
 * A session with its identity and devices, as read. Whether it is active is told as stored: whether it has expired, or its
 * identity is inactive, is for the reader to see.
 */
export interface SessionRow extends RowOf<typeof shown> {
  identity: IdentityRow;
  devices: SessionDeviceRow[];
}

/** The columns that `selectSessions` selects. */
export type SessionColumns = IdentityColumns & Readonly<Record<string, unknown>> & { readonly devices: string | null };

/**
 * How tables are joined in the order in which they stand. SQLite, once it has statistics, goes through all identities for a
 * page of sessions, and sorts.
 */
const inThisOrder: Record<Dialect, string> = { sqlite: "cross join", postgresql: "join", mysql: "join" };

/** Selects sessions `s` of a tenant, with their identities `i` and devices, for `decodeSession`. The tenant comes first. */
export const selectSessions = (condition: string) =>
  inEveryDialect((sql, dialect) => {
    const devices = sql.rows(
      "session_devices d",
      "d.nid = s.nid and d.session_id = s.id",
      members(sql, shownDevice, "d"),
    );
    return `select ${selectList(sql, shown, "s")}, ${sql.text(devices)} as devices, ${identityColumns(sql)}
    from sessions s ${inThisOrder[dialect]} identities i on i.nid = s.nid and i.id = s.identity_id where s.nid = ? and ${condition}`;
  });

const byToken = statement("session_by_token", selectSessions("s.token_hash = ?"));
const byId = statement("session_by_id", selectSessions("s.id = ?"));

/** The session that a token opens, whatever its state, by the SHA-256 of the token in hex. */
export async function sessionByToken({ db, tenant }: Reach, tokenHash: string): Promise<SessionRow | undefined> {
  const [row] = await db.read<SessionColumns>(byToken, [tenant.id, tokenHash]);
  return row && decodeSession(row);
}

/** A session by its id, whatever its state. */
export async function sessionById({ db, tenant }: Reach, id: string): Promise<SessionRow | undefined> {
  if (!isUuid(id)) return undefined;
  const [row] = await db.read<SessionColumns>(byId, [tenant.id, id.toLowerCase()]);
  return row && decodeSession(row);
}

const sessionOf = decoderOf(shown);
const deviceOf = memberDecoderOf(shownDevice);

/** Turns the columns of `selectSessions` into a session. */
export function decodeSession(row: SessionColumns): SessionRow {
  const session = sessionOf(row) as SessionRow;
  session.identity = decodeIdentity(row);
  session.devices = decodeRows(row.devices).map(deviceOf);
  return session;
}
