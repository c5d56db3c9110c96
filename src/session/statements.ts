import type { Database } from "../db/database.ts";
import { isUuid } from "../db/id.ts";
import { decodeJson, decodeObjects, inEveryDialect } from "../db/json-sql.ts";
import { statement } from "../db/statement.ts";
import { decodeIdentity, identityColumns, type IdentityColumns, type IdentityRow } from "../identity/rows.ts";
import type { SessionMethod } from "./entities.ts";

/** From where a session was started or lifted, as read. */
export interface SessionDeviceRow {
  id: string;
  ipAddress: string | null;
  userAgent: string | null;
  location: string | null;
}

/** A session with its identity and devices, as read: its members are named as the entity's. */
export interface SessionRow {
  id: string;
  /** As stored: whether it has expired, or its identity is inactive, is for the reader to see. */
  active: boolean;
  aal: 0 | 1 | 2;
  methods: SessionMethod[];
  authenticatedAt: Date;
  issuedAt: Date;
  expiresAt: Date;
  createdAt: Date;
  updatedAt: Date;
  identity: IdentityRow;
  devices: SessionDeviceRow[];
}

/** The columns that `selectSessions` selects. */
export interface SessionColumns extends IdentityColumns {
  id: string;
  active: number | boolean;
  aal: 0 | 1 | 2;
  methods: string;
  authenticated_at: number;
  issued_at: number;
  expires_at: number;
  created_at: number;
  updated_at: number;
  devices: string | null;
}

/** Selects sessions `s` with their identities `i` and devices, for `decodeSession`. */
export const selectSessions = (condition: string) =>
  inEveryDialect((sql) => {
    const devices = sql.objects("session_devices d", "d.session_id = s.id", {
      id: "d.id",
      ipAddress: "d.ip_address",
      userAgent: "d.user_agent",
      location: "d.location",
    });
    return `select s.id, s.active, s.aal, ${sql.text("s.methods")} as methods, s.authenticated_at, s.issued_at,
      s.expires_at, s.created_at, s.updated_at, ${sql.text(devices)} as devices, ${identityColumns(sql)}
    from sessions s join identities i on i.id = s.identity_id where ${condition}`;
  });

const byToken = statement("session_by_token", selectSessions("s.token_hash = ?"));
const byId = statement("session_by_id", selectSessions("s.id = ?"));

/** The session that a token opens, whatever its state, by the SHA-256 of the token in hex. */
export async function sessionByToken(db: Database, tokenHash: string): Promise<SessionRow | undefined> {
  const [row] = await db.read<SessionColumns>(byToken, [tokenHash]);
  return row && decodeSession(row);
}

/** A session by its id, whatever its state. */
export async function sessionById(db: Database, id: string): Promise<SessionRow | undefined> {
  if (!isUuid(id)) return undefined;
  const [row] = await db.read<SessionColumns>(byId, [id.toLowerCase()]);
  return row && decodeSession(row);
}

/** Turns the columns of `selectSessions` into a session. */
export function decodeSession(row: SessionColumns): SessionRow {
  return {
    id: row.id,
    active: Boolean(row.active),
    aal: row.aal,
    methods: decodeJson(row.methods),
    authenticatedAt: new Date(row.authenticated_at),
    issuedAt: new Date(row.issued_at),
    expiresAt: new Date(row.expires_at),
    createdAt: new Date(row.created_at),
    updatedAt: new Date(row.updated_at),
    identity: decodeIdentity(row),
    devices: decodeObjects<SessionDeviceRow>(row.devices),
  };
}
