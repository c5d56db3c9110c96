import type { Context } from "../context.ts";
import { uuidv7 } from "../db/id.ts";
import { insert } from "../db/query.ts";
import { addresses, credentialIdentifiers, credentialKeys, credentials, identities } from "./entities.ts";
import { storeRecovery, storeVerifiable } from "./address-document.ts";
import { keyRows } from "./key-rows.ts";
import type { CredentialRow, IdentityWithCredentialsRow, RecoveryAddressRow, VerifiableAddressRow } from "./rows.ts";

/**
 * Writes new identities and all that belongs to them, many in about as few statements as one. An identifier, an address or an
 * external id that is taken already makes a unique violation; so call it in a transaction that the error undoes.
 */
export async function insertIdentities(tx: Context, written: readonly IdentityWithCredentialsRow[]): Promise<void> {
  await insert(tx, identities, written.map(identityColumnsOf));
  await insertRelated(tx, written);
}

type Owner = Pick<IdentityWithCredentialsRow, "id" | "credentials" | "verifiableAddresses" | "recoveryAddresses">;

/** Writes new belongings of identities that there are. */
export async function insertRelated(tx: Context, owners: readonly Owner[]): Promise<void> {
  const held = owners.flatMap((owner) => owner.credentials);
  await insert(
    tx,
    credentials,
    owners.flatMap((owner) => owner.credentials.map(({ identifiers, ...row }) => ({ ...row, identityId: owner.id }))),
  );
  await insert(tx, credentialIdentifiers, held.flatMap(identifierRows));
  await insert(tx, credentialKeys, held.flatMap(keyRows));
  await insert(tx, addresses, owners.flatMap(addressRows));
}

/** An identity's own columns. */
export function identityColumnsOf({ credentials, ...identity }: IdentityWithCredentialsRow) {
  return { ...identity, ...addressColumnsOf(identity) };
}

type Addresses = Pick<IdentityWithCredentialsRow, "verifiableAddresses" | "recoveryAddresses">;

/** The columns of an identity that hold its addresses. */
export const addressColumnsOf = ({ verifiableAddresses, recoveryAddresses }: Addresses) => ({
  ...verifiableColumnsOf(verifiableAddresses),
  recoveryAddresses: recoveryAddresses.length > 0 ? recoveryAddresses.map(storeRecovery) : null,
});

/** Those that hold its addresses to verify. */
export const verifiableColumnsOf = (held: readonly VerifiableAddressRow[]) => ({
  verifiableAddresses: held.length > 0 ? held.map(storeVerifiable) : null,
  hasVerifiedAddress: held.some(({ verified }) => verified),
});

/** The rows by which an identity is found by its addresses. */
function addressRows({ id: identityId, verifiableAddresses, recoveryAddresses }: Owner) {
  const rowsFor = (purpose: "verification" | "recovery", held: readonly RecoveryAddressRow[]) =>
    held.map(({ id, via, value, createdAt, updatedAt }) => ({
      id,
      identityId,
      purpose,
      via,
      value,
      createdAt,
      updatedAt,
    }));
  return [...rowsFor("verification", verifiableAddresses), ...rowsFor("recovery", recoveryAddresses)];
}

/** The rows by which a credential is found. */
export function identifierRows({ id, type, identifiers, updatedAt }: CredentialRow) {
  return identifiers.map((identifier) => ({
    id: uuidv7(updatedAt.getTime()),
    credentialId: id,
    type,
    identifier,
    createdAt: updatedAt,
    updatedAt,
  }));
}
