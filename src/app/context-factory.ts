import { configFor } from "../config/own-address.ts";
import type { ConfigStore } from "../config/watch.ts";
import type { Call, Context } from "../context.ts";
import { setClock } from "../db/columns.ts";
import type { Database } from "../db/database.ts";
import type { Log } from "../log.ts";

/** What a test sets and production leaves alone. */
export interface Overrides {
  readonly now?: () => Date;
  readonly fetch?: typeof globalThis.fetch;
}

/** What differs from call to call. The configuration stays the same from its first line to its last. */
export function contextFactory(store: ConfigStore, log: Log, db: Database, options: Overrides) {
  const now = options.now ?? (() => new Date());
  return (call: Call, port: "public" | "admin"): Context => {
    const config = store.current();
    let em: Context["em"] | undefined;
    return {
      get em() {
        if (!em) {
          em = db.orm.em.fork() as Context["em"];
          setClock(em, now);
        }
        return em;
      },
      db,
      // Links that an administrator has made are for others.
      config: port === "public" ? configFor(config, call) : config,
      log,
      now,
      fetch: options.fetch ?? globalThis.fetch,
      call,
    };
  };
}
