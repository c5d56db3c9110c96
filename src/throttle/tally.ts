import type { Context } from "../context.ts";
import { inEveryDialect } from "../db/json-sql.ts";
import { statement } from "../db/statement.ts";
import { throttleId } from "./throttle-id.ts";
import type { Tried } from "./throttle-id.ts";

// MySQL sets columns from left to right and reads what it has just set: the end of the window has to come last.
const adding = statement(
  "tally_add",
  inEveryDialect((_, dialect) => {
    const mysql = dialect === "mysql";
    return `insert into throttles (nid, id, tries, ends_at) values (?, ?, ?, ?) on ${mysql ? "duplicate key update" : "conflict (id, nid) do update set"}
      tries = case when throttles.ends_at <= ? then ${mysql ? "values(tries)" : "excluded.tries"} else throttles.tries + ${mysql ? "values(tries)" : "excluded.tries"} end,
      ends_at = case when throttles.ends_at <= ? then ${mysql ? "values(ends_at)" : "excluded.ends_at"} else throttles.ends_at end`;
  }),
);
const reading = statement("tally", "select tries, ends_at from throttles where nid = ? and id = ?");

/** Adds to what all servers count in one window of time, and tells how much that is by now. */
export async function countTogether(
  ctx: Context,
  counted: Tried,
  added: number,
  windowMs: number,
): Promise<{ readonly total: number; readonly endsAt: number }> {
  const id = throttleId(ctx, counted, windowMs);
  const now = ctx.now().getTime();
  await ctx.db.write(adding, [ctx.tenant.id, id, added, now + windowMs, now, now]);
  const [row] = await ctx.db.read<{ tries: number; ends_at: number | string }>(reading, [ctx.tenant.id, id]);
  return { total: row?.tries ?? added, endsAt: Number(row?.ends_at ?? now + windowMs) };
}
