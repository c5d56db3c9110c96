import type { Connection } from "../db/connection.ts";
import { isUniqueViolation } from "../db/failure.ts";
import { uuidv7 } from "../db/id.ts";
import { statement } from "../db/statement.ts";
import { defaultTenant } from "../tenant.ts";
import type { SealedSettings } from "./entities.ts";
import { tenantById } from "./statements.ts";
import type { TenantRow } from "./statements.ts";

/** What there is to say of a new tenant. */
export interface NewTenant {
  readonly slug: string;
  readonly hosts: readonly string[];
  readonly settings: SealedSettings | null;
}

/** How a write ended: a slug or a host may be another tenant's already. */
export type WrittenTenant = { readonly kind: "written"; readonly tenant: TenantRow } | { readonly kind: "conflict" };

const insertion = statement(
  "insert_tenant",
  "insert into tenants (id, slug, state, settings, revision, created_at, updated_at) values (?, ?, 'active', ?, 0, ?, ?)",
);
const hostInsertion = statement(
  "insert_tenant_host",
  "insert into tenant_hosts (host, tenant_id, position, created_at) values (?, ?, ?, ?)",
);
const hostsDeletion = statement("delete_tenant_hosts", "delete from tenant_hosts where tenant_id = ?");
const update = statement(
  "update_tenant",
  "update tenants set slug = ?, state = ?, settings = ?, updated_at = ? where id = ?",
);
const count = statement("count_tenant_change", "update tenants set revision = revision + 1 where id = ?");
const ending = statement(
  "begin_tenant_deletion",
  "update tenants set state = 'deleting', updated_at = ? where id = ? and state in ('inactive', 'deleting')",
);
const deletion = statement("delete_tenant", "delete from tenants where id = ? and state = 'deleting'");

/** Writes a new tenant. */
export async function insertTenant(db: Connection, tenant: NewTenant, now: Date): Promise<WrittenTenant> {
  const id = uuidv7(now.getTime());
  return unlessTaken(db, id, async (tx) => {
    await tx.write(insertion, [id, tenant.slug, tenant.settings && JSON.stringify(tenant.settings), now, now]);
    await writeHosts(tx, id, tenant.hosts, now);
  });
}

/** Writes a tenant as it shall be. */
export const updateTenant = (
  db: Connection,
  { id, slug, state, settings, hosts }: TenantRow,
  now: Date,
): Promise<WrittenTenant> =>
  unlessTaken(db, id, async (tx) => {
    await tx.write(update, [slug, state, settings && JSON.stringify(settings), now, id]);
    await tx.write(hostsDeletion, [id]);
    await writeHosts(tx, id, hosts, now);
  });

/** From now on the tenant is only there to be deleted; false where it is in use. */
export const beginDeletion = (db: Connection, id: string, now: Date): Promise<boolean> =>
  db.transaction(async (tx) => {
    const begun = (await tx.write(ending, [now, id])) === 1;
    if (begun) await tx.write(count, [defaultTenant.id]);
    return begun;
  });

/** Removes the tenant itself, when nothing belongs to it any more. */
export const endDeletion = (db: Connection, id: string): Promise<void> =>
  db.transaction(async (tx) => {
    await tx.write(hostsDeletion, [id]);
    await tx.write(deletion, [id]);
    await tx.write(count, [defaultTenant.id]);
  });

async function writeHosts(tx: Connection, id: string, hosts: readonly string[], now: Date): Promise<void> {
  for (const [position, host] of hosts.entries()) await tx.write(hostInsertion, [host, id, position, now]);
}

async function unlessTaken(
  db: Connection,
  id: string,
  write: (tx: Connection) => Promise<void>,
): Promise<WrittenTenant> {
  try {
    return await db.transaction(async (tx) => {
      await write(tx);
      await tx.write(count, [defaultTenant.id]);
      return { kind: "written", tenant: (await tenantById(tx, id))! };
    });
  } catch (error) {
    if (isUniqueViolation(error)) return { kind: "conflict" };
    throw error;
  }
}
