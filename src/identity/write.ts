import { isDeepStrictEqual } from "node:util";
import type { Context } from "../context.ts";
import { isUniqueViolation } from "../db/failure.ts";
import { remove } from "../db/query.ts";
import { identities as table } from "./entities.ts";
import { insertIdentities, insertIdentity } from "./insert.ts";
import { kindOf } from "./kinds/index.ts";
import { lockIdentity } from "./lock.ts";
import type { IdentityWithCredentialsRow } from "./rows.ts";
import { saveIdentity } from "./save.ts";

export { insertIdentity } from "./insert.ts";
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
  also?: (tx: Context) => Promise<T>,
): Promise<Written<T>> {
  return unlessTaken(() =>
    ctx.tx(async (tx) => {
      await insertIdentity(tx, identity);
      return (await also?.(tx)) as T;
    }),
  );
}

const identitiesAtOnce = 100;

/** Writes many new identities: all that can be written. Says for each whether it was. */
export async function createIdentities(ctx: Context, identities: readonly IdentityWithCredentialsRow[]): Promise<boolean[]> {
  const written: boolean[] = [];
  for (let from = 0; from < identities.length; from += identitiesAtOnce) {
    const some = identities.slice(from, from + identitiesAtOnce);
    const all = await unlessTaken(() => ctx.tx((tx) => insertIdentities(tx, some)));
    // Which of them is in the way shows only one by one.
    for (const identity of some) written.push(all.kind === "written" || (await createIdentity(ctx, identity)).kind === "written");
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
  change: (before: IdentityWithCredentialsRow, tx: Context) => IdentityWithCredentialsRow | Promise<IdentityWithCredentialsRow>,
): Promise<Written<IdentityWithCredentialsRow> | undefined> {
  const written = await unlessTaken(() =>
    ctx.tx(async (tx) => {
      const before = await lockIdentity(tx, id);
      if (!before) return undefined;
      const after = await change(before, tx);
      await saveIdentity(tx, before, after);
      await followUp(tx, before, after);
      return after;
    }),
  );
  if (written.kind === "conflict") return written;
  return written.value && { kind: "written", value: written.value };
}

async function followUp(tx: Context, before: IdentityWithCredentialsRow, after: IdentityWithCredentialsRow): Promise<void> {
  for (const credential of after.credentials) {
    const old = before.credentials.find(({ type }) => type === credential.type);
    if (!isDeepStrictEqual(old?.config, credential.config)) await kindOf(credential.type).changed?.(tx, credential);
  }
}

/** Removes an identity and all that belongs to it. False where there was none. */
export const deleteIdentity = async (ctx: Context, id: string): Promise<boolean> =>
  (await remove(ctx, table, (query) => query.where("id", "=", id))) > 0;

async function unlessTaken<T>(write: () => Promise<T>): Promise<Written<T>> {
  try {
    return { kind: "written", value: await write() };
  } catch (error) {
    if (isUniqueViolation(error)) return { kind: "conflict" };
    throw error;
  }
}
