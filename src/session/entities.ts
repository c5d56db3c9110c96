import { defineEntity, p } from "@mikro-orm/core";
import { between, goesWith, identified, instant, json, uuid } from "../db/columns.ts";
import { tableOf } from "../db/table.ts";
import { IdentitySchema } from "../identity/entities.ts";

/** One proof that a session rests on, as it is stored and shown. */
export interface SessionMethod {
  method: string;
  aal: "aal1" | "aal2";
  /** RFC 3339. */
  completed_at: string;
  provider?: string;
  organization?: string;
  upstream_acr?: string;
  upstream_amr?: string[];
}

/** Who acts in a session in place of its person (RFC 8693, section 4.1), as it is stored and shown. */
export interface SessionAct {
  /** The id of an administrator's identity or of an API key, or the name of a certificate. */
  readonly sub: string;
  readonly kind: "administrator" | "api_key" | "certificate";
  /** Why, in their own words. */
  readonly reason: string;
}

/** Describes the table `sessions`. */
export const SessionSchema = defineEntity({
  name: "Session",
  tableName: "sessions",
  uniques: [{ name: "sessions_nid_token_hash_unique", properties: ["nid", "tokenHash"] }],
  indexes: [
    { name: "sessions_nid_id_index", properties: ["nid", "id"] },
    { name: "sessions_nid_last_seen_at_id_index", properties: ["nid", "lastSeenAt", "id"] },
    { name: "sessions_identity_id_nid_active_index", properties: ["identityId", "nid", "active"] },
  ],
  checks: [between("sessions", "aal", 0, 3)],
  properties: {
    ...identified,
    // The index on identity and activity serves the foreign key as well.
    identityId: uuid(),
    identity: () => goesWith(IdentitySchema, "identity_id", "sessions"),
    tokenHash: p.string().length(64).hidden(),
    active: p.boolean().default(true),
    aal: p.smallint().$type<0 | 1 | 2>(),
    methods: json<SessionMethod[]>(),
    authenticatedAt: instant(),
    issuedAt: instant(),
    expiresAt: instant().index("sessions_expires_at_index"),
    // When it was last begun, confirmed or given a token, and when it was used, where that is noted.
    lastSeenAt: instant(),
    // Null where its person acts themselves.
    act: json<SessionAct>().strictNullable(),
  },
});

/** That somebody has signed in. Of its token only the SHA-256 is known. */
export const sessions = tableOf(SessionSchema);

/** Describes the table `session_devices`. */
export const SessionDeviceSchema = defineEntity({
  name: "SessionDevice",
  tableName: "session_devices",
  indexes: [{ name: "session_devices_session_id_nid_index", properties: ["sessionId", "nid"] }],
  properties: {
    ...identified,
    sessionId: uuid(),
    session: () => goesWith(SessionSchema, "session_id", "session_devices"),
    ipAddress: p.string().length(64).strictNullable(),
    userAgent: p.string().length(512).strictNullable(),
    location: p.string().length(512).strictNullable(),
  },
});

/** From where a session was started or stepped up. */
export const sessionDevices = tableOf(SessionDeviceSchema);
