import type { Connection } from "../db/connection.ts";
import { decodeJson, inEveryDialect } from "../db/json-sql.ts";
import { decoderOf, selectList } from "../db/row.ts";
import { type Statement, statement } from "../db/statement.ts";
import type { RowOf } from "../db/table.ts";
import { defaultTenant } from "../tenant.ts";
import { tenants } from "./entities.ts";

/** A tenant as stored, with its host names in their order. */
export interface TenantRow extends RowOf<typeof tenants> {
  readonly hosts: readonly string[];
}

const selectTenants = (rest: string) =>
  inEveryDialect((sql) => {
    const hosts = sql.rows("tenant_hosts h", "h.tenant_id = t.id", ["h.position", "h.host"]);
    return `select ${selectList(sql, tenants, "t")}, ${sql.text(hosts)} as hosts from tenants t where ${rest}`;
  });

const byId = statement("tenant_by_id", selectTenants("t.id = ?"));
const bySlug = statement("tenant_by_slug", selectTenants("t.slug = ?"));
const byHost = statement(
  "tenant_by_host",
  selectTenants("t.id = (select o.tenant_id from tenant_hosts o where o.host = ?)"),
);
const page = statement("tenants_page", selectTenants("t.id > ? order by t.id limit ?"));
const revisions = statement(
  "tenants_revisions",
  "select revision, providers_revision, subscriptions_revision from tenants where id = ?",
);

const inDeletion = statement("tenants_in_deletion", "select id from tenants where state = 'deleting'");

/** The ids of the tenants whose deletion has begun. */
export const tenantsInDeletion = async (db: Connection): Promise<string[]> =>
  (await db.read<{ readonly id: string }>(inDeletion, [])).map(({ id }) => id);

/** A tenant by its id, in lower case. */
export const tenantById = (db: Connection, id: string): Promise<TenantRow | undefined> => one(db, byId, id);

/** A tenant by its slug. */
export const tenantBySlug = (db: Connection, slug: string): Promise<TenantRow | undefined> => one(db, bySlug, slug);

/** The tenant that is called by a host name, in lower case. */
export const tenantByHost = (db: Connection, host: string): Promise<TenantRow | undefined> => one(db, byHost, host);

/** Tenants in the order of their ids, after one. */
export async function tenantsPage(db: Connection, after: string, limit: number): Promise<TenantRow[]> {
  const rows = await db.read<Selected>(page, [after, limit]);
  return rows.map(decode);
}

/** How often something has been changed that servers keep in memory; 0 as long as there is nothing of the kind. */
export interface Revisions {
  /** Any tenant but the default one. */
  readonly tenants: number;
  /** A provider that is kept in the database, of any tenant. */
  readonly providers: number;
  /** A subscription that is kept in the database, of any tenant. */
  readonly subscriptions: number;
}

/** How often what is kept in memory has been changed, by any server. */
export async function readRevisions(db: Connection): Promise<Revisions> {
  type Row = Readonly<Record<"revision" | "providers_revision" | "subscriptions_revision", number>>;
  const [row] = await db.read<Row>(revisions, [defaultTenant.id]);
  return {
    tenants: row?.revision ?? 0,
    providers: row?.providers_revision ?? 0,
    subscriptions: row?.subscriptions_revision ?? 0,
  };
}

type Selected = Readonly<Record<string, unknown>> & { readonly hosts: unknown };

async function one(db: Connection, which: Statement, key: string): Promise<TenantRow | undefined> {
  const [row] = await db.read<Selected>(which, [key]);
  return row && decode(row);
}

const tenantOf = decoderOf(tenants);

function decode(row: Selected): TenantRow {
  const hosts = decodeJson<[position: number, host: string][] | null>(row.hosts) ?? [];
  return { ...tenantOf(row), hosts: hosts.toSorted(([a], [b]) => a - b).map(([, host]) => host) };
}
