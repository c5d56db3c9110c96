import type { Context } from "../context.ts";
import { Overtaken } from "../db/failure.ts";
import { change, insert, remove } from "../db/query.ts";
import { addresses, credentialIdentifiers, credentialKeys, credentials, identities } from "./entities.ts";
import { identifierRows, identityColumnsOf, insertRelated } from "./insert.ts";
import { keyHashes, keyRows } from "./key-rows.ts";
import type { CredentialRow, IdentityWithCredentialsRow } from "./rows.ts";

/**
 * Writes what differs between an identity as it was read and as it shall be. What has kept its id is the same thing; what
 * is gone is removed before what is new is written, so that a value can pass from one row to another.
 */
export async function saveIdentity(
  tx: Context,
  before: IdentityWithCredentialsRow,
  after: IdentityWithCredentialsRow,
): Promise<void> {
  const { id, createdAt, lastSignInAt, deletionDueAt, ...columns } = identityColumnsOf(after);
  await change(tx, identities, columns, (query) => query.where("id", "=", id));
  await removeGone(tx, before, after);
  for (const credential of kept(before.credentials, after.credentials)) await saveCredential(tx, credential);
  const added = {
    id,
    credentials: fresh(before.credentials, after.credentials),
    verifiableAddresses: fresh(before.verifiableAddresses, after.verifiableAddresses),
    recoveryAddresses: fresh(before.recoveryAddresses, after.recoveryAddresses),
  };
  await insertRelated(tx, [added]);
}

async function removeGone(
  tx: Context,
  before: IdentityWithCredentialsRow,
  after: IdentityWithCredentialsRow,
): Promise<void> {
  const held = gone(before.credentials, after.credentials);
  if (held.length > 0) await remove(tx, credentials, (query) => query.where("id", "in", held));
  const known = [
    ...gone(before.verifiableAddresses, after.verifiableAddresses),
    ...gone(before.recoveryAddresses, after.recoveryAddresses),
  ];
  if (known.length > 0) await remove(tx, addresses, (query) => query.where("id", "in", known));
}

async function saveCredential(tx: Context, [was, is]: [CredentialRow, CredentialRow]): Promise<void> {
  if (was === is) return;
  const { id, config, version } = is;
  const revision = was.revision + 1;
  // Who signs in writes a credential without the lock of its identity: a count of theirs must not be lost.
  const written = await change(tx, credentials, { config, version, revision, updatedAt: is.updatedAt }, (query) =>
    query.where("id", "=", id).where("revision", "=", was.revision),
  );
  if (written === 0) throw new Overtaken("The credential was used in the meantime.");
  const removed = was.identifiers.filter((identifier) => !is.identifiers.includes(identifier));
  if (removed.length > 0)
    await remove(tx, credentialIdentifiers, (query) =>
      query.where("credentialId", "=", id).where("identifier", "in", removed),
    );
  const added = is.identifiers.filter((identifier) => !was.identifiers.includes(identifier));
  await insert(tx, credentialIdentifiers, identifierRows({ ...is, identifiers: added }));
  await saveKeys(tx, was, is);
}

async function saveKeys(tx: Context, was: CredentialRow, is: CredentialRow): Promise<void> {
  const [before, after] = [keyHashes(was), keyHashes(is)];
  const removed = before.filter((hash) => !after.includes(hash));
  if (removed.length > 0)
    await remove(tx, credentialKeys, (query) =>
      query.where("credentialId", "=", is.id).where("keyHash", "in", removed),
    );
  const added = keyRows(is).filter(({ keyHash }) => !before.includes(keyHash));
  await insert(tx, credentialKeys, added);
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
