import type { Connection, Database } from "../db/connection.ts";
import { remove } from "../db/query.ts";
import { statement } from "../db/statement.ts";
import { tell } from "../db/tell.ts";
import { cacheInvalidations } from "./entities.ts";
import type { Asked, Gate, Invalidation, LeaseStore, News, Sight } from "./store.ts";

/** The id of no holder. On MySQL a row has it, which is there for its lock alone. */
export const nobody = "00000000-0000-0000-0000-000000000000";

/** "ostiary", as a number: nobody else takes the same lock by chance. */
const lock = "31370666236277369";

const statements = {
  join: statement("join_cache_leases", "insert into cache_leases (id, asked, answered) values (?, 0, 0)"),
  // The entry and what was invalidated as of one moment: what was invalidated before a question was asked is seen with the question.
  look: statement(
    "look_at_cache_lease",
    `select l.asked, l.answered, v.id, v.nid, v.subject
     from cache_leases l left join cache_invalidations v on 1 = 1 where l.id = ?`,
  ),
  answer: statement("answer_cache_lease", "update cache_leases set answered = ? where id = ? and answered < ?"),
  leave: statement("leave_cache_leases", "delete from cache_leases where id = ?"),
  ask: statement("ask_cache_leases", `update cache_leases set asked = asked + 1 where id not in (?, '${nobody}')`),
  others: statement(
    "other_cache_leases",
    `select id, asked, answered from cache_leases where id not in (?, '${nobody}')`,
  ),
  expel: statement("expel_cache_lease", "delete from cache_leases where id = ? and answered < ?"),
};

const channel = "ostiary_session_cache";

interface LeaseColumns {
  readonly id: string;
  readonly asked: number | string;
  readonly answered: number | string;
}

interface SightColumns extends Omit<LeaseColumns, "id"> {
  readonly id: string | null;
  readonly nid: string;
  readonly subject: string;
}

/** Whether a lock is there until its transaction ends: on CockroachDB it may be lost, so that nobody holds leases there. */
export const keepsLocks = ({ native }: Database): boolean => !(native.dialect === "postgresql" && native.cockroach);

/** Whoever holds a lease but one. */
export const otherLeases = statements.others;

// Whoever changes something shares a lock, and whoever enters looks whether anybody has it: nobody ever waits for it.
const shutting = {
  postgresql: statement("shut_cache_leases", `select pg_advisory_xact_lock_shared(${lock}) as shut`),
  mysql: statement("shut_cache_leases", `select id from cache_leases where id = '${nobody}' lock in share mode`),
};
const looking = {
  postgresql: statement("clear_cache_leases", `select 1 as clear where pg_try_advisory_xact_lock(${lock})`),
  mysql: statement("clear_cache_leases", `select id from cache_leases where id = '${nobody}' for update skip locked`),
};

/**
 * What a transaction asks about those who hold leases. On SQLite, where one writes at a time, nobody can enter while it is under
 * way. On servers it is looked outside of it: what it sees itself may be from before its lock.
 */
export function gateOf(tx: Connection): Gate {
  const { dialect, database } = tx;
  return {
    async shut() {
      if (dialect !== "sqlite" && keepsLocks(database)) await tx.read(shutting[dialect], []);
    },
    async isAnybodyBut(id) {
      return (await (dialect === "sqlite" ? tx : database).read(otherLeases, [id ?? nobody])).length > 0;
    },
  };
}

/** The leases of a database. Where it tells nobody anything, all that is lost is time. */
export function leasesOf(db: Database): LeaseStore {
  const rings: Record<News, Set<() => void>> = { asked: new Set(), answered: new Set() };
  let ear: ReturnType<NonNullable<Database["listen"]>> | undefined;

  async function waitingOf(except: string | undefined): Promise<Asked[]> {
    const rows = await db.read<LeaseColumns>(statements.others, [except ?? nobody]);
    return rows
      .map(({ id, asked, answered }) => ({ id, asked: Number(asked), answered: Number(answered) }))
      .filter(({ asked, answered }) => asked > answered);
  }

  return {
    async join(id) {
      ear ??= db.listen?.(channel, { hear: (news) => rings[news as News]?.forEach((ring) => ring()) });
      await db.write(statements.join, [id]);
    },
    async look(id) {
      const rows = await db.read<SightColumns>(statements.look, [id]);
      return rows[0] && sightOf(rows[0], rows);
    },
    answer: async (id, asked) => (await db.write(statements.answer, [asked, id, asked])) > 0,
    isClear: async () => db.dialect === "sqlite" || (await db.read(looking[db.dialect], [])).length > 0,
    leave: async (id) => void (await db.write(statements.leave, [id])),
    ask: async (except) => ((await db.write(statements.ask, [except ?? nobody])) > 0 ? waitingOf(except) : []),
    async unanswered(asked) {
      const left = new Map((await db.read<LeaseColumns>(statements.others, [nobody])).map((row) => [row.id, row]));
      return asked.filter((one) => Number(left.get(one.id)?.answered ?? one.asked) < one.asked);
    },
    expel: async ({ id, asked }) => void (await db.write(statements.expel, [id, asked])),
    async forget(invalidations) {
      for (const [nid, some] of Map.groupBy(invalidations, (one) => one.nid)) {
        const ids = some.map(({ id }) => id);
        await remove({ db, tenant: { id: nid } }, cacheInvalidations, (query) => query.where("id", "in", ids));
      }
    },
    tell: (news) => tell(db, channel, news),
    hear: (news, ring) => void rings[news].add(ring),
    hears: () => ear?.listens() ?? false,
    async close() {
      await ear?.close();
      ear = undefined;
    },
  };
}

function sightOf({ asked, answered }: SightColumns, rows: readonly SightColumns[]): Sight {
  const invalidations = rows.flatMap(({ id, nid, subject }): Invalidation[] =>
    id === null ? [] : [{ id, nid, subject }],
  );
  return { asked: Number(asked), answered: Number(answered), invalidations };
}
