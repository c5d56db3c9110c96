import type { Context } from "../context.ts";
import { inEveryDialect } from "../db/json-sql.ts";
import { statement } from "../db/statement.ts";
import { countOutcome } from "./count-outcomes.ts";
import { throttleId } from "./throttle-id.ts";
import type { Tried } from "./throttle-id.ts";

/** How many tries a stretch of time allows. */
export interface Allowance {
  readonly tries: number;
  /** In milliseconds, from the first try on. */
  readonly windowMs: number;
}

// MySQL sets columns from left to right and reads what it has just set: the end of the window has to come last.
const again = statement(
  "throttle_again",
  `update throttles set tries = case when ends_at <= ? then 1 else tries + 1 end,
    ends_at = case when ends_at <= ? then ? else ends_at end
  where nid = ? and id = ? and (ends_at <= ? or tries < ?)`,
);
const first = statement(
  "throttle_first",
  inEveryDialect((_, dialect) =>
    dialect === "mysql"
      ? "insert ignore into throttles (nid, id, tries, ends_at) values (?, ?, 1, ?)"
      : "insert into throttles (nid, id, tries, ends_at) values (?, ?, 1, ?) on conflict do nothing",
  ),
);
const none = statement("throttle_none", "delete from throttles where nid = ? and id = ?");

/**
 * Counts a try before it is made; false where the allowance is used up. Counting and judging are one statement: of any
 * number of tries at once, on any number of servers, no more than the allowance are made.
 */
export async function countTry(ctx: Context, tried: Tried, allowance: Allowance): Promise<boolean> {
  const admitted = await takeTry(ctx, tried, allowance);
  countOutcome(tried.what, admitted);
  return admitted;
}

async function takeTry(ctx: Context, tried: Tried, { tries, windowMs }: Allowance): Promise<boolean> {
  const id = throttleId(ctx, tried, windowMs);
  const now = ctx.now().getTime();
  const end = now + windowMs;
  const count = () => ctx.db.write(again, [now, now, end, ctx.tenant.id, id, now, tries]);
  if ((await count()) === 1) return true;
  if (tries > 0 && (await ctx.db.write(first, [ctx.tenant.id, id, end])) === 1) return true;
  // Somebody may have been the first one between the two.
  return (await count()) === 1;
}

/** Forgets the tries of somebody who has succeeded. */
export async function forgetTries(ctx: Context, tried: Tried, allowances: readonly Allowance[]): Promise<void> {
  for (const { windowMs } of allowances) await ctx.db.write(none, [ctx.tenant.id, throttleId(ctx, tried, windowMs)]);
}
