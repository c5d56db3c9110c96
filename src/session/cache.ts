import { systemClock } from "../coherence/clock.ts";
import { coherenceOf } from "../coherence/coherence.ts";
import { createCoherentCache } from "../coherence/coherent-cache.ts";
import type { CacheFigures, CoherentCache } from "../coherence/coherent-cache.ts";
import type { Config } from "../config/config.ts";
import type { Context } from "../context.ts";
import type { Database } from "../db/connection.ts";
import { sessionByToken } from "./statements.ts";
import type { SessionRow } from "./statements.ts";

type Settings = Config["session"]["cache"];

interface Bounded {
  readonly most: number;
  readonly mostBytes: number;
  readonly cache: CoherentCache<SessionRow>;
}

const caches = new WeakMap<Database, Bounded>();

/** How long a session is used at most under a lease: what is of a person stays in memory no longer than it has to. */
const longestMs = 60_000;

/**
 * The session that a token opens, whatever its state, by the SHA-256 of the token in hex: from memory where that is allowed and
 * something is known, else from the database. Who acts by it may take what a lease vouches for, who only tells of it also what
 * is out of date for a while. Within a transaction the database is asked.
 */
export function sessionOfToken(
  ctx: Context,
  tokenHash: string,
  only?: "to-tell",
): SessionRow | undefined | Promise<SessionRow | undefined> {
  const settings = ctx.config.session.cache;
  const { mode, ttl } = settings;
  if (mode === "off" || ctx.db !== ctx.db.database || (mode === "ttl" && only === undefined))
    return sessionByToken(ctx, tokenHash);
  const terms = mode === "strict" ? underLease : { underLease: false, longestMs: ttl };
  const wanted = { key: tokenHash, nid: ctx.tenant.id };
  return cacheOf(ctx.db.database, settings).through(wanted, terms, async () =>
    freeze(await sessionByToken(ctx, tokenHash)),
  );
}

const underLease = { underLease: true, longestMs };

function cacheOf(database: Database, { max_entries: most, max_size: mostBytes }: Settings): CoherentCache<SessionRow> {
  const known = caches.get(database);
  if (known?.most === most && known.mostBytes === mostBytes) return known.cache;
  const cache = createCoherentCache<SessionRow>({
    peer: coherenceOf(database),
    clock: systemClock,
    most,
    mostBytes,
    subjectsOf: ({ id, identity }) => [id, identity.id],
    sizeOf,
  });
  caches.set(database, { most, mostBytes, cache });
  return cache;
}

function freeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(freeze);
  }
  return value;
}

/** Objects take several times the room of their text, each has its frame, and what is shown of them is kept along with them. */
const sizeOf = (row: SessionRow): number => 1536 + 4 * JSON.stringify(row).length;

/** The figures of a database's cache; undefined where it has none. */
export const cacheFigures = (database: Database): CacheFigures | undefined => caches.get(database)?.cache.figures();
