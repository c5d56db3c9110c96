import type { Database } from "../db/connection.ts";
import { tell } from "../db/tell.ts";
import { defineTopic, workerCount } from "../peers.ts";

/** The channel on which servers tell each other whose events were committed, where their database hands that on. */
export const recordedChannel = "ostiary_events";

/** Hears whose events were committed. */
type Listener = (tenantId: string) => void;

const listenersOf = new WeakMap<Database, Set<Listener>>();
const recorded = defineTopic<readonly string[]>("events recorded");
const watched = defineTopic<void>("events watched");

/** How often workers of a server that watch say so, and how long that counts with the others. */
const sayEveryMs = 2_000;
const countsMs = 5_000;

let watchedUntil = Number.NEGATIVE_INFINITY;
watched.subscribe(() => (watchedUntil = performance.now() + countsMs));

/** Says that events were committed. Where nobody watches, that is all: other workers are told while one of them has said that it does. */
export function notifyRecorded(database: Database, tenantId: string): void {
  for (const listener of listenersOf.get(database) ?? []) listener(tenantId);
  if (workerCount > 1 && performance.now() < watchedUntil) publishSoon(tenantId);
  if (database.listen) tellServers(database, tenantId);
}

/** How long other servers wait to be told once more: each time costs a statement, whether anybody watches there or not. */
const tellEveryMs = 50;

const toldOf = new WeakMap<Database, Map<string, { again: boolean }>>();

/** Tells other servers at once, and of all that follows closely together. */
function tellServers(database: Database, tenantId: string): void {
  let told = toldOf.get(database);
  if (!told) toldOf.set(database, (told = new Map()));
  const before = told.get(tenantId);
  if (before) return void (before.again = true);
  const now = { again: false };
  told.set(tenantId, now);
  tell(database, recordedChannel, tenantId);
  setTimeout(() => {
    told.delete(tenantId);
    if (now.again) tellServers(database, tenantId);
  }, tellEveryMs);
}

const unpublished = new Set<string>();

/** Once for all events of a turn of the event loop. */
function publishSoon(tenantId: string): void {
  if (unpublished.size === 0)
    setImmediate(() => {
      recorded.publish([...unpublished]);
      unpublished.clear();
    });
  unpublished.add(tenantId);
}

/** Calls back whenever events were committed by this server, of whichever tenant; answers with the way to stop that. */
export function onRecorded(database: Database, listener: Listener): () => void {
  let listeners = listenersOf.get(database);
  if (!listeners) listenersOf.set(database, (listeners = new Set()));
  listeners.add(listener);
  const unsubscribe = recorded.subscribe((tenantIds) => tenantIds.forEach((id) => listener(id)));
  watched.publish();
  const timer = setInterval(() => watched.publish(), sayEveryMs).unref();
  return () => {
    clearInterval(timer);
    unsubscribe();
    listeners.delete(listener);
  };
}
