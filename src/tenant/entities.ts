import { defineEntity, p } from "@mikro-orm/core";
import type { PublicJwk } from "../crypto/jws.ts";
import { identified, instant, json, longCount, longText, oneOf, stamped, uuid } from "../db/columns.ts";
import { tableOf } from "../db/table.ts";

/** What of a tenant's settings is stored: sealed, since they may hold secrets. */
export interface SealedSettings {
  readonly sealed: string;
}

/** Describes the table `tenants`. */
export const TenantSchema = defineEntity({
  name: "Tenant",
  tableName: "tenants",
  checks: [oneOf("tenants", "state", ["active", "inactive", "deleting"])],
  properties: {
    ...stamped,
    slug: p.string().length(63).unique("tenants_slug_unique"),
    state: p.string().length(16).$type<"active" | "inactive" | "deleting">().default("active"),
    settings: json<SealedSettings>().nullable(),
    // Counts the changes of all tenants in the row of the default one: by it servers see that something has changed.
    revision: p.integer().default(0),
    // The same for the providers that are kept in the database.
    providersRevision: p.integer().default(0),
    // The same for subscriptions to events.
    subscriptionsRevision: p.integer().default(0),
  },
});

/** Describes the table `tenant_hosts`: a host name by which clients call, and whose it is. */
export const TenantHostSchema = defineEntity({
  name: "TenantHost",
  tableName: "tenant_hosts",
  properties: {
    host: p.string().length(253).primary(),
    tenantId: uuid().index("tenant_hosts_tenant_id_index"),
    position: p.smallint(),
    createdAt: instant(),
  },
});

/** Describes the table `signing_keys`. */
export const SigningKeySchema = defineEntity({
  name: "SigningKey",
  tableName: "signing_keys",
  // Of servers that make the next key at the same time, one does.
  uniques: [{ name: "signing_keys_nid_purpose_generation_unique", properties: ["nid", "purpose", "generation"] }],
  properties: {
    ...identified,
    purpose: p.string().length(16),
    generation: p.integer(),
    publicKey: json<PublicJwk>(),
    // Sealed; a JWK.
    privateKey: longText(),
    signsFrom: instant(),
    // The longest that any of its tokens lives, in milliseconds.
    tokensLast: longCount(),
  },
});

/** A key by which the server itself signs for a tenant: sessions as tokens, tokens of OAuth 2.0. */
export const signingKeys = tableOf(SigningKeySchema);

/** Somebody whose accounts are kept apart from everybody else's. */
export const tenants = tableOf(TenantSchema);
