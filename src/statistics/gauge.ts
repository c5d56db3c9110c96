import { setTimeout as pause } from "node:timers/promises";
import type { Reach } from "../db/connection.ts";
import { find } from "../db/query.ts";
import { statement } from "../db/statement.ts";
import type { Log } from "../log.ts";
import { gauges } from "./entities.ts";

/** What was counted, and when. */
export interface Counted {
  readonly value: number;
  readonly countedAt: Date;
}

/** What a count is done with: a context, for one. */
export interface Counting extends Reach {
  readonly now: () => Date;
  readonly log: Log;
}

/** How something is counted that changes by time alone. */
export interface GaugeOptions {
  readonly name: string;
  /** How old a count may be before whoever asks has it counted anew. */
  readonly freshMs: number;
  /** How long whoever asks waits for that; the count goes on without them. */
  readonly patienceMs: number;
  count(ctx: Counting): Promise<number>;
}

const take = "insert into gauges (id, nid, value, counted_at, due_at) values (?, ?, 0, 0, ?)";

// Of those who ask at once one counts, for as long as the count may take.
const claim = statement("claim_gauge", "update gauges set due_at = ? where nid = ? and id = ? and due_at <= ?");
const make = statement("make_gauge", {
  sqlite: `${take} on conflict do nothing`,
  postgresql: `${take} on conflict do nothing`,
  mysql: take.replace("insert", "insert ignore"),
});
const write = statement(
  "write_gauge",
  "update gauges set value = ?, counted_at = ?, due_at = ? where nid = ? and id = ?",
);

const longestCountMs = 3_600_000;

/** Reads what was counted last, and has it counted anew where that is old. Undefined as long as nobody has come to the end. */
export async function readGauge(ctx: Counting, options: GaugeOptions): Promise<Counted | undefined> {
  const now = ctx.now().getTime();
  const [known] = await find(ctx, gauges, (query) => query.where("id", "=", options.name));
  if (!known || known.dueAt.getTime() <= now) {
    const claimed = await (known
      ? ctx.db.write(claim, [now + longestCountMs, ctx.tenant.id, options.name, now])
      : ctx.db.write(make, [options.name, ctx.tenant.id, now + longestCountMs]));
    if (claimed > 0) {
      const counted = countAnew(ctx, options, now);
      const late = pause(options.patienceMs, undefined, { ref: false });
      const fresh = await Promise.race([counted, late]);
      if (fresh) return fresh;
    }
  }
  return known && known.countedAt.getTime() > 0 ? known : undefined;
}

/** How often a count stands back behind everybody else: so many times as long as it has worked. */
const pausesFor = 10;

async function countAnew(
  ctx: Counting,
  { name, freshMs, count }: GaugeOptions,
  now: number,
): Promise<Counted | undefined> {
  const start = performance.now();
  try {
    const value = await count(ctx);
    // What takes long is done seldom.
    const due = now + Math.max(freshMs, pausesFor * (performance.now() - start));
    await ctx.db.write(write, [value, now, Math.round(due), ctx.tenant.id, name]);
    return { value, countedAt: new Date(now) };
  } catch (error) {
    ctx.log.warn("something could not be counted for the statistics", { gauge: name, error });
    await ctx.db.write(claim, [now + freshMs, ctx.tenant.id, name, now + longestCountMs]).catch(() => undefined);
    return undefined;
  }
}
