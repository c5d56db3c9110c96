import type { Connection, Database } from "../db/connection.ts";

type Listener = () => void;

const listenersOf = new WeakMap<Database, Set<Listener>>();

/** Says that a message was written: the workers of this process will look for it as soon as it is committed. */
export function notifyEnqueued(db: Connection): void {
  db.onceCommitted(() => {
    for (const listener of listenersOf.get(db.database) ?? []) listener();
  });
}

/** Calls back whenever a message was committed in this process; answers with the way to stop that. */
export function onEnqueued(database: Database, listener: Listener): () => void {
  let listeners = listenersOf.get(database);
  if (!listeners) listenersOf.set(database, (listeners = new Set()));
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
