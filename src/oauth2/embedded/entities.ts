import { defineEntity, p } from "@mikro-orm/core";
import { goesWith, identified, instant, json, longText, uuid } from "../../db/columns.ts";
import { tableOf } from "../../db/table.ts";
import { IdentitySchema } from "../../identity/entities.ts";

/** What is stored of a client beside its secret: its metadata (RFC 7591, OpenID Connect Registration), by their names there. */
export type ClientDocument = Readonly<Record<string, unknown>>;

/** Describes the table `oauth2_clients`. */
export const OAuth2ClientSchema = defineEntity({
  name: "OAuth2Client",
  tableName: "oauth2_clients",
  uniques: [{ name: "oauth2_clients_nid_client_id_unique", properties: ["nid", "clientId"] }],
  indexes: [{ name: "oauth2_clients_nid_id_index", properties: ["nid", "id"] }],
  properties: {
    ...identified,
    clientId: p.string().length(255),
    metadata: json<ClientDocument>(),
    // Sealed, since `client_secret_jwt` takes it as it is; null for clients without.
    secret: longText().strictNullable(),
  },
});

/** An application that may ask for tokens. */
export const oauth2Clients = tableOf(OAuth2ClientSchema);

/** Describes the table `oauth2_objects`. */
export const OAuth2ObjectSchema = defineEntity({
  name: "OAuth2Object",
  tableName: "oauth2_objects",
  uniques: [
    { name: "oauth2_objects_nid_key_hash_unique", properties: ["nid", "keyHash"] },
    { name: "oauth2_objects_nid_alias_hash_unique", properties: ["nid", "aliasHash"] },
  ],
  indexes: [
    { name: "oauth2_objects_nid_grant_hash_index", properties: ["nid", "grantHash"] },
    { name: "oauth2_objects_nid_client_id_index", properties: ["nid", "clientId"] },
    {
      name: "oauth2_objects_identity_id_nid_model_client_index",
      properties: ["identityId", "nid", "model", "clientId"],
    },
  ],
  properties: {
    ...identified,
    model: p.string().length(40),
    // Of what it is found by the SHA-256 alone is known: codes and tokens are worth nothing to who reads the table.
    keyHash: p.string().length(64),
    aliasHash: p.string().length(64).strictNullable(),
    grantHash: p.string().length(64).strictNullable(),
    clientId: p.string().length(255).strictNullable(),
    // The index on identity, model and client serves the foreign key as well.
    identityId: uuid().strictNullable(),
    identity: () => goesWith(IdentitySchema, "identity_id", "oauth2_objects"),
    // Sealed, since it repeats the code or token.
    payload: longText(),
    consumedAt: instant().strictNullable(),
    expiresAt: instant().index("oauth2_objects_expires_at_index"),
  },
});

/** A code, token, grant, session or request of OAuth 2.0, as `oidc-provider` keeps them. */
export const oauth2Objects = tableOf(OAuth2ObjectSchema);
