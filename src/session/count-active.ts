import { setTimeout as pause } from "node:timers/promises";
import { firstId } from "../db/pages.ts";
import { inEveryDialect } from "../db/json-sql.ts";
import { statement } from "../db/statement.ts";
import type { Counting, GaugeOptions } from "../statistics/gauge.ts";

const atOnce = 5000;

const next = statement(
  "count_active_sessions",
  inEveryDialect(
    (_, dialect) =>
      `select max(${dialect === "postgresql" ? "s.id::text" : "s.id"}) as last, count(*) as looked, sum(case when s.active = true and s.expires_at > ? then 1 else 0 end) as active from (select id, active, expires_at from sessions where nid = ? and id > ? order by id limit ${atOnce}) s`,
  ),
);

/** Counts the sessions in force, some thousands at a time, and stands back in between: there may be millions. */
export async function countActiveSessions({ db, tenant, now }: Counting): Promise<number> {
  const moment = now().getTime();
  for (let active = 0, after: string = firstId; ;) {
    const start = performance.now();
    const [row] = await db.read<{ last: string | null; looked: number; active: number | null }>(next, [
      moment,
      tenant.id,
      after,
    ]);
    active += Number(row!.active ?? 0);
    if (Number(row!.looked) < atOnce) return active;
    after = row!.last!;
    await pause(9 * (performance.now() - start), undefined, { ref: false });
  }
}

/** How many sessions are in force. */
export const activeSessions: GaugeOptions = {
  name: "active_sessions",
  freshMs: 60_000,
  patienceMs: 150,
  count: countActiveSessions,
};
