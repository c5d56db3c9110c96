import type Sqlite from "better-sqlite3";
import { setTimeout as sleep } from "node:timers/promises";
import { DatabaseUnavailable, isConflict, Overtaken } from "./failure.ts";
import { createMutex } from "./mutex.ts";
import { watchPool } from "./pool-use.ts";

const patienceMs = 5_000;
const pauseMs = 10;

/** What is committed together. */
export interface Group {
  /** Settles when it is committed, or will never be. */
  readonly over: PromiseWithResolvers<void>;
  /** Whether the turn of the event loop in which it began has ended. */
  due: boolean;
  /** Why nothing more can be done in it, since SQLite has undone it. */
  failure?: unknown;
}

/** The one way to the connection that writes. */
export interface GroupCommit {
  /** Does work in a group when its turn has come, and waits until that is over. */
  inGroup<Result>(work: (own: Group) => Promise<Result> | Result): Promise<Result>;
  /** Runs a statement, unless the transaction around it has ended: it would be done outside of any. */
  run<Result>(own: Group, sql: string, how: (statement: Sqlite.Statement) => Result): Result;
  /** Commits what has been written. */
  close(): void;
}

/**
 * Commits what is written to SQLite in groups: what is written in one turn of the event loop is one transaction of the file, since each
 * commit waits for the disk, and holds up the whole process meanwhile. Within it each transaction is a savepoint, so that what
 * fails undoes itself alone; nobody is answered, be it with an error, before all of it is durable. Where an error has SQLite undo
 * the whole transaction (a full disk), whoever caused it is told so, and the others are told to try again.
 *
 * The one connection is waited for in turn, for so long and no longer. Where another process holds the file's lock, the wait is
 * ours and not SQLite's, which would hold up the whole process; the lock is taken as a group begins, and no later statement can
 * fail for that.
 */
export function groupCommit(handle: Sqlite.Database): GroupCommit {
  const mutex = createMutex(patienceMs);
  const use = watchPool(1);
  let group: Group | undefined;
  let working = false;

  async function begin(): Promise<Group> {
    await unlocked(() => handle.prepare("begin immediate").run());
    const begun: Group = { over: Promise.withResolvers<void>(), due: false };
    // Where all that it was for has failed, nobody waits for it.
    begun.over.promise.catch(() => undefined);
    setImmediate(() => {
      begun.due = true;
      if (!working && group === begun) commit(begun);
    });
    return begun;
  }

  function commit(ended: Group): void {
    group = undefined;
    try {
      handle.prepare("commit").run();
      ended.over.resolve();
    } catch (error) {
      if (handle.inTransaction) handle.prepare("rollback").run();
      ended.over.reject(error as Error);
    }
  }

  async function inGroup<Result>(work: (own: Group) => Promise<Result> | Result): Promise<Result> {
    await use.acquire(mutex.acquire);
    working = true;
    let own: Group | undefined;
    let result: Result;
    try {
      own = group ??= await begin();
      result = await work(own);
    } catch (error) {
      leave();
      // Why it failed may have been written a moment before: whoever looks for that has to find it.
      await own?.over.promise.catch(() => undefined);
      throw error;
    }
    leave();
    await own.over.promise;
    return result;
  }

  function leave(): void {
    working = false;
    if (group?.due) commit(group);
    use.release();
    mutex.release();
  }

  function run<Result>(own: Group, sql: string, how: (statement: Sqlite.Statement) => Result): Result {
    if (own.failure !== undefined) throw own.failure;
    try {
      return how(handle.prepare(sql));
    } catch (error) {
      if (!handle.inTransaction) {
        group = undefined;
        own.failure = error;
        own.over.reject(new Overtaken("What was written together has been undone together."));
      }
      throw error;
    }
  }

  return {
    inGroup,
    run,
    close() {
      if (group) commit(group);
    },
  };
}

/** Runs a statement once no other process has the file locked. */
async function unlocked(run: () => unknown): Promise<void> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    try {
      run();
      return;
    } catch (error) {
      if (!isConflict(error)) throw error;
      if (Date.now() > deadline)
        throw new DatabaseUnavailable("Another process keeps the database locked.", { cause: error });
      await sleep(pauseMs);
    }
  }
}
