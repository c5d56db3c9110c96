import { checkFiles } from "./app/check-files.ts";
import { contextFactory } from "./app/context-factory.ts";
import type { Overrides } from "./app/context-factory.ts";
import { keepSessions } from "./app/keep-sessions.ts";
import { openPort } from "./app/open-port.ts";
import { servicesOf } from "./app/services.ts";
import { startCleaner } from "./cleanup/cleaner.ts";
import type { ConfigStore } from "./config/watch.ts";
import { startWorker } from "./courier/worker.ts";
import { openDatabase } from "./db/database.ts";
import type { Database } from "./db/connection.ts";
import { followHealth } from "./db/follow-health.ts";
import { readinessOf } from "./db/health.ts";
import { migrateUp } from "./db/migrate.ts";
import type { Log } from "./log.ts";
import { entities } from "./orm.ts";
import type { Listener } from "./server/listener.ts";
import { startSeenWriter } from "./session/last-seen.ts";
import { openDirectory } from "./tenant/directory.ts";
import type { Directory } from "./tenant/directory.ts";
import { resumeDeletions } from "./tenant/purge.ts";
import { createMetrics } from "./server/metrics.ts";

/** A server that runs. */
export interface App {
  /** Where it listens: URLs, or paths of sockets. */
  readonly addresses: { readonly public: string; readonly admin: string };
  readonly db: Database;
  /** Ends; without `serve.shutdown.lame_duck` where nobody has to notice. */
  close(lameDuckMs?: number): Promise<void>;
}

/** Starts a server: opens the database, puts the services together and listens on both ports. */
export async function startApp(store: ConfigStore, log: Log, options: Overrides = {}): Promise<App> {
  const db = await openDatabase(store.current().dsn, entities, { log });
  const ports: Listener[] = [];
  const workers: { stop(): Promise<void> }[] = [];
  let unfollow: (() => void) | undefined;
  let directory: Directory | undefined;
  const leaving = new AbortController();
  const close = async (graceMs?: number, lameDuckMs?: number) => {
    leaving.abort();
    await Promise.all(ports.map((port) => port.close(graceMs, lameDuckMs)));
    await Promise.all(workers.map((worker) => worker.stop()));
    directory?.close();
    unfollow?.();
    await db.close();
  };
  try {
    // The embedded database has nobody else to look after it.
    if (db.dialect === "sqlite") await migrateUp(db);
    else unfollow = followHealth({ db, log });
    directory = openDirectory(db, store, log);
    const metrics = createMetrics();
    workers.push(keepSessions({ store, db, log, metrics }));
    let started = false;
    const databaseIsReady = readinessOf(db);
    const readiness = async () => (leaving.signal.aborted ? goingAway : started ? databaseIsReady() : underWay);
    const parts = {
      store,
      directory,
      log,
      metrics,
      ready: readiness,
      leaving: leaving.signal,
      createContext: contextFactory(log, db, options),
    };
    ports.push(
      openPort("public", servicesOf.public(options.strategies), parts),
      openPort("admin", servicesOf.admin(options.strategies), parts),
    );
    // Whoever can reach a port takes the server for one that will stay.
    await checkFiles(store, log);
    const [publicAddress, adminAddress] = await Promise.all(ports.map((port) => port.listen()));
    started = true;
    void resumeDeletions(db, log);
    const clock = options.now && { now: options.now };
    if (store.current()["watch-courier"])
      workers.push(
        startWorker({ store, db, log, configOf: directory.configOf, observe: metrics.observeMail, ...clock }),
      );
    workers.push(startCleaner({ store, db, log, ...clock }), startSeenWriter(db, log));
    return {
      addresses: { public: publicAddress!, admin: adminAddress! },
      db,
      close: (lameDuckMs) => close(store.current().serve.shutdown.timeout, lameDuckMs),
    };
  } catch (error) {
    await close(0);
    throw error;
  }
}

/** One port may be there before the other, which may not come to be. */
const underWay = { start: "The server is starting." };
const goingAway = { shutdown: "The server is shutting down." };
