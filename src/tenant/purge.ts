import { setImmediate } from "node:timers/promises";
import type { Database } from "../db/connection.ts";
import { DatabaseUnmigrated } from "../db/failure.ts";
import { statement } from "../db/statement.ts";
import { eventCounters, events } from "../events/entities.ts";
import { numberEvents } from "../events/numbering.ts";
import type { Log } from "../log.ts";
import { directoryOf } from "./directory.ts";
import { tenantsInDeletion } from "./statements.ts";
import { endDeletion } from "./write.ts";

const batch = 500;
const underWay = new WeakMap<Database, Map<string, Promise<void>>>();

/**
 * Removes what belongs to a tenant, in batches so that nobody who writes waits for long, and then the tenant itself. However
 * often it is asked for, a server does it once; what a server left unfinished, the next one goes on with.
 */
export function purgeTenant(db: Database, id: string, log: Log): Promise<void> {
  let running = underWay.get(db);
  if (!running) underWay.set(db, (running = new Map()));
  let work = running.get(id);
  if (!work) {
    work = purge(db, id)
      .catch((error: unknown) =>
        log.error("a tenant could not be deleted whole, and is tried again at the next start or call", {
          tenant: id,
          error,
        }),
      )
      .finally(() => running.delete(id));
    running.set(id, work);
  }
  return work;
}

/** Goes on with the deletions that a server before this one has begun. That the tables are missing is told of elsewhere. */
export async function resumeDeletions(db: Database, log: Log): Promise<void> {
  const begun = await tenantsInDeletion(db).catch((error: unknown) => {
    if (!(error instanceof DatabaseUnmigrated)) log.warn("deletions of tenants could not be gone on with", { error });
    return [];
  });
  for (const id of begun) void purgeTenant(db, id, log);
}

async function purge(db: Database, id: string): Promise<void> {
  const { leaving, refresh, default: server } = directoryOf(db);
  const isSpared = server.config().events.append_only;
  // Who deletes them in their time knows whose they are by their numbers.
  if (isSpared) await numberEvents({ db, tenant: { id } }, Number.POSITIVE_INFINITY);
  for (const table of tablesOfTenants(db)) {
    if (isSpared && ofEvents.has(table)) continue;
    if (!(await empty(db, table, id, leaving))) return;
  }
  await endDeletion(db, id);
  await refresh();
}

/** What the server may not delete where events are only added to. */
const ofEvents: ReadonlySet<string> = new Set([events.name, eventCounters.name]);

/** What hangs on other rows goes before them, so that no batch is larger than it looks. */
const tablesOfTenants = ({ entities }: Database): readonly string[] =>
  entities
    .filter(({ properties }) => "nid" in properties)
    .map(({ tableName }) => tableName)
    .toReversed();

/**
 * Deletes a tenant's rows of a table, walking through it in the order of ids: few tables have an index that begins with the
 * tenant, and each batch would look anew through the rows of others. False where the server is leaving.
 */
async function empty(db: Database, table: string, tenant: string, leaving: AbortSignal): Promise<boolean> {
  // Ids are not all of one type, so that no id comes before every other one.
  const first = statement(`purge_first_${table}`, `select id from ${table} where nid = ? order by id limit ?`);
  const next = statement(`purge_next_${table}`, `select id from ${table} where nid = ? and id > ? order by id limit ?`);
  type Found = { readonly id: string };
  const remove = statement(
    `purge_${table}`,
    `delete from ${table} where nid = ? and id in (${Array.from({ length: batch }, () => "?").join(", ")})`,
  );
  for (let after: string | undefined; !leaving.aborted; await setImmediate()) {
    const found =
      after === undefined
        ? await db.read<Found>(first, [tenant, batch])
        : await db.read<Found>(next, [tenant, after, batch]);
    const last = found.at(-1);
    // Until a walk from the beginning finds nothing: somebody may have been at work when the deletion began.
    if (!last && after === undefined) return true;
    if (!last) {
      after = undefined;
      continue;
    }
    // One text for batches of any size: an id may stand in it twice.
    await db.write(remove, [tenant, ...Array.from({ length: batch }, (_, at) => (found[at] ?? last).id)]);
    after = last.id;
  }
  return false;
}
