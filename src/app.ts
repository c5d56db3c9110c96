import { checkFiles, followFiles } from "./app/check-files.ts";
import { contextFactory } from "./app/context-factory.ts";
import type { Overrides } from "./app/context-factory.ts";
import { keepSessions } from "./app/keep-sessions.ts";
import { startLeaderTasks, type LeaderTasks } from "./app/leader-tasks.ts";
import { aggregateHealth } from "./app/aggregate-health.ts";
import { openPort } from "./app/open-port.ts";
import { servicesOf } from "./app/services.ts";
import { startTelemetry } from "./app/telemetry.ts";
import type { Telemetry } from "./app/telemetry.ts";
import type { ConfigStore } from "./config/watch.ts";
import { openDatabase } from "./db/database.ts";
import type { Database } from "./db/connection.ts";
import { readinessOf } from "./db/health.ts";
import { migrateUp } from "./db/migrate.ts";
import { signIns } from "./identity/last-sign-in.ts";
import type { Log } from "./log.ts";
import { entities } from "./orm.ts";
import { elected, hasStarted, isLeader, workerCount } from "./peers.ts";
import type { Listener } from "./server/listener.ts";
import { startSeenWriter } from "./session/last-seen.ts";
import { tally } from "./statistics/tally.ts";
import { openDirectory } from "./tenant/directory.ts";
import type { Directory } from "./tenant/directory.ts";
import { createMetrics } from "./server/metrics.ts";

/** A server that runs. */
export interface App {
  /** Where it listens: URLs, or paths of sockets. */
  readonly addresses: { readonly public: string; readonly admin: string };
  readonly db: Database;
  /** Ends; without `serve.shutdown.lame_duck` where nobody has to notice. */
  close(lameDuckMs?: number): Promise<void>;
}

/** Starts a server, or one worker of it: opens the database, puts the services together and listens on both ports. */
export async function startApp(store: ConfigStore, log: Log, options: Overrides = {}): Promise<App> {
  const db = await openDatabase(store.current().dsn, entities, { log });
  const ports: Listener[] = [];
  let tasks: LeaderTasks | undefined;
  const own: { stop(): Promise<void> }[] = [];
  let telemetry: Telemetry | undefined;
  let directory: Directory | undefined;
  const leaving = new AbortController();
  const close = async (graceMs?: number, lameDuckMs?: number) => {
    leaving.abort();
    await Promise.all(ports.map((port) => port.close(graceMs, lameDuckMs)));
    await Promise.all([tasks, ...own].map((one) => one?.stop()));
    await telemetry?.stop();
    directory?.close();
    await db.close();
  };
  try {
    const { tracer, ...sending } = (telemetry = await startTelemetry(store.current(), log));
    const isFirst = workerCount === 1 || (isLeader() && !hasStarted());
    // The embedded database has nobody else to look after it.
    if (db.dialect === "sqlite" && isFirst) await migrateUp(db);
    directory = openDirectory(db, store, log);
    const metrics = createMetrics();
    own.push(keepSessions({ store, db, log, metrics }));
    let started = false;
    const databaseIsReady = readinessOf(db);
    const health = aggregateHealth(async () => (started && hasStarted() ? databaseIsReady() : underWay));
    const parts = {
      store,
      db,
      directory,
      log,
      metrics,
      tracer,
      alive: health.alive,
      ready: async () => (leaving.signal.aborted ? goingAway : health.ready()),
      leaving: leaving.signal,
      now: options.now ?? (() => new Date()),
      createContext: contextFactory(log, db, options),
    };
    ports.push(
      openPort("public", servicesOf.public(options.strategies), parts),
      openPort("admin", servicesOf.admin(options.strategies, leaving.signal), parts),
    );
    // Whoever can reach a port takes the server for one that will stay.
    if (isFirst) await checkFiles(store, log);
    followFiles(store, log);
    const [publicAddress, adminAddress] = await Promise.all(ports.map((port) => port.listen()));
    started = true;
    const clock = options.now && { now: options.now };
    own.push(startSeenWriter(db, log), signIns.start(db, log), tally.start(db, log));
    const begin = () => {
      if (leaving.signal.aborted) return;
      tasks = startLeaderTasks({ store, db, log, directory: directory!, metrics, tracer, ...clock });
      sending.sendMetrics(metrics);
    };
    if (isLeader()) begin();
    else void elected.then(begin);
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
