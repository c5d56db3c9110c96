import { defineEntity, p } from "@mikro-orm/core";
import { goesWith, identified, instant, json, longCount, oneOf, uuid } from "../db/columns.ts";
import { tableOf } from "../db/table.ts";
import type { Actor } from "../events/cause.ts";
import { IdentitySchema } from "../identity/entities.ts";
import { SessionSchema } from "../session/entities.ts";
import type { SessionAct } from "../session/entities.ts";
import { roleNames, type Role } from "./roles.ts";

/** Describes the table `api_keys`. */
export const ApiKeySchema = defineEntity({
  name: "ApiKey",
  tableName: "api_keys",
  uniques: [{ name: "api_keys_nid_secret_hash_unique", properties: ["nid", "secretHash"] }],
  indexes: [{ name: "api_keys_nid_id_index", properties: ["nid", "id"] }],
  properties: {
    ...identified,
    name: p.string().length(128),
    hint: p.string().length(16),
    secretHash: p.string().length(64).hidden(),
    scopes: json<string[]>(),
    allTenants: p.boolean(),
    createdByKind: p.string().length(16).$type<Actor["kind"]>(),
    createdById: uuid().strictNullable(),
    expiresAt: instant().strictNullable(),
    // To the minute.
    lastUsedAt: instant().strictNullable(),
  },
});

/** A key by which a program calls the admin API. Of its secret only the SHA-256 is known. */
export const apiKeys = tableOf(ApiKeySchema);

/** Describes the table `administrators`. */
export const AdministratorSchema = defineEntity({
  name: "Administrator",
  tableName: "administrators",
  indexes: [{ name: "administrators_nid_id_index", properties: ["nid", "id"] }],
  checks: [oneOf("administrators", "role", roleNames)],
  properties: {
    // The identity's.
    ...identified,
    identity: () => goesWith(IdentitySchema, "id", "administrators"),
    role: p.string().length(16).$type<Role>(),
  },
});

/** That an identity administers. */
export const administrators = tableOf(AdministratorSchema);

/** Describes the table `console_sessions`. */
export const ConsoleSessionSchema = defineEntity({
  name: "ConsoleSession",
  tableName: "console_sessions",
  uniques: [{ name: "console_sessions_nid_token_hash_unique", properties: ["nid", "tokenHash"] }],
  indexes: [{ name: "console_sessions_session_id_nid_index", properties: ["sessionId", "nid"] }],
  properties: {
    ...identified,
    sessionId: uuid(),
    session: () => goesWith(SessionSchema, "session_id", "console_sessions"),
    // Of the token, or of the code that a browser exchanges for it.
    tokenHash: p.string().length(64).hidden(),
    // The SHA-256 of what the browser keeps that may exchange the code; null once it has.
    challenge: p.string().length(64).strictNullable(),
    lastUsedAt: instant(),
    expiresAt: instant().index("console_sessions_expires_at_index"),
  },
});

/** That an administrator is signed in to the console, or about to be. It ends with the session that they have signed in to. */
export const consoleSessions = tableOf(ConsoleSessionSchema);

/** Describes the table `impersonation_links`. */
export const ImpersonationLinkSchema = defineEntity({
  name: "ImpersonationLink",
  tableName: "impersonation_links",
  uniques: [{ name: "impersonation_links_nid_token_hash_unique", properties: ["nid", "tokenHash"] }],
  indexes: [{ name: "impersonation_links_identity_id_nid_index", properties: ["identityId", "nid"] }],
  properties: {
    ...identified,
    identityId: uuid(),
    identity: () => goesWith(IdentitySchema, "identity_id", "impersonation_links"),
    tokenHash: p.string().length(64).hidden(),
    act: json<SessionAct>(),
    // Of the session that it opens, in milliseconds.
    lifespan: longCount(),
    expiresAt: instant().index("impersonation_links_expires_at_index"),
  },
});

/** A link by which a browser is signed in as somebody else, once. */
export const impersonationLinks = tableOf(ImpersonationLinkSchema);
