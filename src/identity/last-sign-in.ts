import { setTimeout as pause } from "node:timers/promises";
import type { Context } from "../context.ts";
import type { Database, Reach } from "../db/connection.ts";
import type { Log } from "../log.ts";
import { markSignedIn } from "./write.ts";

const writeEveryMs = 1000;
const secondMs = 1000;
const mostAtOnce = 500;
/** How many accounts are noted at most before they are written; who signs in beyond that is told by the events. */
const mostNoted = 50_000;

/** The accounts of a tenant whose people have signed in since the last write: the second by the id. */
type Noted = Map<string, number>;

/** Writes when people last signed in, many at once. */
export interface SignInWriter {
  note(ctx: Context, identityId: string): void;
  /** Writes what is noted, and notes nothing more. */
  stop(): Promise<void>;
}

const writers = new WeakMap<Database, SignInWriter>();

/** Notes that somebody has signed in, once that is committed. It is written within seconds, so that no sign-in waits for it. */
export function noteSignIn(ctx: Context, identityId: string): void {
  ctx.db.onceCommitted(() => writers.get(ctx.db.database)?.note(ctx, identityId));
}

/** Starts what writes when people last signed in. It does nothing as long as nobody does. */
export function startSignInWriter(db: Database, log: Log): SignInWriter {
  let noted = new Map<string, Noted>();
  let running: Promise<void> | undefined;
  const ended = new AbortController();

  async function write(): Promise<void> {
    const batch = noted;
    noted = new Map();
    for (const [nid, seconds] of batch) await writeSeconds({ db, tenant: { id: nid } }, seconds);
  }

  async function run(): Promise<void> {
    await pause(writeEveryMs, undefined, { signal: ended.signal, ref: false }).catch(() => undefined);
    await write().catch((error: unknown) => log.warn("it could not be written who has signed in", { error }));
    running = noted.size > 0 && !ended.signal.aborted ? run() : undefined;
  }

  const writer: SignInWriter = {
    note({ tenant, now }, identityId) {
      const of = noted.get(tenant.id) ?? new Map<string, number>();
      noted.set(tenant.id, of);
      if (of.size < mostNoted) of.set(identityId, Math.floor(now().getTime() / secondMs) * secondMs);
      running ??= run();
    },
    async stop() {
      writers.delete(db);
      ended.abort();
      await running;
      await write().catch(() => undefined);
    },
  };
  writers.set(db, writer);
  return writer;
}

/** Those of one second are written by one statement, in the order of ids, in which every server locks them. */
async function writeSeconds(reach: Reach, seconds: Noted): Promise<void> {
  const ids = [...seconds.keys()].toSorted();
  for (const [at, together] of Map.groupBy(ids, (id) => seconds.get(id)!))
    for (let from = 0; from < together.length; from += mostAtOnce)
      await markSignedIn(reach, together.slice(from, from + mostAtOnce), new Date(at));
}
