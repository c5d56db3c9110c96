import { defineEntity, p } from "@mikro-orm/core";
import { instant } from "../db/columns.ts";

const ThrottleSchema = defineEntity({
  name: "Throttle",
  tableName: "throttles",
  properties: {
    id: p.string().length(64).primary(),
    tries: p.integer(),
    endsAt: instant().index("throttles_ends_at_index"),
  },
});

/** How often something was tried of late. What it was is known by a keyed hash only. */
export class Throttle extends ThrottleSchema.class {}
ThrottleSchema.setClass(Throttle);
