import { setTimeout as pause } from "node:timers/promises";
import type { Log } from "../log.ts";
import type { Database, Reach } from "./connection.ts";

/** What is noted of one tenant since the last write, by its key. */
export type Notes<T> = ReadonlyMap<string, T>;

/** How notes become rows. */
export interface WriteBehindOptions<T> {
  /** How long notes wait for others that are written along with them. */
  readonly everyMs: number;
  /** How many are kept of a tenant at most; what comes beyond is left out until they are written. */
  readonly most: number;
  /** Says what could not be written, in the log. */
  readonly failure: string;
  write(reach: Reach, notes: Notes<T>): Promise<void>;
}

/** What is noted in memory and written a little later, many notes together: nobody waits for it, and it is lost where a server is killed. */
export interface WriteBehind<T> {
  /** Notes something, given what is noted under the key already. Nothing happens on a database of which no server runs. */
  note({ db, tenant }: Reach, key: string, change: (noted: T | undefined) => T): void;
  /** Starts what writes for a server. Once stopped it has written all, and notes nothing more. */
  start(db: Database, log: Log): { stop(): Promise<void> };
}

interface Writer<T> {
  note(tenantId: string, key: string, change: (noted: T | undefined) => T): void;
}

/** Makes a kind of notes. */
export function defineWriteBehind<T>(options: WriteBehindOptions<T>): WriteBehind<T> {
  const writers = new WeakMap<Database, Writer<T>>();
  return {
    note: ({ db, tenant }, key, change) => writers.get(db.database)?.note(tenant.id, key, change),
    start(db, log) {
      const { stop, ...writer } = startWriter(options, db, log);
      writers.set(db, writer);
      return {
        async stop() {
          writers.delete(db);
          await stop();
        },
      };
    },
  };
}

function startWriter<T>({ everyMs, most, failure, write }: WriteBehindOptions<T>, db: Database, log: Log) {
  let noted = new Map<string, Map<string, T>>();
  let running: Promise<void> | undefined;
  const ended = new AbortController();

  async function flush(): Promise<void> {
    const batch = noted;
    noted = new Map();
    for (const [id, notes] of batch)
      await write({ db, tenant: { id } }, notes).catch((error: unknown) => log.warn(failure, { error }));
  }

  async function run(): Promise<void> {
    await pause(everyMs, undefined, { signal: ended.signal, ref: false }).catch(() => undefined);
    await flush();
    running = noted.size > 0 && !ended.signal.aborted ? run() : undefined;
  }

  return {
    note(tenantId: string, key: string, change: (noted: T | undefined) => T): void {
      let notes = noted.get(tenantId);
      if (!notes) noted.set(tenantId, (notes = new Map()));
      if (notes.size < most || notes.has(key)) notes.set(key, change(notes.get(key)));
      running ??= run();
    },
    async stop(): Promise<void> {
      ended.abort();
      await running;
      await flush();
    },
  };
}
