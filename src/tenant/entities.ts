import { defineEntity, p } from "@mikro-orm/core";
import { instant, json, oneOf, stamped, uuid } from "../db/columns.ts";
import { tableOf } from "../db/table.ts";

/** What of a tenant's settings is stored: sealed, since they may hold secrets. */
export interface SealedSettings {
  readonly sealed: string;
}

/** Describes the table `tenants`. */
export const TenantSchema = defineEntity({
  name: "Tenant",
  tableName: "tenants",
  checks: [oneOf("tenants", "state", ["active", "inactive", "deleting"])],
  properties: {
    ...stamped,
    slug: p.string().length(63).unique("tenants_slug_unique"),
    state: p.string().length(16).$type<"active" | "inactive" | "deleting">().default("active"),
    settings: json<SealedSettings>().nullable(),
    // Counts the changes of all tenants in the row of the default one: by it servers see that something has changed.
    revision: p.integer().default(0),
    // The same for the providers that are kept in the database.
    providersRevision: p.integer().default(0),
    // The same for subscriptions to events.
    subscriptionsRevision: p.integer().default(0),
  },
});

/** Describes the table `tenant_hosts`: a host name by which clients call, and whose it is. */
export const TenantHostSchema = defineEntity({
  name: "TenantHost",
  tableName: "tenant_hosts",
  properties: {
    host: p.string().length(253).primary(),
    tenantId: uuid().index("tenant_hosts_tenant_id_index"),
    position: p.smallint(),
    createdAt: instant(),
  },
});

/** Somebody whose accounts are kept apart from everybody else's. */
export const tenants = tableOf(TenantSchema);
