import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { migrateUp } from "../../src/db/migrate.ts";
import { post, shoot } from "../load.ts";
import { measuredCore, pinned, residentMb, untilReady } from "../processes.ts";

/** A server under measurement, with 251 people, of whom one is signed in. */
export interface Subject {
  readonly name: string;
  readonly open: string;
  readonly admin: string;
  readonly id: string;
  readonly token: string;
  /** How much its processes hold, in MB, before anybody has asked for anything. */
  readonly idleMb: number;
  readonly processes: Processes;
  stop(): Promise<void>;
}

/** A program and all that it has started. */
export interface Processes {
  /** How long they have run on a core, in microseconds, by the kernel's clock. */
  cpuUs(): number;
  residentMb(): number;
}

/** What a server is started with. */
export interface Kind {
  readonly name: string;
  readonly program: string;
  readonly workers: number;
  readonly port: number;
  /** A server of PostgreSQL's, which a database is made on; without one it is a file of SQLite. */
  readonly postgresql?: string;
  readonly cached?: boolean;
}

/** The one who asks. */
export const person = { identifier: "bench@example.org", password: "correct horse battery" };

/** The settings of every server that is measured; hashes are made with them, too. */
export const environment = {
  UV_THREADPOOL_SIZE: "8",
  // All that it begins comes from one client.
  SELFSERVICE_NEW_FLOWS_PER_CLIENT_ENABLED: "false",
  SELFSERVICE_METHODS_PASSWORD_CONFIG_HAVEIBEENPWNED_ENABLED: "false",
};

/** What runs of a process, and of those that it has started. */
export function processesOf(pid: number): Processes {
  const pids = (): number[] => {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
    return [pid, ...children.split(" ").filter(Boolean).map(Number)];
  };
  const sum = (of: (pid: number) => number) => pids().reduce((total, one) => total + of(one), 0);
  return { cpuUs: () => sum(cpuUsOf), residentMb: () => sum(residentMb) };
}

function cpuUsOf(pid: number): number {
  let ns = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`))
    ns += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ")[0]);
  return ns / 1000;
}

/** Starts a program, on the core of what is measured where it is to have one. */
export function run(words: readonly string[], own: Readonly<Record<string, string>>, alone = true): ChildProcess {
  const all = [process.execPath, ...words];
  const [command, rest] = alone ? pinned(measuredCore, all) : [all[0]!, all.slice(1)];
  const child = spawn(command, rest, { stdio: "ignore", env: { ...process.env, ...own } });
  running.add(child);
  child.once("exit", () => running.delete(child));
  return child;
}

const running = new Set<ChildProcess>();
// Nothing is left behind where a measurement fails. One listener for all: a table starts more programs than an emitter takes listeners for without a warning.
process.once("exit", () => running.forEach((child) => child.kill()));

/** Ends a program, and waits until it is gone. */
export async function end(child: ChildProcess): Promise<void> {
  const gone = new Promise((done) => child.once("exit", done));
  if (child.exitCode === null && child.kill()) await gone;
}

/** Starts a server of a kind over an empty database. */
export async function startSubject({ name, program, workers, port, postgresql, cached }: Kind): Promise<Subject> {
  const database = postgresql ? await databaseOn(postgresql, port) : fileOfSqlite();
  const own = {
    ...environment,
    DSN: database.dsn,
    SERVE_PUBLIC_PORT: String(port),
    SERVE_ADMIN_PORT: String(port + 1),
    ...(cached && { SESSION_CACHE_MODE: "strict" }),
  };
  const words = [program, "serve", "--dev", "-c", "bench/kratos.yml", "--workers", String(workers)];
  const child = run(words, own, workers === 1);
  const [open, admin] = [`http://127.0.0.1:${port}`, `http://127.0.0.1:${port + 1}`];
  await untilReady(`${admin}/health/ready`);
  await pause(1000);
  const processes = processesOf(child.pid!);
  const idleMb = processes.residentMb();
  const id = await createPerson(admin, person.identifier, person.password);
  for (let n = 0; n < 250; n++) await createPerson(admin, `one${n}@example.org`);
  return {
    ...{ name, open, admin, id, idleMb, processes },
    token: await signIn(open),
    async stop() {
      await end(child);
      await database.drop();
    },
  };
}

/** Makes an account, and says its id. */
export async function createPerson(admin: string, email: string, password?: string): Promise<string> {
  const credentials = { ...(password && { password: { config: { password } } }) };
  const answer = await post(`${admin}/admin/identities`, { schema_id: "person", traits: { email }, credentials });
  return (JSON.parse(answer) as { id: string }).id;
}

/** Signs in by password, and says the token of the session. */
export async function signIn(open: string): Promise<string> {
  const flow = JSON.parse(await shoot({ url: `${open}/self-service/login/api` })) as { ui: { action: string } };
  const { search, pathname } = new URL(flow.ui.action);
  const answer = await post(`${open}${pathname}${search}`, { method: "password", ...person });
  return (JSON.parse(answer) as { session_token: string }).session_token;
}

function fileOfSqlite() {
  const folder = mkdtempSync(join(tmpdir(), "ostiary-bench-"));
  return { dsn: `sqlite://${folder}/bench.sqlite`, drop: async () => rmSync(folder, { recursive: true }) };
}

async function databaseOn(server: string, port: number) {
  const name = `ostiary_bench_${port}`;
  const tell = async (sql: string) => {
    const client = new pg.Client({ connectionString: server });
    await client.connect();
    await client.query(sql).finally(() => client.end());
  };
  await tell(`drop database if exists ${name} with (force)`);
  await tell(`create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  await migrateUp(url.href);
  return { dsn: url.href, drop: () => tell(`drop database if exists ${name} with (force)`) };
}
