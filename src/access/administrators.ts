import type { Context } from "../context.ts";
import type { Reach } from "../db/connection.ts";
import { inEveryDialect } from "../db/json-sql.ts";
import { isUuid } from "../db/id.ts";
import { change, find, insert, remove } from "../db/query.ts";
import { statement } from "../db/statement.ts";
import type { RowOf } from "../db/table.ts";
import { ErrorReason, problem } from "../errors.ts";
import { record } from "../events/record.ts";
import { identities } from "../identity/entities.ts";
import { lockTenant } from "../tenant/lock.ts";
import { stopImpersonating } from "./end-impersonations.ts";
import { administrators } from "./entities.ts";
import type { Role } from "./roles.ts";

/** An administrator as stored; the id is the identity's. */
export type AdministratorRow = RowOf<typeof administrators>;

/** How a change of a role ended. */
export type RoleChange =
  | { readonly kind: "changed"; readonly administrator: AdministratorRow }
  | { readonly kind: "missing" | "last-owner" };

/** The administrator that an identity is. */
export async function findAdministrator(reach: Reach, identityId: string): Promise<AdministratorRow | undefined> {
  if (!isUuid(identityId)) return undefined;
  const [found] = await find(reach, administrators, (query) => query.where("id", "=", identityId.toLowerCase()));
  return found;
}

/** The administrators of a tenant in the order of their ids, after one. */
export const administratorsPage = (reach: Reach, after: string, limit: number): Promise<AdministratorRow[]> =>
  find(reach, administrators, (query) => query.where("id", ">", after).orderBy("id").limit(limit));

/** Whether a tenant has any administrator. */
export const hasAdministrators = async (reach: Reach): Promise<boolean> =>
  (await find(reach, administrators, (query) => query.limit(1))).length > 0;

/** Gives an identity a role. Nobody acts in its place from then on. */
export const grantRole = (ctx: Context, identityId: string, role: Role): Promise<RoleChange> =>
  locked(ctx, async (tx) => {
    const before = await findAdministrator(tx, identityId);
    if (before?.role === role) return { kind: "changed", administrator: before };
    if (before && role !== "owner" && (await isLastOwner(tx, before.id))) return { kind: "last-owner" };
    const now = tx.now();
    if (before)
      await change(tx, administrators, { role, updatedAt: now }, (query) => query.where("id", "=", before.id));
    else if (await identityExists(tx, identityId))
      await insert(tx, administrators, [{ id: identityId.toLowerCase(), createdAt: now, updatedAt: now, role }]);
    else return { kind: "missing" };
    const subjectId = identityId.toLowerCase();
    const cause = { reason: "admin.grant_role" } as const;
    if (!before) await stopImpersonating(tx, subjectId, cause);
    await record(tx, cause, { type: "AdministratorGranted", subjectId, payload: { role } });
    return { kind: "changed", administrator: (await findAdministrator(tx, identityId))! };
  });

/** Makes an identity the first owner; false where the tenant has an administrator. */
export const claimOwnership = (ctx: Context, identityId: string): Promise<boolean> =>
  locked(ctx, async (tx) => {
    if (await hasAdministrators(tx)) return false;
    return (await grantRole(tx, identityId, "owner")).kind === "changed";
  });

/** Takes the role of an identity away. */
export const revokeRole = (ctx: Context, identityId: string): Promise<RoleChange> =>
  locked(ctx, async (tx) => {
    const administrator = await findAdministrator(tx, identityId);
    if (!administrator) return { kind: "missing" };
    if (await isLastOwner(tx, administrator.id)) return { kind: "last-owner" };
    await remove(tx, administrators, (query) => query.where("id", "=", administrator.id));
    const { id: subjectId, role } = administrator;
    await record(tx, { reason: "admin.revoke_role" }, { type: "AdministratorRevoked", subjectId, payload: { role } });
    return { kind: "changed", administrator };
  });

// Read as it is now, whatever the transaction has read before.
const roleOf = statement(
  "role_of_identity",
  inEveryDialect(
    (_, dialect) => `select id from administrators where nid = ? and id = ?${dialect === "mysql" ? " for update" : ""}`,
  ),
);

/** Does work in a transaction for an identity that is no administrator, and becomes none until it is done; undefined where it is one. */
export const whileNoAdministrator = <T>(
  ctx: Context,
  identityId: string,
  work: (tx: Context) => Promise<T>,
): Promise<T | undefined> =>
  locked(ctx, async (tx) => {
    const found = await tx.db.read<{ id: string }>(roleOf, [tx.tenant.id, identityId]);
    return found.length > 0 ? undefined : work(tx);
  });

// Roles are changed one after the other, so that two owners do not take away each other's.
const locked = <T>(ctx: Context, work: (tx: Context) => Promise<T>): Promise<T> =>
  ctx.tx(async (tx) => {
    await lockTenant(tx);
    return work(tx);
  });

/**
 * Refuses, within a transaction, what would keep an identity from signing in if it is the last owner who can. Throws
 * LAST_OWNER. Of two owners who go at once, one comes second.
 */
export async function assertNotLastOwner(tx: Context, identityId: string): Promise<void> {
  if (!(await findAdministrator(tx, identityId))) return;
  await lockTenant(tx);
  if (await isLastOwner(tx, identityId.toLowerCase())) throw problem(ErrorReason.LAST_OWNER);
}

// Read as it is now: on MySQL and MariaDB a transaction that has read before it got the lock would see what was then.
const ownersBeside = statement(
  "owners_beside",
  inEveryDialect(
    (_, dialect) =>
      `select a.id from administrators a join identities i on i.id = a.id and i.nid = a.nid where a.nid = ? and (a.id = ? or i.state = 'active') and a.role = 'owner'${dialect === "mysql" ? " for update" : ""}`,
  ),
);

/** Whether an identity is an owner, and nobody would be one any more who may sign in. */
async function isLastOwner({ db, tenant }: Reach, id: string): Promise<boolean> {
  const owners = await db.read<{ id: string }>(ownersBeside, [tenant.id, id]);
  return owners.length === 1 && owners[0]!.id === id;
}

async function identityExists(reach: Reach, id: string): Promise<boolean> {
  if (!isUuid(id)) return false;
  const found = await find(reach, identities, (query) => query.where("id", "=", id.toLowerCase()));
  return found.length === 1;
}
