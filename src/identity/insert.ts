import type { EntityManager } from "@mikro-orm/core";
import { uuidv7 } from "../db/id.ts";
import { Credential, CredentialIdentifier, Identity, RecoveryAddress, VerifiableAddress } from "./entities.ts";
import type { CredentialRow, IdentityWithCredentialsRow } from "./rows.ts";

/**
 * Writes a new identity and all that belongs to it: one statement for each table that has something to take, past the
 * unit of work. An identifier, an address or an external id that is taken already makes a unique violation; so call it in
 * a transaction that the error undoes.
 */
export async function insertIdentity(em: EntityManager, identity: IdentityWithCredentialsRow): Promise<void> {
  await em.insert(Identity, identityColumnsOf(identity));
  await insertBelongings(em, identity.id, identity);
}

/** Writes new belongings of an identity. */
export async function insertBelongings(
  em: EntityManager,
  identity: string,
  { credentials = [], verifiableAddresses = [], recoveryAddresses = [] }: Partial<IdentityWithCredentialsRow>,
): Promise<void> {
  const owned = <T extends object>(row: T) => ({ ...row, identity });
  if (credentials.length > 0) await em.insertMany(Credential, credentials.map(({ identifiers, ...row }) => owned(row)));
  const identifiers = credentials.flatMap(identifierRows);
  if (identifiers.length > 0) await em.insertMany(CredentialIdentifier, identifiers);
  if (verifiableAddresses.length > 0) await em.insertMany(VerifiableAddress, verifiableAddresses.map(owned));
  if (recoveryAddresses.length > 0) await em.insertMany(RecoveryAddress, recoveryAddresses.map(owned));
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
