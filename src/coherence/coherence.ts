import type { Connection, Database, Reach } from "../db/connection.ts";
import { uuidv7 } from "../db/id.ts";
import { insert } from "../db/query.ts";
import { systemClock } from "./clock.ts";
import { gateOf, leasesOf } from "./database-store.ts";
import { cacheInvalidations } from "./entities.ts";
import { createPeer } from "./peer.ts";
import type { Ended, Peer } from "./peer.ts";

/** This process among all that speak to a database. */
export interface Coherence extends Peer {
  /** Hears why no lease can be had, or nobody be asked. */
  onFailure(listener: (error: unknown) => void): void;
  /** Hears how long those have waited who changed something, in milliseconds. */
  onWaited(listener: (ms: number) => void): void;
}

const known = new WeakMap<Database, Coherence>();

/** What a process does for a database so that nothing which is kept in memory, here or elsewhere, outlives what it was read from. */
export function coherenceOf(database: Database): Coherence {
  let own = known.get(database);
  if (!own) known.set(database, (own = open(database)));
  return own;
}

function open(db: Database): Coherence {
  let failed: (error: unknown) => void = () => undefined;
  let waited: (ms: number) => void = () => undefined;
  const peer = createPeer({
    store: leasesOf(db),
    clock: systemClock,
    newId: uuidv7,
    failed: (error) => failed(error),
  });
  return {
    ...peer,
    async over(transaction) {
      const began = performance.now();
      await peer.over(transaction);
      if (transaction.committed && transaction.recorded) waited(performance.now() - began);
    },
    onFailure: (listener) => void (failed = listener),
    onWaited: (listener) => void (waited = listener),
  };
}

const batch = Symbol("what a transaction invalidates");

/** A transaction that remembers what it invalidates. */
type Remembering = Connection & { [batch]?: Set<string> };

/** More than so many at once are told as the whole tenant. */
const mostSubjects = 64;

/**
 * Says in a transaction that sessions or accounts will not be as they were, by their ids. Whoever began the transaction goes on
 * once nobody can be answered from memory with what was. It is to be said even where nothing was left to change: somebody else
 * may have changed it, and still wait.
 */
export function invalidate(tx: Reach, ...subjects: readonly string[]): void {
  const transaction: Remembering = tx.db;
  if (transaction[batch]) {
    for (const one of subjects) transaction[batch].add(one);
    return;
  }
  const all = (transaction[batch] = new Set(subjects));
  const own = coherenceOf(tx.db.database);
  let written: Omit<Ended, "committed"> = { invalidations: [], recorded: false };
  tx.db.beforeCommit(async () => {
    const some = all.size > mostSubjects ? [tx.tenant.id] : [...all];
    const invalidations = some.map((subject) => ({ id: uuidv7(), nid: tx.tenant.id, subject }));
    own.willChange(invalidations);
    written = { invalidations, recorded: false };
    const recorded = await own.othersMayHold(gateOf(tx.db));
    written = { invalidations, recorded };
    if (recorded) await insert(tx, cacheInvalidations, invalidations);
  });
  tx.db.onceOver((committed) => own.over({ ...written, committed }));
}
