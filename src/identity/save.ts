import type { EntityManager } from "@mikro-orm/core";
import { Overtaken } from "../db/failure.ts";
import { Credential, CredentialIdentifier, CredentialKey, Identity, RecoveryAddress, VerifiableAddress } from "./entities.ts";
import { identifierRows, identityColumnsOf, insertBelongings } from "./insert.ts";
import { keyHashes, keyRows } from "./key-rows.ts";
import type { CredentialRow, IdentityWithCredentialsRow, VerifiableAddressRow } from "./rows.ts";

/**
 * Writes what differs between an identity as it was read and as it shall be. What has kept its id is the same thing; what
 * is gone is removed before what is new is written, so that a value can pass from one row to another.
 */
export async function saveIdentity(em: EntityManager, before: IdentityWithCredentialsRow, after: IdentityWithCredentialsRow): Promise<void> {
  const { id, createdAt, ...columns } = identityColumnsOf(after);
  await em.nativeUpdate(Identity, { id }, columns);
  await removeGone(em, before, after);
  for (const credential of kept(before.credentials, after.credentials)) await saveCredential(em, credential);
  for (const address of kept(before.verifiableAddresses, after.verifiableAddresses)) await saveAddress(em, address);
  const added = {
    id,
    credentials: fresh(before.credentials, after.credentials),
    verifiableAddresses: fresh(before.verifiableAddresses, after.verifiableAddresses),
    recoveryAddresses: fresh(before.recoveryAddresses, after.recoveryAddresses),
  };
  await insertBelongings(em, [added]);
}

async function removeGone(em: EntityManager, before: IdentityWithCredentialsRow, after: IdentityWithCredentialsRow): Promise<void> {
  const credentials = gone(before.credentials, after.credentials);
  if (credentials.length > 0) await em.nativeDelete(Credential, { id: { $in: credentials } });
  const verifiable = gone(before.verifiableAddresses, after.verifiableAddresses);
  if (verifiable.length > 0) await em.nativeDelete(VerifiableAddress, { id: { $in: verifiable } });
  const recovery = gone(before.recoveryAddresses, after.recoveryAddresses);
  if (recovery.length > 0) await em.nativeDelete(RecoveryAddress, { id: { $in: recovery } });
}

async function saveCredential(em: EntityManager, [was, is]: [CredentialRow, CredentialRow]): Promise<void> {
  if (was === is) return;
  const { id, config, version } = is;
  const revision = was.revision + 1;
  // Who signs in writes a credential without the lock of its identity: a count of theirs must not be lost.
  const written = await em.nativeUpdate(Credential, { id, revision: was.revision }, { config, version, revision, updatedAt: is.updatedAt });
  if (written === 0) throw new Overtaken("The credential was used meanwhile.");
  const removed = was.identifiers.filter((identifier) => !is.identifiers.includes(identifier));
  if (removed.length > 0) await em.nativeDelete(CredentialIdentifier, { credential: id, identifier: { $in: removed } });
  const added = is.identifiers.filter((identifier) => !was.identifiers.includes(identifier));
  if (added.length > 0) await em.insertMany(CredentialIdentifier, identifierRows({ ...is, identifiers: added }));
  await saveKeys(em, was, is);
}

async function saveKeys(em: EntityManager, was: CredentialRow, is: CredentialRow): Promise<void> {
  const [before, after] = [keyHashes(was), keyHashes(is)];
  const removed = before.filter((hash) => !after.includes(hash));
  if (removed.length > 0) await em.nativeDelete(CredentialKey, { credential: is.id, keyHash: { $in: removed } });
  const added = keyRows(is).filter(({ keyHash }) => !before.includes(keyHash));
  if (added.length > 0) await em.insertMany(CredentialKey, added);
}

async function saveAddress(em: EntityManager, [was, is]: [VerifiableAddressRow, VerifiableAddressRow]): Promise<void> {
  if (was === is) return;
  const { id, createdAt, ...columns } = is;
  await em.nativeUpdate(VerifiableAddress, { id }, columns);
}

interface Identified {
  readonly id: string;
}

function gone(before: readonly Identified[] = [], after: readonly Identified[] = []): string[] {
  const left = new Set(after.map(({ id }) => id));
  return before.flatMap(({ id }) => (left.has(id) ? [] : [id]));
}

function fresh<T extends Identified>(before: readonly T[] = [], after: readonly T[] = []): T[] {
  const known = new Set(before.map(({ id }) => id));
  return after.filter(({ id }) => !known.has(id));
}

function kept<T extends Identified>(before: readonly T[] = [], after: readonly T[] = []): [T, T][] {
  const known = new Map(before.map((item) => [item.id, item]));
  return after.flatMap((item): [T, T][] => {
    const was = known.get(item.id);
    return was ? [[was, item]] : [];
  });
}
