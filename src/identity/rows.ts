import { decodeJson, decodeRows, type JsonSql } from "../db/json-sql.ts";
import { type Decoding, decoderOf, memberDecoderOf, members, selectList } from "../db/row.ts";
import { type RowOf, without } from "../db/table.ts";
import { JsonDocument } from "../rest/json-document.ts";
import { Moment } from "../rest/timestamp.ts";
import { readRecovery, readVerifiable } from "./address-document.ts";
import type { RecoveryAddressRow, VerifiableAddressRow } from "./address-document.ts";
import { credentials, identities } from "./entities.ts";

export type { RecoveryAddressRow, VerifiableAddressRow } from "./address-document.ts";

const identity = without(identities, "hasVerifiedAddress");
const credential = without(credentials, "identityId");

/** A credential with its identifiers, as read. */
export interface CredentialRow extends RowOf<typeof credential> {
  identifiers: string[];
}

/** An identity with its addresses, as read. */
export interface IdentityRow extends Omit<RowOf<typeof identity>, "verifiableAddresses" | "recoveryAddresses"> {
  verifiableAddresses: readonly VerifiableAddressRow[];
  recoveryAddresses: readonly RecoveryAddressRow[];
}

/** An identity with its addresses and credentials, as read. */
export interface IdentityWithCredentialsRow extends IdentityRow {
  credentials: CredentialRow[];
}

/** A row that is only shown: moments and documents are made for the answer at once. */
export type Shown<Row> = { [P in keyof Row]: ShownValue<Row[P]> };

type ShownValue<Value> = Value extends Date ? Moment : Value extends object ? JsonDocument : Value;

const prefix = "i_";

/** The columns of an identity `i`, for `decodeIdentity`. */
export const identityColumns = (sql: JsonSql): string => selectList(sql, identity, "i", prefix);

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
};

const storedOf = decoderOf(identity, prefix);
const credentialOf = memberDecoderOf(credential);

/** Turns the columns of `identityColumns` into an identity. */
export function decodeIdentity(row: IdentityColumns): IdentityRow {
  const stored = storedOf(row);
  const read = stored as unknown as IdentityRow;
  read.verifiableAddresses = (stored.verifiableAddresses ?? []).map(readVerifiable);
  read.recoveryAddresses = (stored.recoveryAddresses ?? []).map(readRecovery);
  return read;
}

const forShow: Decoding = {
  instant: (ms) => new Moment(ms),
  json: (text) => new JsonDocument(text as string),
};

/** An identity that is only shown. */
export type ShownIdentity = Shown<RowOf<typeof identity>>;

/** The same, for those who only show it over REST. */
export const decodeShown: (row: IdentityColumns) => ShownIdentity = decoderOf(identity, prefix, forShow);

/** Turns the column of `credentialColumns` into credentials. */
export const decodeCredentials = (column: string | null): CredentialRow[] =>
  decodeRows(column).map((values) => ({
    ...credentialOf(values),
    identifiers: (decodeJson<string[] | null>(values.at(-1)) ?? []).toSorted(),
  }));
