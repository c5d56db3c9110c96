import { ErrorReason, problem } from "../errors.ts";

/** How long any call may take, in milliseconds, whatever its client says. */
export const longestCallMs = 30_000;

/**
 * Waits for work so long, and then refuses with DEADLINE. The work itself goes on: what it does to the database is one
 * transaction, which is done or not.
 */
export function inTime<T>(work: Promise<T>, mostMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(problem(ErrorReason.DEADLINE)), mostMs);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
