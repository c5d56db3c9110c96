import type { Reach } from "../db/connection.ts";
import { inEveryDialect } from "../db/json-sql.ts";
import { statement } from "../db/statement.ts";
import type { Dialect } from "../db/statement.ts";
import type { Subject } from "./tally.ts";

/** How often something has happened in an hour or a day. */
export interface PeriodCount {
  /** When the period begins, in milliseconds since 1970. */
  readonly startsAt: number;
  readonly subject: Subject;
  readonly kind: string;
  readonly count: number;
}

// Whole periods: to SQLite every number that comes as a parameter may be one with a fraction.
const periodOf: Readonly<Record<Dialect, string>> = {
  sqlite: "hour / cast(? as integer)",
  // CockroachDB divides with a fraction.
  postgresql: "div(hour, ?::bigint)::bigint",
  mysql: "hour div ?",
};

const byPeriod = statement(
  "hourly_counts_by_period",
  inEveryDialect(
    (_, dialect) =>
      `select ${periodOf[dialect]} as period, subject, kind, sum(count) as count from hourly_counts where nid = ? and hour >= ? and hour < ? group by period, subject, kind order by period, subject, kind`,
  ),
);

/** What has happened from a moment on and before another, by periods of a length. */
export async function countsByPeriod(
  { db, tenant }: Reach,
  { from, to, periodMs }: { readonly from: number; readonly to: number; readonly periodMs: number },
): Promise<PeriodCount[]> {
  const rows = await db.read<Omit<PeriodCount, "startsAt"> & { period: number }>(byPeriod, [
    periodMs,
    tenant.id,
    from,
    to,
  ]);
  return rows.map(({ period, subject, kind, count }) => ({
    startsAt: Number(period) * periodMs,
    subject,
    kind,
    count: Number(count),
  }));
}
