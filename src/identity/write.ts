import { isDeepStrictEqual } from "node:util";
import type { EntityManager } from "@mikro-orm/core";
import type { Context } from "../context.ts";
import { isUniqueViolation } from "../db/failure.ts";
import { transactional } from "../db/retry.ts";
import { Identity } from "./entities.ts";
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
  also?: (em: EntityManager) => Promise<T>,
): Promise<Written<T>> {
  return unlessTaken(() =>
    transactional(ctx.em, async (em) => {
      await insertIdentity(em, identity);
      return (await also?.(em)) as T;
    }),
  );
}

const identitiesAtOnce = 100;

/** Writes many new identities: all that can be written. Says for each whether it was. */
export async function createIdentities(ctx: Context, identities: readonly IdentityWithCredentialsRow[]): Promise<boolean[]> {
  const written: boolean[] = [];
  for (let from = 0; from < identities.length; from += identitiesAtOnce) {
    const some = identities.slice(from, from + identitiesAtOnce);
    const all = await unlessTaken(() => transactional(ctx.em, (em) => insertIdentities(em, some)));
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
  change: (before: IdentityWithCredentialsRow, em: EntityManager) => IdentityWithCredentialsRow | Promise<IdentityWithCredentialsRow>,
): Promise<Written<IdentityWithCredentialsRow> | undefined> {
  const written = await unlessTaken(() =>
    transactional(ctx.em, async (em) => {
      const before = await lockIdentity(em, id);
      if (!before) return undefined;
      const after = await change(before, em);
      await saveIdentity(em, before, after);
      await followUp(ctx, em, before, after);
      return after;
    }),
  );
  if (written.kind === "conflict") return written;
  return written.value && { kind: "written", value: written.value };
}

async function followUp(ctx: Context, em: EntityManager, before: IdentityWithCredentialsRow, after: IdentityWithCredentialsRow): Promise<void> {
  for (const credential of after.credentials) {
    const old = before.credentials.find(({ type }) => type === credential.type);
    if (!isDeepStrictEqual(old?.config, credential.config)) await kindOf(credential.type).changed?.(ctx, em, credential);
  }
}

/** Removes an identity and all that belongs to it. False where there was none. */
export async function deleteIdentity(ctx: Context, id: string): Promise<boolean> {
  return (await ctx.em.nativeDelete(Identity, { id })) > 0;
}

async function unlessTaken<T>(write: () => Promise<T>): Promise<Written<T>> {
  try {
    return { kind: "written", value: await write() };
  } catch (error) {
    if (isUniqueViolation(error)) return { kind: "conflict" };
    throw error;
  }
}
