import type { Connection, Database } from "../db/connection.ts";
import { defineTopic, workerCount } from "../peers.ts";

type Listener = () => void;

/** Who hears of messages: whoever delivers them, and who only looks at them. */
type Role = "delivers" | "looks";

const listenersOf = new WeakMap<Database, Map<Listener, Role>>();
const enqueued = defineTopic<void>("message enqueued");

/** Says that a message was written: whoever delivers for this server will look for it as soon as it is committed. */
export function notifyEnqueued(db: Connection): void {
  db.onceCommitted(() => {
    const listeners = [...(listenersOf.get(db.database) ?? [])];
    for (const [listener] of listeners) listener();
    if (!listeners.some(([, role]) => role === "delivers")) publishSoon();
  });
}

let scheduled = false;

/** Once for all messages of a turn of the event loop. */
function publishSoon(): void {
  if (scheduled || workerCount === 1) return;
  scheduled = true;
  setImmediate(() => {
    scheduled = false;
    enqueued.publish();
  });
}

/** Calls back whenever a message was committed by this server; answers with the way to stop that. */
export function onEnqueued(database: Database, listener: Listener, role: Role = "delivers"): () => void {
  let listeners = listenersOf.get(database);
  if (!listeners) listenersOf.set(database, (listeners = new Map()));
  listeners.set(listener, role);
  const unsubscribe = enqueued.subscribe(listener);
  return () => {
    unsubscribe();
    listeners.delete(listener);
  };
}
