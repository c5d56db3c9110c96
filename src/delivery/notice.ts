import type { Connection, Database } from "../db/connection.ts";
import { defineTopic, workerCount } from "../peers.ts";

type Listener = () => void;

/** Who hears of work: whoever does it, and who only looks at it. */
type Role = "works" | "looks";

/** The news, among the workers of a server, that there is something to do. */
export interface Notice {
  /** Says so: whoever does it for this server will look as soon as what was written is committed. */
  give(db: Connection): void;
  /** Calls back whenever this server has said so; answers with the way to stop that. */
  hear(database: Database, listener: Listener, role?: Role): () => void;
}

/**
 * Makes a notice. Other servers do not hear it, and one who is not there misses it: whoever waits for it looks now and then.
 *
 * @param name unique in the program
 */
export function defineNotice(name: string): Notice {
  const listenersOf = new WeakMap<Database, Map<Listener, Role>>();
  const topic = defineTopic<void>(name);
  let scheduled = false;

  /** Once for all that a turn of the event loop has written. */
  function publishSoon(): void {
    if (scheduled || workerCount === 1) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      topic.publish();
    });
  }

  return {
    give(db) {
      db.onceCommitted(() => {
        const listeners = [...(listenersOf.get(db.database) ?? [])];
        for (const [listener] of listeners) listener();
        if (!listeners.some(([, role]) => role === "works")) publishSoon();
      });
    },
    hear(database, listener, role = "works") {
      let listeners = listenersOf.get(database);
      if (!listeners) listenersOf.set(database, (listeners = new Map()));
      listeners.set(listener, role);
      const unsubscribe = topic.subscribe(listener);
      return () => {
        unsubscribe();
        listeners.delete(listener);
      };
    },
  };
}
