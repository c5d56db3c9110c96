import type { Context } from "../context.ts";
import { uuidv7 } from "../db/id.ts";
import { insert } from "../db/query.ts";
import {
  credentialIdentifiers,
  credentialKeys,
  credentials,
  identities,
  recoveryAddresses,
  verifiableAddresses,
} from "./entities.ts";
import { keyRows } from "./key-rows.ts";
import type { CredentialRow, IdentityWithCredentialsRow } from "./rows.ts";

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
  await insert(
    tx,
    verifiableAddresses,
    owners.flatMap((owner) => owner.verifiableAddresses.map((row) => ({ ...row, identityId: owner.id }))),
  );
  await insert(
    tx,
    recoveryAddresses,
    owners.flatMap((owner) => owner.recoveryAddresses.map((row) => ({ ...row, identityId: owner.id }))),
  );
}

/** An identity's own columns. */
export function identityColumnsOf(identity: IdentityWithCredentialsRow) {
  const { verifiableAddresses, recoveryAddresses, credentials, ...columns } = identity;
  return columns;
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
