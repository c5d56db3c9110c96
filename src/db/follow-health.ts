import { errorMessage } from "../text/error-message.ts";
import type { Database } from "./connection.ts";
import { pendingMigrations } from "./migrate.ts";

/** Where the news of a database go. */
interface Log {
  info(event: string): void;
  warn(event: string, fields: Record<string, unknown>): void;
  error(event: string, fields: Record<string, unknown>): void;
}

const everyMs = 2000;

/**
 * Says when a database cannot be used, or is not up to date, and when it can be used again, without waiting for anybody to ask for
 * it. The start does not wait for it either: the database may come up, or be migrated, later. Answers with what ends it.
 */
export function followHealth({ db, log }: { readonly db: Database; readonly log: Log }): () => void {
  let told = "";
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  function tell(state: "" | "outdated" | "unusable", say: () => void): void {
    if (state !== told && !stopped) say();
    told = state;
  }

  async function look(): Promise<void> {
    try {
      const pending = await pendingMigrations(db);
      if (pending.length)
        tell("outdated", () => log.warn("the database is not up to date: run `ostiary migrate sql`", { pending }));
      else tell("", () => log.info("the database can be used again"));
    } catch (error) {
      tell("unusable", () =>
        log.error("the database cannot be used, and is tried again until it can", { reason: errorMessage(error) }),
      );
    }
  }

  function again(): void {
    if (!stopped) timer = setTimeout(() => void look().then(again), everyMs).unref();
  }

  void look().then(again);
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
