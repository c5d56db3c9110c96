import { defineEntity, p } from "@mikro-orm/core";
import { json, oneOf, stamped } from "../db/columns.ts";
import { tableOf } from "../db/table.ts";

/** Describes the table `tenants`. */
export const TenantSchema = defineEntity({
  name: "Tenant",
  tableName: "tenants",
  checks: [oneOf("tenants", "state", ["active", "inactive"])],
  properties: {
    ...stamped,
    slug: p.string().length(64).unique("tenants_slug_unique"),
    hosts: json<string[]>(),
    state: p.string().length(16).$type<"active" | "inactive">().default("active"),
    // What is configured otherwise than in the file.
    config: json<Record<string, unknown>>(),
  },
});

/** Somebody whose accounts are kept apart from everybody else's. */
export const tenants = tableOf(TenantSchema);
