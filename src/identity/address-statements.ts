import type { Reach } from "../db/connection.ts";
import { inEveryDialect, texts } from "../db/json-sql.ts";
import { statement } from "../db/statement.ts";
import { typesNamedFrom } from "./kinds/index.ts";
import { decodeIdentity, identityColumns } from "./rows.ts";
import type { IdentityColumns, IdentityRow } from "./rows.ts";

const byAddress = statement(
  "identity_by_address",
  inEveryDialect(
    (sql) =>
      `select ${identityColumns(sql)} from identity_addresses a join identities i on i.nid = a.nid and i.id = a.identity_id where a.nid = ? and a.purpose = ? and a.via = ? and a.value = ?`,
  ),
);
const byAnyName = statement(
  "identity_by_any_name",
  inEveryDialect(
    (sql) => `select ${identityColumns(sql)} from (
      select a.nid, a.identity_id from identity_addresses a where a.nid = ? and a.purpose = 'recovery' and a.via in ('email', 'sms') and a.value = ?
      union select c.nid, c.identity_id from identity_credential_identifiers n join identity_credentials c on c.nid = n.nid and c.id = n.credential_id
      where n.nid = ? and n.type in (${texts(typesNamedFrom("traits"))}) and n.identifier = ?) found
    join identities i on i.nid = found.nid and i.id = found.identity_id`,
  ),
);

/** An address, and how it is reached. */
export interface AddressKey {
  readonly via: "email" | "sms";
  readonly value: string;
}

/** Whose an address is to verify; the address in its normal form. */
export const identityByVerifiableAddress = (reach: Reach, address: AddressKey): Promise<IdentityRow | undefined> =>
  ownerOf(reach, "verification", address, ({ verifiableAddresses }) => verifiableAddresses);

/** Who gets back in by an address; the address in its normal form. */
export const identityByRecoveryAddress = (reach: Reach, address: AddressKey): Promise<IdentityRow | undefined> =>
  ownerOf(reach, "recovery", address, ({ recoveryAddresses }) => recoveryAddresses);

/** Who is known by a name: an address to get back in by, or what somebody signs in with. Two people make it nobody's. */
export async function identityByAnyName({ db, tenant }: Reach, name: string): Promise<IdentityRow | undefined> {
  const rows = await db.read<IdentityColumns>(byAnyName, [tenant.id, name, tenant.id, name]);
  return rows.length === 1 ? decodeIdentity(rows[0]!) : undefined;
}

async function ownerOf(
  { db, tenant }: Reach,
  purpose: "verification" | "recovery",
  { via, value }: AddressKey,
  addresses: (identity: IdentityRow) => readonly AddressKey[],
): Promise<IdentityRow | undefined> {
  const rows = await db.read<IdentityColumns>(byAddress, [tenant.id, purpose, via, value]);
  // MySQL ignores spaces at the end, also where it compares byte by byte.
  return rows.map(decodeIdentity).find((row) => addresses(row).some((one) => one.via === via && one.value === value));
}
