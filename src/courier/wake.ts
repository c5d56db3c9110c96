import type { Connection, Database } from "../db/connection.ts";

type Wake = () => void;

const wakersOf = new WeakMap<Database, Set<Wake>>();

/** Says that a message was written: the workers of this process will look for it as soon as it is committed. */
export function announce(db: Connection): void {
  db.onceCommitted(() => {
    for (const listener of wakersOf.get(db.database) ?? []) listener();
  });
}

/** Calls back whenever a message was committed in this process; answers with the way to stop that. */
export function onMail(database: Database, listener: Wake): () => void {
  let wakers = wakersOf.get(database);
  if (!wakers) wakersOf.set(database, (wakers = new Set()));
  wakers.add(listener);
  return () => void wakers.delete(listener);
}
