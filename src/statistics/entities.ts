import { defineEntity, p } from "@mikro-orm/core";
import { instant, longCount, uuid } from "../db/columns.ts";
import { tableOf } from "../db/table.ts";

/** Describes the table `hourly_counts`. */
export const HourlyCountSchema = defineEntity({
  name: "HourlyCount",
  tableName: "hourly_counts",
  indexes: [{ name: "hourly_counts_nid_hour_index", properties: ["nid", "hour"] }],
  properties: {
    // The hour, what is counted and of which kind, so that a row is found by its key alone.
    id: p.string().length(128).primary(),
    nid: uuid().primary(),
    hour: instant().index("hourly_counts_hour_index"),
    subject: p.string().length(32),
    kind: p.string().length(64),
    count: longCount(),
  },
});

/** How often what happened, hour by hour. */
export const hourlyCounts = tableOf(HourlyCountSchema);

/** Describes the table `account_totals`. */
export const IdentityTotalSchema = defineEntity({
  name: "IdentityTotal",
  tableName: "account_totals",
  properties: {
    // One of a few parts, so that those who sign up at once do not wait for each other.
    id: p.string().length(16).primary(),
    nid: uuid().primary(),
    active: longCount(),
    inactive: longCount(),
  },
});

/** How many accounts there are, in parts that add up. */
export const identityTotals = tableOf(IdentityTotalSchema);

/** Describes the table `gauges`. */
export const GaugeSchema = defineEntity({
  name: "Gauge",
  tableName: "gauges",
  properties: {
    id: p.string().length(32).primary(),
    nid: uuid().primary(),
    value: longCount(),
    countedAt: instant(),
    // Before then nobody counts anew.
    dueAt: instant(),
  },
});

/** What is counted now and then, since it changes by time alone. */
export const gauges = tableOf(GaugeSchema);
