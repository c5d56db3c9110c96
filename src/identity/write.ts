import { isDeepStrictEqual } from "node:util";
import { invalidate } from "../coherence/coherence.ts";
import type { Context } from "../context.ts";
import type { Reach } from "../db/connection.ts";
import { isUniqueViolation } from "../db/failure.ts";
import { noticeGrowth } from "../db/growth.ts";
import { change as changeRows, remove } from "../db/query.ts";
import type { Cause } from "../events/cause.ts";
import { record } from "../events/record.ts";
import { countIdentities } from "../statistics/identity-totals.ts";
import type { AddressKey } from "./address-statements.ts";
import type { VerifiableAddressRow } from "./address-document.ts";
import { addresses, credentialIdentifiers, credentials, identities, identityImports } from "./entities.ts";
import { changeEvents, creationEvents } from "./change-events.ts";
import { insertIdentities, verifiableColumnsOf } from "./insert.ts";
import { kindOf } from "./kinds/index.ts";
import { lockIdentity, lockVerifiableAddresses } from "./lock.ts";
import type { CredentialRow, IdentityRow, IdentityWithCredentialsRow } from "./rows.ts";
import { saveIdentity } from "./save.ts";

export { prepareChange, prepareIdentity } from "./prepare.ts";

/** How a write ended: a name, an address or an external id may be another identity's already. */
export type Written<T> = { readonly kind: "written"; readonly value: T } | { readonly kind: "conflict" };

/**
 * Writes a new identity, in one transaction with whatever else there is to write about it. Nothing is looked up before:
 * the unique keys decide, and all of it or nothing is written.
 */
export async function createIdentity<T = void>(
  ctx: Context,
  identity: IdentityWithCredentialsRow,
  cause: Cause,
  also?: (tx: Context) => Promise<T>,
): Promise<Written<T>> {
  return unlessTaken(() =>
    ctx.tx(async (tx) => {
      await insertAll(tx, [identity], cause);
      return (await also?.(tx)) as T;
    }),
  );
}

async function insertAll(tx: Context, some: readonly IdentityWithCredentialsRow[], cause: Cause): Promise<void> {
  await insertIdentities(tx, some);
  for (const { state } of some) countIdentities(tx, state, 1);
  await record(tx, cause, ...some.flatMap(creationEvents));
}

const identitiesAtOnce = 200;
const tables = [identities, credentials, credentialIdentifiers, addresses, identityImports].map(({ name }) => name);

/**
 * Writes many new identities: all that can be written, with whatever else there is to write about those of a transaction. Says for each
 * whether it was.
 */
export async function createIdentities(
  ctx: Context,
  wanted: readonly IdentityWithCredentialsRow[],
  cause: Cause,
  also?: (tx: Context, written: readonly IdentityWithCredentialsRow[]) => Promise<void>,
): Promise<boolean[]> {
  const written: boolean[] = [];
  for (let from = 0; from < wanted.length; from += identitiesAtOnce) {
    const some = wanted.slice(from, from + identitiesAtOnce);
    const all = await unlessTaken(() =>
      ctx.tx(async (tx) => {
        await insertAll(tx, some, cause);
        await also?.(tx, some);
      }),
    );
    // Which of them is in the way shows only one by one.
    const alone = async (one: IdentityWithCredentialsRow) =>
      (await createIdentity(ctx, one, cause, (tx) => also?.(tx, [one]) ?? Promise.resolve())).kind === "written";
    for (const identity of some) written.push(all.kind === "written" || (await alone(identity)));
    if (some.length >= identitiesAtOnce / 2) await noticeGrowth(ctx.db, tables);
  }
  return written;
}

/**
 * Changes an identity: reads it under a lock, so that of two changes at once neither is lost, lets the caller say what
 * it shall be, and writes the difference. Undefined where there is no such identity.
 */
export async function changeIdentity(
  ctx: Context,
  id: string,
  cause: Cause,
  change: (
    before: IdentityWithCredentialsRow,
    tx: Context,
  ) => IdentityWithCredentialsRow | Promise<IdentityWithCredentialsRow>,
): Promise<Written<IdentityWithCredentialsRow> | undefined> {
  const written = await unlessTaken(() =>
    ctx.tx(async (tx) => {
      invalidate(tx, id);
      const before = await lockIdentity(tx, id);
      if (!before) return undefined;
      const after = await change(before, tx);
      await saveIdentity(tx, before, after);
      if (before.state !== after.state) countStateChange(tx, before.state, after.state);
      await followUp(tx, before, after);
      await record(tx, cause, ...changeEvents(before, after));
      return after;
    }),
  );
  if (written.kind === "conflict") return written;
  return written.value && { kind: "written", value: written.value };
}

function countStateChange(tx: Context, from: IdentityRow["state"], to: IdentityRow["state"]): void {
  countIdentities(tx, from, -1);
  countIdentities(tx, to, 1);
}

async function followUp(
  tx: Context,
  before: IdentityWithCredentialsRow,
  after: IdentityWithCredentialsRow,
): Promise<void> {
  for (const credential of after.credentials) {
    const old = before.credentials.find(({ type }) => type === credential.type);
    if (!isDeepStrictEqual(old?.config, credential.config)) await kindOf(credential.type).changed?.(tx, credential);
  }
}

/** Removes an identity and all that belongs to it. False where there was none. */
export const deleteIdentity = (ctx: Context, id: string, cause: Cause): Promise<boolean> =>
  ctx.tx(async (tx) => {
    invalidate(tx, id);
    // Most are active: to know what was removed costs most of them nothing.
    const state = (await removeIn(tx, id, "active")) ? "active" : (await removeIn(tx, id, "inactive")) && "inactive";
    if (!state) return false;
    countIdentities(tx, state, -1);
    await record(tx, cause, { type: "IdentityDeleted", subjectId: id, payload: {} });
    return true;
  });

const removeIn = async (tx: Context, id: string, state: IdentityRow["state"]): Promise<boolean> =>
  (await remove(tx, identities, (query) => query.where("id", "=", id).where("state", "=", state))) > 0;

/** A credential as it was read, as far as a change depends on it. */
export type ReadCredential = Pick<CredentialRow, "id" | "revision">;

/** A credential as it was read, and whose it is. */
export type OwnedCredential = ReadCredential & { readonly type: string; readonly identityId: string };

/** Writes the configuration of a credential, unless somebody has written it since it was read. Tells whether it did. */
export const changeCredential = (
  ctx: Context,
  credential: OwnedCredential,
  config: Record<string, unknown>,
  cause: Cause,
): Promise<boolean> =>
  ctx.tx(async (tx) => {
    const changed = await useCredential(tx, credential, config);
    if (changed)
      await record(tx, cause, {
        type: "CredentialChanged",
        subjectId: credential.identityId,
        payload: { credential: credential.type },
      });
    return changed;
  });

/**
 * Notes in a credential that it was used, unless somebody has written it since it was read: one conditional statement. Tells
 * whether it did; what may be used once only depends on the answer. The use itself is told by the attempt that it belongs to.
 * Sessions are read without credentials, so that it changes nothing of what is known of them.
 */
export async function useCredential(
  ctx: Context,
  { id, revision }: ReadCredential,
  config: Record<string, unknown>,
): Promise<boolean> {
  const next = { config, revision: revision + 1, updatedAt: ctx.now() };
  return (
    (await changeRows(ctx, credentials, next, (query) =>
      query.where("id", "=", id).where("revision", "=", revision),
    )) === 1
  );
}

/** Notes that somebody has shown an address to be theirs, in whichever way. */
export async function markVerified(
  ctx: Context,
  identityId: string,
  { via, value }: AddressKey,
  cause: Cause,
): Promise<void> {
  await ctx.tx(async (tx) => {
    const proven = { verified: true, verifiedAt: tx.now(), status: "completed" } as const;
    if (!(await changeUnverified(tx, identityId, { via, value }, proven))) return;
    invalidate(tx, identityId);
    await record(tx, cause, {
      type: "AddressVerified",
      subjectId: identityId,
      payload: { via, purpose: "verification" },
    });
  });
}

/**
 * Notes that something to verify an address by is on its way. No event tells of it: that would take longer where there is
 * such an address than where there is none.
 */
export async function markSent(ctx: Context, identityId: string, { via, value }: AddressKey): Promise<void> {
  await ctx.tx(async (tx) => {
    invalidate(tx, identityId);
    await changeUnverified(tx, identityId, { via, value }, { status: "sent" });
  });
}

/** Changes an address that is not verified yet. Tells whether there was one. */
async function changeUnverified(
  tx: Context,
  identityId: string,
  { via, value }: AddressKey,
  changes: Partial<VerifiableAddressRow>,
): Promise<boolean> {
  const held = await lockVerifiableAddresses(tx, identityId);
  const isMeant = (one: VerifiableAddressRow) => one.via === via && one.value === value && !one.verified;
  if (!held.some(isMeant)) return false;
  const changed = held.map((one) => (isMeant(one) ? { ...one, ...changes, updatedAt: tx.now() } : one));
  await changeRows(tx, identities, verifiableColumnsOf(changed), (query) => query.where("id", "=", identityId));
  return true;
}

/** Plans that an account be deleted, unless that is planned already. Tells whether it did. */
export const planDeletion = (ctx: Context, id: string, dueAt: Date, cause: Cause): Promise<boolean> =>
  ctx.tx(async (tx) => {
    invalidate(tx, id);
    const planned = await changeRows(tx, identities, { deletionDueAt: dueAt }, (query) =>
      query.where("id", "=", id).where("deletionDueAt", "is", null),
    );
    if (planned === 0) return false;
    const payload = { due_at: dueAt.toISOString() };
    await record(tx, cause, { type: "IdentityDeletionScheduled", subjectId: id, payload });
    return true;
  });

/** Keeps an account that was to be deleted. Tells whether it was. */
export const cancelDeletion = (ctx: Context, id: string, cause: Cause): Promise<boolean> =>
  ctx.tx(async (tx) => {
    invalidate(tx, id);
    const kept = await changeRows(tx, identities, { deletionDueAt: null }, (query) =>
      query.where("id", "=", id).where("deletionDueAt", "is not", null),
    );
    if (kept > 0) await record(tx, cause, { type: "IdentityDeletionCancelled", subjectId: id, payload: {} });
    return kept > 0;
  });

/** Deletes an account if its grace period is over, and nobody has kept it in the meantime. Tells whether it did. */
export const deleteIfDue = (ctx: Context, id: string): Promise<boolean> =>
  ctx.tx(async (tx) => {
    // Locked before it is looked at: whoever keeps it comes before or after.
    const identity = await lockIdentity(tx, id);
    const isDue = identity?.deletionDueAt && identity.deletionDueAt <= tx.now();
    return isDue ? deleteIdentity(tx, id, { reason: "deletion.due" }) : false;
  });

/** Notes that people have signed in, if nothing later is known of them. The event is the session's that began. */
export async function markSignedIn(reach: Reach, ids: readonly string[], at: Date): Promise<void> {
  await changeRows(reach, identities, { lastSignInAt: at }, (query) =>
    query.where("id", "in", ids).where("lastSignInAt", "<", at),
  );
}

async function unlessTaken<T>(write: () => Promise<T>): Promise<Written<T>> {
  try {
    return { kind: "written", value: await write() };
  } catch (error) {
    if (isUniqueViolation(error)) return { kind: "conflict" };
    throw error;
  }
}
