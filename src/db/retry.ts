import type { EntityManager, TransactionOptions } from "@mikro-orm/core";
import { setTimeout as sleep } from "node:timers/promises";
import { DatabaseConflict, DatabaseUnavailable, isConflict, isConnectionLoss } from "./failure.ts";

const attempts = 4;

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
  for (let attempt = 1; ; attempt++) {
    try {
      // A cleared fork: what a failed attempt left behind in the identity map must not be written by the next.
      return await em.transactional(work, { ...options, clear: true });
    } catch (error) {
      if (isConnectionLoss(error)) throw new DatabaseUnavailable("The database went away.", { cause: error });
      if (!isConflict(error)) throw error;
      if (attempt === attempts) throw new DatabaseConflict("Others kept writing the same rows.", { cause: error });
      await sleep(Math.random() * 10 * 2 ** attempt);
    }
  }
}
