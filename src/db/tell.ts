import type { Database } from "./connection.ts";
import { statement } from "./statement.ts";

const tellListeners = statement("tell_listeners", "select pg_notify(?, ?) as told");

/** Tells whoever listens on a channel, at any server, where the database hands it on. It may get lost. */
export function tell(db: Database, channel: string, payload: string): void {
  if (db.listen) void db.read(tellListeners, [channel, payload]).catch(() => undefined);
}
