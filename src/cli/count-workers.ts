import { availableParallelism } from "node:os";
import type { Config } from "../config/config.ts";
import { parseDsn } from "../db/dsn.ts";

const mostByItself = 8;

/**
 * How many processes serve: as many as the configuration says, else one in development and one per core elsewhere. Throws where
 * that cannot be.
 */
export function countWorkers({ serve: { workers }, dev, dsn }: Config): number {
  const target = parseDsn(dsn);
  const isPrivate = target.dialect === "sqlite" && target.path === undefined;
  if (typeof workers === "number") {
    if (workers > 1 && isPrivate)
      throw new Error(
        "A database in memory belongs to one process: serve with one worker (serve.workers, --workers), or name another database (dsn).",
      );
    return workers;
  }
  // Windows hands connections from process to process at a high price.
  if (isPrivate || process.platform === "win32" || (dev && workers === undefined)) return 1;
  return Math.min(mostByItself, availableParallelism());
}
