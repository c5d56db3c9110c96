import type { Context } from "../context.ts";
import { throttleId } from "./throttle-id.ts";
import type { Tried } from "./throttle-id.ts";

const hourMs = 3_600_000;
/** How long failures in a row are remembered after the last one. */
const memoryMs = 365 * 24 * hourMs;

/** How much may be guessed: so many times at once, then so many times an hour. */
export interface Rate {
  readonly at_once: number;
  readonly per_hour: number;
  /** So many failures in a row end it, until somebody succeeds; 0 stands for any number. */
  readonly in_a_row: number;
}

/** How often somebody may be wrong. In no hour it is more than what is allowed at once and per hour together. */
export interface Budget {
  /** What it is called in metrics. */
  readonly rule: string;
  readonly id: string;
  readonly atOnce: number;
  readonly inARow: number;
  /** The time in which one guess is regained. */
  readonly stepMs: number;
  /** How long a row outlives the time at which all guesses are regained. */
  readonly keptMs: number;
}

/** A row of `throttles`. Of a budget it counts the failures in a row; it ends when all is regained and forgotten. */
export interface BudgetRow {
  readonly id: string;
  readonly tries: number;
  readonly ends_at: number | string;
}

/** How much of a budget is spent. */
export interface Spent {
  /** Guesses that are not regained yet, with fractions. */
  readonly guesses: number;
  readonly inARow: number;
}

/** The budget of those who try something. */
export function budgetOf(
  ctx: Context,
  tried: Tried,
  { at_once: atOnce, per_hour: perHour, in_a_row: inARow }: Rate,
): Budget {
  const [stepMs, keptMs] = [Math.ceil(hourMs / perHour), inARow ? memoryMs : 0];
  // A changed configuration must not take remembered failures for guesses that were just made.
  return {
    rule: tried.what,
    id: throttleId(ctx, tried, `budget ${keptMs}`),
    atOnce,
    inARow: inARow || Number.MAX_SAFE_INTEGER,
    stepMs,
    keptMs,
  };
}

/** What a row says is spent; a row that is not there has nothing to say. */
export function spentOf({ keptMs, stepMs }: Budget, row: BudgetRow | undefined, now: number): Spent {
  const end = Number(row?.ends_at ?? 0);
  return { guesses: Math.max(0, end - keptMs - now) / stepMs, inARow: row && end > now ? row.tries : 0 };
}

/** How long to wait for the next guess, where others are on their way; 0 where there is one. */
export function waitFor({ atOnce, inARow, stepMs }: Budget, spent: Spent, onTheirWay: number): number {
  if (spent.inARow + onTheirWay >= inARow) return hourMs;
  return Math.max(0, spent.guesses + onTheirWay - (atOnce - 1)) * stepMs;
}

/** Whether so little is spent that a guess may be counted after it was made, and costs nothing if it is right. */
export const isEasy = ({ atOnce, inARow }: Budget, spent: Spent, onTheirWay: number): boolean =>
  spent.guesses + onTheirWay < atOnce / 2 && spent.inARow + onTheirWay < inARow / 2;
