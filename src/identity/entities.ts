import { defineEntity, p } from "@mikro-orm/core";
import { identified, instant, json, uuid } from "../db/columns.ts";

const IdentitySchema = defineEntity({
  name: "Identity",
  tableName: "identities",
  properties: {
    ...identified,
    schemaId: p.string().length(255),
    state: p.string().length(16).$type<"active" | "inactive">().default("active"),
    stateChangedAt: instant().strictNullable(),
    traits: json<Record<string, unknown>>(),
    metadataPublic: json<object | string | number | boolean>().strictNullable(),
    metadataAdmin: json<object | string | number | boolean>().strictNullable(),
    externalId: p.string().length(512).strictNullable().unique("identities_external_id_unique"),
    organizationId: uuid().strictNullable().index("identities_organization_id_index"),
    region: p.string().length(32).strictNullable(),
    // The kinds of credentials that are second factors, divided by spaces: what they are worth is for the configuration to say.
    secondFactors: p.string().length(255).default(""),
    credentials: () => p.oneToMany(Credential).mappedBy("identity").orphanRemoval(),
    verifiableAddresses: () => p.oneToMany(VerifiableAddress).mappedBy("identity").orphanRemoval(),
    recoveryAddresses: () => p.oneToMany(RecoveryAddress).mappedBy("identity").orphanRemoval(),
  },
});

/** A person or a thing that signs in. */
export class Identity extends IdentitySchema.class {}
IdentitySchema.setClass(Identity);

const CredentialSchema = defineEntity({
  name: "Credential",
  tableName: "identity_credentials",
  uniques: [{ name: "identity_credentials_identity_id_type_unique", properties: ["identity", "type"] }],
  properties: {
    ...identified,
    // The unique key begins with the identity: an index of its own would repeat it.
    identity: () => p.manyToOne(Identity).deleteRule("cascade").index(false),
    type: p.string().length(32),
    config: json<Record<string, unknown>>(),
    version: p.integer().default(0),
    // Counts the writes, so that a write can depend on nobody having written in between.
    revision: p.integer().default(0),
    identifiers: () => p.oneToMany(CredentialIdentifier).mappedBy("credential").orphanRemoval(),
  },
});

/** What an identity proves itself with. Its method alone knows the shape of `config`. */
export class Credential extends CredentialSchema.class {}
CredentialSchema.setClass(Credential);

const CredentialIdentifierSchema = defineEntity({
  name: "CredentialIdentifier",
  tableName: "identity_credential_identifiers",
  uniques: [{ name: "identity_credential_identifiers_type_identifier_unique", properties: ["type", "identifier"] }],
  properties: {
    ...identified,
    credential: () =>
      p.manyToOne(Credential).deleteRule("cascade").index("identity_credential_identifiers_credential_id_index"),
    type: p.string().length(32),
    identifier: p.string().length(512),
  },
});

/** A name by which a credential is found at sign-in. Its type repeats the credential's, for the sake of the unique key. */
export class CredentialIdentifier extends CredentialIdentifierSchema.class {}
CredentialIdentifierSchema.setClass(CredentialIdentifier);

const CredentialKeySchema = defineEntity({
  name: "CredentialKey",
  tableName: "identity_credential_keys",
  properties: {
    ...identified,
    credential: () => p.manyToOne(Credential).deleteRule("cascade").index("identity_credential_keys_credential_id_index"),
    keyHash: p.string().length(64).unique("identity_credential_keys_key_hash_unique"),
  },
});

/** That a credential holds a key of an authenticator: a row for the unique key, which documents cannot have. */
export class CredentialKey extends CredentialKeySchema.class {}
CredentialKeySchema.setClass(CredentialKey);

const VerifiableAddressSchema = defineEntity({
  name: "VerifiableAddress",
  tableName: "identity_verifiable_addresses",
  uniques: [{ name: "identity_verifiable_addresses_via_value_unique", properties: ["via", "value"] }],
  properties: {
    ...identified,
    identity: () =>
      p.manyToOne(Identity).deleteRule("cascade").index("identity_verifiable_addresses_identity_id_index"),
    via: p.string().length(16).$type<"email" | "sms">(),
    value: p.string().length(512),
    verified: p.boolean().default(false),
    verifiedAt: instant().strictNullable(),
    status: p.string().length(16).$type<"pending" | "sent" | "completed">().default("pending"),
  },
});

/** An address that an identity can show to be its own. */
export class VerifiableAddress extends VerifiableAddressSchema.class {}
VerifiableAddressSchema.setClass(VerifiableAddress);

const RecoveryAddressSchema = defineEntity({
  name: "RecoveryAddress",
  tableName: "identity_recovery_addresses",
  uniques: [{ name: "identity_recovery_addresses_via_value_unique", properties: ["via", "value"] }],
  properties: {
    ...identified,
    identity: () => p.manyToOne(Identity).deleteRule("cascade").index("identity_recovery_addresses_identity_id_index"),
    via: p.string().length(16).$type<"email" | "sms">(),
    value: p.string().length(512),
  },
});

/** An address to which an identity's way back is sent. */
export class RecoveryAddress extends RecoveryAddressSchema.class {}
RecoveryAddressSchema.setClass(RecoveryAddress);
