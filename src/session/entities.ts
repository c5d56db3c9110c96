import { defineEntity, p } from "@mikro-orm/core";
import { identified, instant, json } from "../db/columns.ts";
import { Identity } from "../identity/entities.ts";

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

const SessionSchema = defineEntity({
  name: "Session",
  tableName: "sessions",
  indexes: [{ name: "sessions_identity_id_active_index", properties: ["identity", "active"] }],
  properties: {
    ...identified,
    // The index on identity and activity serves the foreign key as well.
    identity: () => p.manyToOne(Identity).deleteRule("cascade").index(false),
    tokenHash: p.string().length(64).unique("sessions_token_hash_unique").hidden(),
    active: p.boolean().default(true),
    aal: p.smallint().$type<0 | 1 | 2>(),
    methods: json<SessionMethod[]>(),
    authenticatedAt: instant(),
    issuedAt: instant(),
    expiresAt: instant().index("sessions_expires_at_index"),
    devices: () => p.oneToMany(SessionDevice).mappedBy("session"),
  },
});

/** That somebody has signed in. Of its token only the SHA-256 is known. */
export class Session extends SessionSchema.class {}
SessionSchema.setClass(Session);

const SessionDeviceSchema = defineEntity({
  name: "SessionDevice",
  tableName: "session_devices",
  properties: {
    ...identified,
    session: () => p.manyToOne(Session).deleteRule("cascade").index("session_devices_session_id_index"),
    ipAddress: p.string().length(64).strictNullable(),
    userAgent: p.string().length(512).strictNullable(),
    location: p.string().length(512).strictNullable(),
  },
});

/** From where a session was started or lifted. */
export class SessionDevice extends SessionDeviceSchema.class {}
SessionDeviceSchema.setClass(SessionDevice);
