import { setTimeout as sleep } from "node:timers/promises";
import { DatabaseConflict, isConflict, isUnavailable, known } from "./failure.ts";

/** Repeating a transaction repeats all that it read; repeating one statement costs little more than the wait. */
const attempts = { transaction: 4, statement: 10 };
const longestPauseMs = 160;

/**
 * Runs one statement that stands alone, and again when the database gave it up for another's sake: InnoDB ends a deadlock
 * that way, and may find one between single statements too.
 */
export const retryStatement = <Result>(run: () => Promise<Result>): Promise<Result> =>
  retryOnConflict("statement", run);

/** Does work again from the start when other writers got in its way, so many times and no more. */
export async function retryOnConflict<Result>(
  what: keyof typeof attempts,
  run: () => Promise<Result>,
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run();
    } catch (error) {
      if (isUnavailable(error) || !isConflict(error)) throw known(error);
      if (attempt === attempts[what])
        throw new DatabaseConflict("Others kept writing the same rows.", { cause: error });
      await sleep(Math.random() * Math.min(10 * 2 ** attempt, longestPauseMs));
    }
  }
}
