import type { EntityManager } from "@mikro-orm/core";
import { uuidv7 } from "../db/id.ts";
import { Credential, CredentialIdentifier, Identity, RecoveryAddress, VerifiableAddress } from "./entities.ts";
import type { CredentialRecord, IdentityRecord, RecoveryAddressRecord, VerifiableAddressRecord } from "./record.ts";

/**
 * Writes a new identity and all that belongs to it: one statement for each table that has something to take, past the
 * unit of work. An identifier, an address or an external id that is taken already makes a unique violation.
 */
export async function insertIdentity(em: EntityManager, identity: IdentityRecord): Promise<void> {
  await em.insert(Identity, identityRow(identity));
  await insertBelongings(em, identity.id, identity);
}

/** Writes new belongings of an identity. */
export async function insertBelongings(
  em: EntityManager,
  identityId: string,
  { credentials = [], verifiableAddresses, recoveryAddresses }: Partial<IdentityRecord>,
): Promise<void> {
  if (credentials.length > 0) await em.insertMany(Credential, credentials.map((credential) => credentialRow(identityId, credential)));
  const identifiers = credentials.flatMap(identifierRows);
  if (identifiers.length > 0) await em.insertMany(CredentialIdentifier, identifiers);
  if (verifiableAddresses?.length) await em.insertMany(VerifiableAddress, verifiableAddresses.map((address) => verifiableRow(identityId, address)));
  if (recoveryAddresses?.length) await em.insertMany(RecoveryAddress, recoveryAddresses.map((address) => recoveryRow(identityId, address)));
}

/** An identity's own columns. */
export function identityRow(identity: IdentityRecord) {
  const { verifiableAddresses, recoveryAddresses, credentials, stateChangedAt, createdAt, updatedAt, ...columns } = identity;
  return {
    ...columns,
    stateChangedAt: moment(stateChangedAt),
    createdAt: new Date(createdAt),
    updatedAt: new Date(updatedAt),
  };
}

function credentialRow(identity: string, { id, type, config, version, createdAt, updatedAt }: CredentialRecord) {
  return { id, identity, type, config, version, createdAt: new Date(createdAt), updatedAt: new Date(updatedAt) };
}

/** The rows by which a credential is found. */
export function identifierRows({ id, type, identifiers, updatedAt }: CredentialRecord) {
  const now = new Date(updatedAt);
  return identifiers.map((identifier) => ({ id: uuidv7(updatedAt), credential: id, type, identifier, createdAt: now, updatedAt: now }));
}

/** The columns of an address that can be verified. */
export function verifiableRow(identity: string, address: VerifiableAddressRecord) {
  const { verifiedAt, createdAt, updatedAt, ...columns } = address;
  return { ...columns, identity, verifiedAt: moment(verifiedAt), createdAt: new Date(createdAt), updatedAt: new Date(updatedAt) };
}

function recoveryRow(identity: string, { id, via, value, createdAt, updatedAt }: RecoveryAddressRecord) {
  return { id, identity, via, value, createdAt: new Date(createdAt), updatedAt: new Date(updatedAt) };
}

const moment = (ms: number | null) => (ms === null ? null : new Date(ms));
