import { defineEntity, p } from "@mikro-orm/core";
import { goesWith, identified, instant, json, oneOf, uuid } from "../db/columns.ts";
import { tableOf } from "../db/table.ts";
import type { StoredAddress, StoredVerifiableAddress } from "./address-document.ts";

/** Describes the table `identities`. */
export const IdentitySchema = defineEntity({
  name: "Identity",
  tableName: "identities",
  uniques: [{ name: "identities_nid_external_id_unique", properties: ["nid", "externalId"] }],
  indexes: [
    { name: "identities_nid_id_index", properties: ["nid", "id"] },
    { name: "identities_nid_organization_id_index", properties: ["nid", "organizationId"] },
    { name: "identities_nid_state_index", properties: ["nid", "state"] },
    { name: "identities_nid_schema_id_index", properties: ["nid", "schemaId"] },
    { name: "identities_nid_created_at_id_index", properties: ["nid", "createdAt", "id"] },
    { name: "identities_nid_updated_at_id_index", properties: ["nid", "updatedAt", "id"] },
    { name: "identities_nid_last_sign_in_at_id_index", properties: ["nid", "lastSignInAt", "id"] },
  ],
  checks: [oneOf("identities", "state", ["active", "inactive"])],
  properties: {
    ...identified,
    schemaId: p.string().length(255),
    state: p.string().length(16).$type<"active" | "inactive">().default("active"),
    stateChangedAt: instant().strictNullable(),
    traits: json<Record<string, unknown>>(),
    // Read with the account each time, so that they are part of its row; null for none. It is found by `addresses`.
    verifiableAddresses: json<readonly StoredVerifiableAddress[]>().strictNullable(),
    recoveryAddresses: json<readonly StoredAddress[]>().strictNullable(),
    // Of those, whether any is verified: what searches ask for.
    hasVerifiedAddress: p.boolean().default(false),
    metadataPublic: json<object | string | number | boolean>().strictNullable(),
    metadataAdmin: json<object | string | number | boolean>().strictNullable(),
    externalId: p.string().length(512).strictNullable(),
    organizationId: uuid().strictNullable(),
    region: p.string().length(32).strictNullable(),
    // The kinds of credentials that are second factors, divided by spaces: what they are worth is for the configuration to say.
    secondFactors: p.string().length(255).default(""),
    // When a session of its own last began, 1970 for never: engines order what is null differently.
    lastSignInAt: instant().default(0 as never),
    // When it is deleted, as its owner has asked for.
    deletionDueAt: instant().strictNullable().index("identities_deletion_due_at_index"),
  },
});

/** A person or a thing that signs in. */
export const identities = tableOf(IdentitySchema);

/** Describes the table `identity_credentials`. */
export const CredentialSchema = defineEntity({
  name: "Credential",
  tableName: "identity_credentials",
  indexes: [{ name: "identity_credentials_identity_id_nid_index", properties: ["identityId", "nid"] }],
  uniques: [{ name: "identity_credentials_nid_type_identity_id_unique", properties: ["nid", "type", "identityId"] }],
  properties: {
    ...identified,
    identityId: uuid(),
    identity: () => goesWith(IdentitySchema, "identity_id", "identity_credentials"),
    type: p.string().length(32),
    config: json<Record<string, unknown>>(),
    version: p.integer().default(0),
    // Counts the writes, so that a write can depend on nobody having written in between.
    revision: p.integer().default(0),
  },
});

/** What an identity proves itself with. Its method alone knows the shape of `config`. */
export const credentials = tableOf(CredentialSchema);

/** Describes the table `identity_credential_identifiers`. */
export const CredentialIdentifierSchema = defineEntity({
  name: "CredentialIdentifier",
  tableName: "identity_credential_identifiers",
  uniques: [
    { name: "identity_credential_identifiers_nid_type_identifier_unique", properties: ["nid", "type", "identifier"] },
  ],
  indexes: [{ name: "identity_credential_identifiers_credential_id_nid_index", properties: ["credentialId", "nid"] }],
  properties: {
    ...identified,
    credentialId: uuid(),
    credential: () => goesWith(CredentialSchema, "credential_id", "identity_credential_identifiers"),
    type: p.string().length(32),
    identifier: p.string().length(512),
  },
});

/** A name by which a credential is found at sign-in. Its type repeats the credential's, for the sake of the unique key. */
export const credentialIdentifiers = tableOf(CredentialIdentifierSchema);

/** Describes the table `identity_credential_keys`. */
export const CredentialKeySchema = defineEntity({
  name: "CredentialKey",
  tableName: "identity_credential_keys",
  uniques: [{ name: "identity_credential_keys_nid_key_hash_unique", properties: ["nid", "keyHash"] }],
  indexes: [{ name: "identity_credential_keys_credential_id_nid_index", properties: ["credentialId", "nid"] }],
  properties: {
    ...identified,
    credentialId: uuid(),
    credential: () => goesWith(CredentialSchema, "credential_id", "identity_credential_keys"),
    keyHash: p.string().length(64),
  },
});

/** That a credential holds a key of an authenticator: a row for the unique key, which documents cannot have. */
export const credentialKeys = tableOf(CredentialKeySchema);

/** Describes the table `identity_imports`. */
export const IdentityImportSchema = defineEntity({
  name: "IdentityImport",
  tableName: "identity_imports",
  properties: {
    ...identified,
    // Nothing refers to it: what somebody has deleted stays deleted when the import that had made it is sent again.
    identityId: uuid(),
    expiresAt: instant().index("identity_imports_expires_at_index"),
  },
});

/** Which identity an import has made of which of its keys: its id is made of both, so that it is the unique key as well. */
export const identityImports = tableOf(IdentityImportSchema);

/** Describes the table `identity_addresses`. */
export const AddressSchema = defineEntity({
  name: "Address",
  tableName: "identity_addresses",
  uniques: [
    { name: "identity_addresses_nid_purpose_via_value_unique", properties: ["nid", "purpose", "via", "value"] },
  ],
  indexes: [{ name: "identity_addresses_identity_id_nid_index", properties: ["identityId", "nid"] }],
  checks: [
    oneOf("identity_addresses", "purpose", ["verification", "recovery"]),
    oneOf("identity_addresses", "via", ["email", "sms"]),
  ],
  properties: {
    ...identified,
    identityId: uuid(),
    identity: () => goesWith(IdentitySchema, "identity_id", "identity_addresses"),
    purpose: p.string().length(16).$type<"verification" | "recovery">(),
    via: p.string().length(16).$type<"email" | "sms">(),
    value: p.string().length(512),
  },
});

/** By which address an identity is found, and what for: rows for the unique key, which the documents that hold them cannot have. */
export const addresses = tableOf(AddressSchema);
