import type { Context } from "../context.ts";
import type { Database } from "../db/connection.ts";
import { shareOf } from "../peers.ts";
import { isEasy, spentOf, waitFor } from "./budget.ts";
import type { Budget, BudgetRow } from "./budget.ts";
import { endRow, noteWrong, openBudget, readBudgets, returnGuess, takeGuess } from "./budget-statements.ts";
import { countOutcome } from "./count-outcomes.ts";
import { KeyedSemaphore } from "./keyed-semaphore.ts";
import { Underway } from "./underway.ts";
import type { Entry } from "./underway.ts";

/** Somebody's try to guess a secret. */
export interface Guess {
  /** Whose failures in a row are counted, and ended by a right guess. */
  readonly whose: Budget;
  /** Who guesses, whomever they guess at. */
  readonly client?: Budget;
  /** Whose failures in a row a right guess ends as well. */
  readonly ends?: Budget;
  isRight(): Promise<boolean>;
}

/** What came of a guess: whether it was right, or that it was not made, and how long to wait. */
export type Judged = { readonly right: boolean } | { readonly waitMs: number };

/** Guesses at one account that a worker judges at a time: so many are not counted yet for those that the others judge. */
const atATime = shareOf(4);

const places = new WeakMap<Database, { readonly semaphore: KeyedSemaphore; readonly underway: Underway }>();

function placeOf(db: Database) {
  let place = places.get(db);
  if (!place) places.set(db, (place = { semaphore: new KeyedSemaphore(atATime), underway: new Underway() }));
  return place;
}

/**
 * Lets a guess be judged, if there is one left. While little is spent, it is counted afterwards, and costs no write if it
 * is right; later it is taken by one conditional statement before it is made. Guesses that came before, to this server,
 * and are not counted yet are taken for wrong ones: so never more are made than there are. What servers do not know of
 * each other are the few uncounted guesses of one moment, and those put off the ones that follow.
 *
 * @example
 * const whose = budgetOf(ctx, { what: "password", whom: identifier }, { at_once: 10, per_hour: 20, in_a_row: 100 });
 * const judged = await judgeGuess(ctx, { whose, isRight: () => verifyHash(password, hash) });
 * if ("waitMs" in judged) return throttled(judged.waitMs, account?.id);
 */
export async function judgeGuess(ctx: Context, guess: Guess): Promise<Judged> {
  const { semaphore, underway } = placeOf(ctx.db.database);
  const { whose, client, ends } = guess;
  const budgets = client ? [whose, client] : [whose];
  const ids = [...budgets, ...(ends ? [ends] : [])].map(({ id }) => id);
  return semaphore.run(whose.id, async () => {
    const entry = underway.enter(budgets.map(({ id }) => id));
    try {
      for (;;) {
        const ahead = budgets.map(({ id }) => entry.ahead(id));
        const judged = await judge(ctx, { ...guess, budgets, entry, ahead, rows: await readBudgets(ctx, ids) });
        if (!("behind" in judged)) {
          countOutcome(whose.rule, "right" in judged);
          return judged;
        }
        await entry.oneAheadLeaves(judged.behind);
      }
    } finally {
      entry.leave();
    }
  });
}

/** A guess, and what is known when it is its turn. */
interface Turn extends Guess {
  readonly budgets: readonly Budget[];
  readonly entry: Entry;
  /** How many came before and were not counted when the rows were read, by budget. */
  readonly ahead: readonly number[];
  readonly rows: ReadonlyMap<string, BudgetRow>;
}

/** What came of a turn; it comes again where all depends on a guess that came before. */
type Outcome = Judged | { readonly behind: string };

async function judge(ctx: Context, turn: Turn): Promise<Outcome> {
  const { whose, ends, budgets, ahead, rows } = turn;
  const now = ctx.now().getTime();
  const spent = budgets.map((budget) => spentOf(budget, rows.get(budget.id), now));
  const waitMs = Math.max(...budgets.map((budget, at) => waitFor(budget, spent[at]!, 0)));
  if (waitMs > 0) return { waitMs };
  const [, client] = budgets;
  if (client && waitFor(client, spent[1]!, ahead[1]!) > 0) return { behind: client.id };
  if (!isEasy(whose, spent[0]!, ahead[0]!)) return judgeTaken(ctx, turn);
  const right = await turn.isRight();
  if (right) await endRows(ctx, ends ? [whose, ends] : [whose], rows);
  else await noteWrong(ctx, budgets);
  return { right };
}

async function judgeTaken(ctx: Context, { whose, ends, budgets, entry, rows, isRight }: Turn): Promise<Outcome> {
  // The first guess of a client has no row to be counted in.
  const taken = budgets.filter((budget) => budget === whose || rows.has(budget.id));
  if (!rows.has(whose.id)) await openBudget(ctx, whose);
  const ahead = entry.ahead(whose.id);
  if (!(await takeGuess(ctx, taken, ahead))) return ahead > 0 ? { behind: whose.id } : { waitMs: whose.stepMs };
  entry.leave(taken.map(({ id }) => id));
  const right = await isRight().catch(async (error: unknown) => {
    await returnGuess(ctx, taken, false);
    throw error;
  });
  if (right) {
    await returnGuess(ctx, taken, true);
    if (ends) await endRows(ctx, [ends], rows);
  } else if (taken.length < budgets.length) await noteWrong(ctx, budgets.slice(1));
  return { right };
}

/** Somebody who was never wrong costs no write. */
async function endRows(ctx: Context, budgets: readonly Budget[], rows: ReadonlyMap<string, BudgetRow>): Promise<void> {
  const begun = budgets.filter(({ id }) => (rows.get(id)?.tries ?? 0) > 0);
  if (begun.length > 0) await endRow(ctx, begun);
}
