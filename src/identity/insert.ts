import type { EntityManager } from "@mikro-orm/core";
import { uuidv7 } from "../db/id.ts";
import { Credential, CredentialIdentifier, CredentialKey, Identity, RecoveryAddress, VerifiableAddress } from "./entities.ts";
import { keyRows } from "./key-rows.ts";
import type { CredentialRow, IdentityWithCredentialsRow } from "./rows.ts";

/**
 * Writes a new identity and all that belongs to it: one statement for each table that has something to take, past the
 * unit of work. An identifier, an address or an external id that is taken already makes a unique violation; so call it in
 * a transaction that the error undoes.
 */
export const insertIdentity = (em: EntityManager, identity: IdentityWithCredentialsRow): Promise<void> => insertIdentities(em, [identity]);

/** Writes many new identities in as few statements as one. */
export async function insertIdentities(em: EntityManager, identities: readonly IdentityWithCredentialsRow[]): Promise<void> {
  await em.insertMany(Identity, identities.map(identityColumnsOf));
  await insertBelongings(em, identities);
}

type Owner = Pick<IdentityWithCredentialsRow, "id" | "credentials" | "verifiableAddresses" | "recoveryAddresses">;

/** Writes new belongings of identities that there are. */
export async function insertBelongings(em: EntityManager, owners: readonly Owner[]): Promise<void> {
  const credentials = owners.flatMap((owner) => owner.credentials.map(({ identifiers, ...row }) => ({ ...row, identity: owner.id })));
  if (credentials.length > 0) await em.insertMany(Credential, credentials);
  const identifiers = owners.flatMap((owner) => owner.credentials.flatMap(identifierRows));
  if (identifiers.length > 0) await em.insertMany(CredentialIdentifier, identifiers);
  const keys = owners.flatMap((owner) => owner.credentials.flatMap((credential) => keyRows(credential)));
  if (keys.length > 0) await em.insertMany(CredentialKey, keys);
  const verifiable = owners.flatMap((owner) => owner.verifiableAddresses.map((row) => ({ ...row, identity: owner.id })));
  if (verifiable.length > 0) await em.insertMany(VerifiableAddress, verifiable);
  const recovery = owners.flatMap((owner) => owner.recoveryAddresses.map((row) => ({ ...row, identity: owner.id })));
  if (recovery.length > 0) await em.insertMany(RecoveryAddress, recovery);
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
    credential: id,
    type,
    identifier,
    createdAt: updatedAt,
    updatedAt,
  }));
}
