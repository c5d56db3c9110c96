import { decodeInstant, decodeJson, decodeObjects, type JsonSql } from "../db/json-sql.ts";

/** An address that can be verified, as read. */
export interface VerifiableAddressRow {
  id: string;
  via: "email" | "sms";
  value: string;
  verified: boolean;
  verifiedAt: Date | null;
  status: "pending" | "sent" | "completed";
  createdAt: Date;
  updatedAt: Date;
}

/** An address for recovery, as read. */
export interface RecoveryAddressRow {
  id: string;
  via: "email" | "sms";
  value: string;
  createdAt: Date;
  updatedAt: Date;
}

/** A credential with its identifiers, as read. */
export interface CredentialRow {
  id: string;
  type: string;
  config: Record<string, unknown>;
  version: number;
  /** How often it has been written. */
  revision: number;
  identifiers: string[];
  createdAt: Date;
  updatedAt: Date;
}

/** An identity with its addresses, as read: its members are named as the entity's. */
export interface IdentityRow {
  id: string;
  createdAt: Date;
  updatedAt: Date;
  schemaId: string;
  state: "active" | "inactive";
  stateChangedAt: Date | null;
  traits: Record<string, unknown>;
  metadataPublic: object | string | number | boolean | null;
  metadataAdmin: object | string | number | boolean | null;
  externalId: string | null;
  organizationId: string | null;
  region: string | null;
  /** The kinds of credentials that are second factors, divided by spaces. */
  secondFactors: string;
  verifiableAddresses: VerifiableAddressRow[];
  recoveryAddresses: RecoveryAddressRow[];
}

/** An identity with its addresses and credentials, as read. */
export interface IdentityWithCredentialsRow extends IdentityRow {
  credentials: CredentialRow[];
}

/** The columns of an identity `i` and its addresses, for `decodeIdentity`. */
export function identityColumns({ text, objects }: JsonSql): string {
  const times = (table: string) => ({ createdAt: `${table}.created_at`, updatedAt: `${table}.updated_at` });
  const verifiable = objects("identity_verifiable_addresses v", "v.identity_id = i.id", {
    id: "v.id",
    via: "v.via",
    value: "v.value",
    verified: "v.verified",
    verifiedAt: "v.verified_at",
    status: "v.status",
    ...times("v"),
  });
  const recovery = objects("identity_recovery_addresses r", "r.identity_id = i.id", {
    id: "r.id",
    via: "r.via",
    value: "r.value",
    ...times("r"),
  });
  return `i.id as i_id, i.created_at as i_created_at, i.updated_at as i_updated_at, i.schema_id, i.state,
    i.state_changed_at, ${text("i.traits")} as traits, ${text("i.metadata_public")} as metadata_public,
    ${text("i.metadata_admin")} as metadata_admin, i.external_id, i.organization_id, i.region, i.second_factors,
    ${text(verifiable)} as verifiable_addresses, ${text(recovery)} as recovery_addresses`;
}

/** The credentials of an identity `i`, for `decodeCredentials`. */
export function credentialColumns({ text, nested, objects, values }: JsonSql): string {
  const credentials = objects("identity_credentials c", "c.identity_id = i.id", {
    id: "c.id",
    type: "c.type",
    config: nested("c.config"),
    version: "c.version",
    revision: "c.revision",
    identifiers: values("identity_credential_identifiers n", "n.credential_id = c.id", "n.identifier"),
    createdAt: "c.created_at",
    updatedAt: "c.updated_at",
  });
  return `${text(credentials)} as credentials`;
}

/** The columns that `identityColumns` selects. */
export interface IdentityColumns {
  i_id: string;
  i_created_at: number;
  i_updated_at: number;
  schema_id: string;
  state: "active" | "inactive";
  state_changed_at: number | null;
  traits: string;
  metadata_public: string | null;
  metadata_admin: string | null;
  external_id: string | null;
  organization_id: string | null;
  region: string | null;
  second_factors: string;
  verifiable_addresses: string | null;
  recovery_addresses: string | null;
}

/** Turns the columns of `identityColumns` into an identity. */
export function decodeIdentity(row: IdentityColumns): IdentityRow {
  return {
    id: row.i_id,
    createdAt: new Date(row.i_created_at),
    updatedAt: new Date(row.i_updated_at),
    schemaId: row.schema_id,
    state: row.state,
    stateChangedAt: decodeInstant(row.state_changed_at),
    traits: decodeJson(row.traits),
    metadataPublic: decodeJson(row.metadata_public),
    metadataAdmin: decodeJson(row.metadata_admin),
    externalId: row.external_id,
    organizationId: row.organization_id,
    region: row.region,
    secondFactors: row.second_factors,
    verifiableAddresses: decodeObjects<Raw<VerifiableAddressRow>>(row.verifiable_addresses).map((address) => ({
      ...address,
      ...decodeTimes(address),
      verified: Boolean(address.verified),
      verifiedAt: decodeInstant(address.verifiedAt),
    })),
    recoveryAddresses: decodeObjects<Raw<RecoveryAddressRow>>(row.recovery_addresses).map((address) => ({
      ...address,
      ...decodeTimes(address),
    })),
  };
}

/** Turns the column of `credentialColumns` into credentials. */
export function decodeCredentials(column: string | null): CredentialRow[] {
  return decodeObjects<Raw<CredentialRow>>(column).map((credential) => ({
    ...credential,
    ...decodeTimes(credential),
    config: decodeJson<Record<string, unknown>>(credential.config),
    identifiers: (decodeJson<string[] | null>(credential.identifiers) ?? []).toSorted(),
  }));
}

/** A row inside of a document: moments are still numbers. */
type Raw<Row> = { [Name in keyof Row]: Date extends Row[Name] ? Exclude<Row[Name], Date> | number : Row[Name] };

function decodeTimes(row: { createdAt: number; updatedAt: number }): { createdAt: Date; updatedAt: Date } {
  return { createdAt: new Date(row.createdAt), updatedAt: new Date(row.updatedAt) };
}
