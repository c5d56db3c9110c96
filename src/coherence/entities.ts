import { defineEntity } from "@mikro-orm/core";
import { longCount, uuid } from "../db/columns.ts";
import { tableOf } from "../db/table.ts";

/** Describes the table `cache_leases`. */
export const CacheLeaseSchema = defineEntity({
  name: "CacheLease",
  tableName: "cache_leases",
  properties: {
    id: uuid().primary(),
    // The number of the last question to this holder, and of its last answer.
    asked: longCount(),
    answered: longCount(),
  },
});

/** Describes the table `cache_invalidations`. */
export const CacheInvalidationSchema = defineEntity({
  name: "CacheInvalidation",
  tableName: "cache_invalidations",
  properties: {
    id: uuid().primary(),
    nid: uuid().primary(),
    // The id of a session, an account or a tenant. No key refers to it: it may be gone.
    subject: uuid(),
  },
});

/** What holders of leases have yet to take in. */
export const cacheInvalidations = tableOf(CacheInvalidationSchema);
