import type { Context } from "../context.ts";
import { remove } from "../db/query.ts";
import type { Cause } from "../events/cause.ts";
import { endImpersonations } from "../session/write.ts";
import { impersonationLinks } from "./entities.ts";

/** Ends, within a transaction, all by which somebody is signed in, or could be, in place of an identity. */
export async function stopImpersonating(tx: Context, identityId: string, cause: Cause): Promise<void> {
  await remove(tx, impersonationLinks, (query) => query.where("identityId", "=", identityId));
  await endImpersonations(tx, identityId, cause);
}
