import type { Context } from "../context.ts";
import type { Database } from "../db/connection.ts";
import type { Log } from "../log.ts";
import type { Tenant } from "../tenant.ts";
import type { SessionRow } from "./statements.ts";
import { markSeen } from "./write.ts";

const minuteMs = 60_000;
/** How many sessions are noted at most before they are written; what comes while those are written is left out. */
const mostNoted = 50_000;
const mostAtOnce = 500;

/** The sessions of a tenant that were used since the last write: the minute by the id. */
interface Noted {
  readonly tenant: Tenant;
  readonly minutes: Map<string, number>;
}

/** Writes when sessions were last used, many at once. */
export interface SeenWriter {
  note(ctx: Context, sessionId: string, minute: number): void;
  /** Writes what is noted, and notes nothing more. */
  stop(): Promise<void>;
}

const writers = new WeakMap<Database, SeenWriter>();

/** Notes that a session is used, to the minute, unless that is known. It is written later, and lost where the server dies first. */
export function noteSeen(ctx: Context, { id, lastSeenAt }: SessionRow): void {
  const minute = Math.floor(ctx.now().getTime() / minuteMs) * minuteMs;
  if (lastSeenAt.getTime() < minute) writers.get(ctx.db.database)?.note(ctx, id, minute);
}

/** Starts what writes when sessions were last used. It does nothing as long as nothing is noted. */
export function startSeenWriter(db: Database, log: Log): SeenWriter {
  let noted = new Map<string, Noted>();
  let count = 0;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;

  async function write(batch: Iterable<Noted>): Promise<void> {
    for (const { tenant, minutes } of batch)
      for (const [at, ids] of idsByMinute(minutes))
        for (let from = 0; from < ids.length; from += mostAtOnce)
          await markSeen({ db, tenant }, ids.slice(from, from + mostAtOnce), new Date(at));
  }

  function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const batch = noted.values();
    [noted, count] = [new Map(), 0];
    return (running = write(batch)
      .catch((error: unknown) => log.warn("it could not be written when sessions were last used", { error }))
      .finally(() => (running = undefined)));
  }

  const writer: SeenWriter = {
    note({ tenant, config }, sessionId, minute) {
      if (count >= mostNoted) return;
      const of = noted.get(tenant.id) ?? { tenant: { id: tenant.id }, minutes: new Map() };
      noted.set(tenant.id, of);
      if (!of.minutes.has(sessionId)) count++;
      of.minutes.set(sessionId, minute);
      timer ??= setTimeout(
        () => (running ?? Promise.resolve()).then(flush),
        config.session.last_seen.write_every,
      ).unref();
      if (count >= mostNoted && !running) void flush();
    },
    async stop() {
      writers.delete(db);
      await running;
      await flush();
    },
  };
  writers.set(db, writer);
  return writer;
}

/** Those of one minute are written by one statement, in the order of ids, in which every server locks them. */
function idsByMinute(minutes: ReadonlyMap<string, number>): Map<number, string[]> {
  return Map.groupBy([...minutes.keys()].toSorted(), (id) => minutes.get(id)!);
}
