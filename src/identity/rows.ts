import { decodeJson, decodeRows, type JsonSql } from "../db/json-sql.ts";
import { type Decoding, decoderOf, memberDecoderOf, members, selectList } from "../db/row.ts";
import { type RowOf, without } from "../db/table.ts";
import { JsonDocument } from "../rest/json-document.ts";
import { Moment } from "../rest/timestamp.ts";
import { credentials, identities, recoveryAddresses, verifiableAddresses } from "./entities.ts";

const verifiable = without(verifiableAddresses, "identityId");
const recovery = without(recoveryAddresses, "identityId");
const credential = without(credentials, "identityId");

/** An address that can be verified, as read. */
export type VerifiableAddressRow = RowOf<typeof verifiable>;

/** An address for recovery, as read. */
export type RecoveryAddressRow = RowOf<typeof recovery>;

/** A credential with its identifiers, as read. */
export interface CredentialRow extends RowOf<typeof credential> {
  identifiers: string[];
}

/** An identity with its addresses, as read. */
export interface IdentityRow extends RowOf<typeof identities> {
  verifiableAddresses: VerifiableAddressRow[];
  recoveryAddresses: RecoveryAddressRow[];
}

/** An identity with its addresses and credentials, as read. */
export interface IdentityWithCredentialsRow extends IdentityRow {
  credentials: CredentialRow[];
}

/** A row that is only shown: moments and documents are made for the answer at once. */
export type Shown<Row> = {
  [P in keyof Row]: Row[P] extends readonly (infer Member)[] ? Shown<Member>[] : ShownValue<Row[P]>;
};

type ShownValue<Value> = Value extends Date ? Moment : Value extends object ? JsonDocument : Value;

const prefix = "i_";

/** The columns of an identity `i` and its addresses, for `decodeIdentity`. */
export function identityColumns(sql: JsonSql): string {
  const ofIdentity = (alias: string) => `${alias}.nid = i.nid and ${alias}.identity_id = i.id`;
  const toVerify = sql.rows("identity_verifiable_addresses v", ofIdentity("v"), members(sql, verifiable, "v"));
  const toRecover = sql.rows("identity_recovery_addresses r", ofIdentity("r"), members(sql, recovery, "r"));
  return `${selectList(sql, identities, "i", prefix)}, ${sql.text(toVerify)} as verifiable_addresses, ${sql.text(toRecover)} as recovery_addresses`;
}

/** The credentials of an identity `i`, for `decodeCredentials`. */
export function credentialColumns(sql: JsonSql): string {
  const names = sql.values(
    "identity_credential_identifiers n",
    "n.nid = c.nid and n.credential_id = c.id",
    "n.identifier",
  );
  const all = sql.rows("identity_credentials c", "c.nid = i.nid and c.identity_id = i.id", [
    ...members(sql, credential, "c"),
    names,
  ]);
  return `${sql.text(all)} as credentials`;
}

/** The columns that `identityColumns` selects. */
export type IdentityColumns = Readonly<Record<string, unknown>> & {
  readonly i_id: string;
  readonly verifiable_addresses: string | null;
  readonly recovery_addresses: string | null;
};

const identityOf = decoderOf(identities, prefix);
const verifiableOf = memberDecoderOf(verifiable);
const recoveryOf = memberDecoderOf(recovery);
const credentialOf = memberDecoderOf(credential);

/** Turns the columns of `identityColumns` into an identity. */
export function decodeIdentity(row: IdentityColumns): IdentityRow {
  const identity = identityOf(row) as IdentityRow;
  identity.verifiableAddresses = decodeRows(row.verifiable_addresses).map(verifiableOf);
  identity.recoveryAddresses = decodeRows(row.recovery_addresses).map(recoveryOf);
  return identity;
}

const forShow: Decoding = {
  instant: (ms) => new Moment(ms),
  json: (text) => new JsonDocument(text as string),
};
const shownIdentityOf = decoderOf<unknown, Shown<IdentityRow>>(identities, prefix, forShow);
const shownVerifiableOf = memberDecoderOf<unknown, Shown<VerifiableAddressRow>>(verifiable, forShow);
const shownRecoveryOf = memberDecoderOf<unknown, Shown<RecoveryAddressRow>>(recovery, forShow);

/** The same, for those who only show it over REST. */
export function decodeShown(row: IdentityColumns): Shown<IdentityRow> {
  const identity = shownIdentityOf(row);
  identity.verifiableAddresses = decodeRows(row.verifiable_addresses).map(shownVerifiableOf);
  identity.recoveryAddresses = decodeRows(row.recovery_addresses).map(shownRecoveryOf);
  return identity;
}

/** Turns the column of `credentialColumns` into credentials. */
export const decodeCredentials = (column: string | null): CredentialRow[] =>
  decodeRows(column).map((values) => ({
    ...credentialOf(values),
    identifiers: (decodeJson<string[] | null>(values.at(-1)) ?? []).toSorted(),
  }));
