import type { EntityManager, TransactionOptions } from "@mikro-orm/core";
import { setTimeout as sleep } from "node:timers/promises";
import { DatabaseConflict, isConflict, isUnavailable, known } from "./failure.ts";

/** Repeating a transaction repeats all that it read; repeating one statement costs little more than the wait. */
const attempts = { transaction: 4, statement: 10 };
const longestPauseMs = 160;

/**
 * Does work in a transaction of its own, and again from the start when other writers got in its way. The work may run up
 * to four times: what it does beside the database must bear that, and it must load what it changes through the unit of
 * work that it is given.
 */
export async function transactional<Result>(
  em: EntityManager,
  work: (em: EntityManager) => Promise<Result>,
  options: Pick<TransactionOptions, "isolationLevel"> = {},
): Promise<Result> {
  // A cleared fork: what a failed attempt left behind in the identity map must not be written by the next.
  return untilDone(attempts.transaction, () => em.transactional(work, { ...options, clear: true }));
}

/**
 * Runs one statement that stands alone, and again when the database gave it up for another's sake: InnoDB ends a deadlock
 * that way, and may find one between single statements too.
 */
export const standingAlone = <Result>(run: () => Promise<Result>): Promise<Result> => untilDone(attempts.statement, run);

async function untilDone<Result>(limit: number, run: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run();
    } catch (error) {
      if (isUnavailable(error) || !isConflict(error)) throw known(error);
      if (attempt === limit) throw new DatabaseConflict("Others kept writing the same rows.", { cause: error });
      await sleep(Math.random() * Math.min(10 * 2 ** attempt, longestPauseMs));
    }
  }
}
