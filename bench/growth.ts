import pg from "pg";
import { migrateUp } from "../src/db/migrate.ts";
import { median } from "./figures.ts";
import { post, shoot } from "./load.ts";
import { start, stop, untilReady } from "./processes.ts";
import { seed, seededEmail, seededHashers, seededPassword, seededToken, sessionsEach } from "./seed.ts";

/** A server over so many accounts. */
interface Grown {
  readonly count: number;
  readonly open: string;
  readonly admin: string;
  /** Ids of sessions in force that nothing else asks for. */
  readonly toRevoke: string[];
  /** An id of an account, and what names a session in a page token, far behind the first ones in the order of their lists. */
  readonly deep: { readonly identity: string; readonly session: string };
}

const few = 1000;
const samples = 150;
const warming = 30;

/**
 * Measures whether anything takes longer where there are many accounts: the same calls on a thousand and on a million of
 * them, in turns, one at a time. Makes both databases on a server of PostgreSQL's, and drops them unless they were there.
 */
export async function measureGrowth(server: string, words: readonly string[], environment: Record<string, string>) {
  const many = Number(process.env["OSTIARY_BENCH_ACCOUNTS"] ?? 1_000_000);
  const undo: (() => Promise<void>)[] = [];
  try {
    const sizes: Grown[] = [];
    for (const [at, count] of [few, many].entries()) {
      const { dsn, drop } = await database(server, count);
      undo.unshift(drop);
      const [open, admin] = [4843 + 10 * at, 4844 + 10 * at];
      const child = start(words, { ...environment, ...settings(dsn, open, admin) });
      child.stderr!.resume();
      undo.unshift(() => stop(child));
      sizes.push(await meet(count, `http://127.0.0.1:${open}`, `http://127.0.0.1:${admin}`));
    }
    for (const [name, ask] of Object.entries(calls)) await compare(name, ask, sizes as [Grown, Grown]);
  } finally {
    for (const one of undo) await one();
  }
}

const settings = (dsn: string, open: number, admin: number) => ({
  DSN: dsn,
  SERVE_PUBLIC_PORT: String(open),
  SERVE_ADMIN_PORT: String(admin),
  HASHERS_ALGORITHM: seededHashers.algorithm,
  HASHERS_BCRYPT_COST: String(seededHashers.bcrypt.cost),
});

async function database(server: string, count: number): Promise<{ dsn: string; drop(): Promise<void> }> {
  const name = `ostiary_growth_${count}`;
  const url = new URL(server);
  url.pathname = `/${name}`;
  const run = async (sql: string) => {
    const client = new pg.Client({ connectionString: server });
    await client.connect();
    return client.query(sql).finally(() => client.end());
  };
  const there = await run(`select 1 from pg_database where datname = '${name}'`);
  if (there.rowCount) return { dsn: url.href, drop: async () => undefined };
  await run(`create database ${name}`);
  await migrateUp(url.href);
  const begin = performance.now();
  await seed(url.href, count);
  console.log(`${count} accounts made in ${((performance.now() - begin) / 1000).toFixed(0)} s`);
  return { dsn: url.href, drop: async () => void (await run(`drop database ${name} with (force)`)) };
}

async function meet(count: number, open: string, admin: string): Promise<Grown> {
  await untilReady(`${admin}/health/ready`);
  const list = await get(`${admin}/admin/sessions?active=true&page_size=${samples + warming}`);
  const byName = await get(`${admin}/admin/identities?credentials_identifier=${seededEmail(Math.floor(count * 0.9))}`);
  const { id: oldId } = (await get(`${open}/sessions/whoami`, sessionOf(count, 0))) as { id: string };
  const old = (await get(`${admin}/admin/sessions/${oldId}?expand=last_seen`)) as { last_seen_at: string };
  const ids = (list as { id: string }[]).map(({ id }) => id);
  const [{ id: identity }] = byName as [{ id: string }];
  return {
    count,
    open,
    admin,
    toRevoke: ids,
    deep: { identity, session: `last_seen_at=${old.last_seen_at}/id=${oldId}` },
  };
}

const get = async (url: string, headers: Record<string, string> = {}): Promise<unknown> =>
  JSON.parse(await shoot({ url, headers }));

/** The header of a session in force: those of a share of the accounts, as if the others were away. */
function sessionOf(count: number, round: number): Record<string, string> {
  const all = count * sessionsEach;
  const n = Math.floor(all * 0.5) + ((round * 7 * 13) % Math.floor(all * 0.4));
  return { "x-session-token": seededToken(n % 7 === 0 ? n + 1 : n) };
}

const someone = (count: number, round: number): string => seededEmail(1 + ((round * 37) % count));
const token = (place: string) => encodeURIComponent(Buffer.from(place).toString("base64"));

type Ask = (size: Grown, round: number) => Promise<unknown>;

const calls: Readonly<Record<string, Ask>> = {
  whoami: ({ open, count }, n) => shoot({ url: `${open}/sessions/whoami`, headers: sessionOf(count, n) }),
  "login, with a hash of 1 ms": async ({ open, count }, n) => {
    const { ui } = (await get(`${open}/self-service/login/api`)) as { ui: { action: string } };
    const { pathname, search } = new URL(ui.action);
    const body = { method: "password", identifier: someone(count, n), password: seededPassword };
    return post(open + pathname + search, body);
  },
  "own sessions": ({ open, count }, n) => shoot({ url: `${open}/sessions`, headers: sessionOf(count, n) }),
  "account by id": ({ admin, deep }) => shoot({ url: `${admin}/admin/identities/${deep.identity}` }),
  "accounts, first page": ({ admin }) => shoot({ url: `${admin}/admin/identities?page_size=50` }),
  "accounts, deep page": ({ admin, deep }) =>
    shoot({ url: `${admin}/admin/identities?page_size=50&page_token=${deep.identity}` }),
  "accounts by identifier": ({ admin, count }, n) =>
    shoot({ url: `${admin}/admin/identities?credentials_identifier=${someone(count, n)}` }),
  "accounts by prefix": ({ admin, count }, n) =>
    shoot({ url: `${admin}/admin/identities?preview_credentials_identifier_similar=${someone(count, n)}` }),
  "accounts by ids": ({ admin, deep }) => shoot({ url: `${admin}/admin/identities?ids=${deep.identity}` }),
  "accounts of organization": ({ admin }) =>
    shoot({ url: `${admin}/admin/identities?page_size=50&organization_id=00000000-0000-7bca-83e8-6b2057918df4` }),
  "sessions, first page": ({ admin }) => shoot({ url: `${admin}/admin/sessions?page_size=50` }),
  "sessions, deep page": ({ admin, deep }) =>
    shoot({ url: `${admin}/admin/sessions?page_size=50&page_token=${token(deep.session)}` }),
  "sessions by last use": ({ admin }) => shoot({ url: `${admin}/admin/sessions?page_size=50&order_by=last_seen` }),
  "sessions by last use, deep": ({ admin, deep }) =>
    shoot({ url: `${admin}/admin/sessions?page_size=50&order_by=last_seen&page_token=${token(deep.session)}` }),
  "sessions in force": ({ admin }) => shoot({ url: `${admin}/admin/sessions?page_size=50&active=true` }),
  "sessions that are over": ({ admin }) => shoot({ url: `${admin}/admin/sessions?page_size=50&active=false` }),
  "sessions of account": ({ admin, deep }) => shoot({ url: `${admin}/admin/identities/${deep.identity}/sessions` }),
  "revoke by administrator": ({ admin, toRevoke }, n) =>
    shoot({ method: "DELETE", url: `${admin}/admin/sessions/${toRevoke[n]}` }),
  "revoke one's others": ({ open, count }, n) =>
    shoot({ method: "DELETE", url: `${open}/sessions`, headers: sessionOf(count, n) }),
};

async function compare(name: string, ask: Ask, sizes: readonly [Grown, Grown]): Promise<void> {
  const times: [number[], number[]] = [[], []];
  for (let round = 0; round < warming + samples; round++)
    for (const [at, size] of sizes.entries()) {
      const begin = performance.now();
      await ask(size, round);
      if (round >= warming) times[at]!.push(performance.now() - begin);
    }
  const [before, after] = times.map(median) as [number, number];
  const told = (ms: number, at: 0 | 1) => `${ms.toFixed(2).padStart(7)} ms of ${sizes[at].count}`;
  console.log(`${name.padEnd(28)} ${told(before, 0)}  ${told(after, 1)}  ${(after / before).toFixed(2)} times`);
}
