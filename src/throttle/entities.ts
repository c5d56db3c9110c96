import { defineEntity, p } from "@mikro-orm/core";
import { instant, uuid } from "../db/columns.ts";
import { tableOf } from "../db/table.ts";

/** Describes the table `throttles`. */
export const ThrottleSchema = defineEntity({
  name: "Throttle",
  tableName: "throttles",
  properties: {
    id: p.string().length(64).primary(),
    nid: uuid().primary(),
    tries: p.integer(),
    endsAt: instant().index("throttles_ends_at_index"),
  },
});

/** How often something was tried of late. What it was is known by a keyed hash only. */
export const throttles = tableOf(ThrottleSchema);
