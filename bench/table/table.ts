// Prints what the hot paths cost, each as a ratio to what it is measured against in the same round: the median of three rounds, and how far
// they were apart. One worker and one for each core, over SQLite and PostgreSQL (OSTIARY_BENCH_POSTGRESQL says on which server; without
// one that answers, it is left out). Briefly (`--quick`): one round, one worker, SQLite.
import { availableParallelism } from "node:os";
import pg from "pg";
import { layOutBundle } from "../bundle.ts";
import { median } from "../figures.ts";
import { barrage } from "../h2load.ts";
import { load } from "../load.ts";
import { measureStart } from "../start-up.ts";
import { startRivals } from "./rivals.ts";
import type { Rivals } from "./rivals.ts";
import { costOf, rows } from "./rows.ts";
import type { Cost, Row } from "./rows.ts";
import { environment, signIn, startSubject } from "./subject.ts";
import type { Kind, Subject } from "./subject.ts";

const local = process.env["OSTIARY_BENCH_POSTGRESQL"] ?? "postgres://root@127.0.0.1:5432/postgres?sslmode=disable";
/** What a hash took on the machine for which goals in microseconds were set. */
const hashThere = 7950;

/** How long each kind of work is done at a time; what serves it is compiled first. */
const seconds = 1;
const warmingSeconds = 2;

/** Measures and prints all of it. */
export async function printTable(quick: boolean): Promise<void> {
  const rounds = quick ? 1 : 3;
  const program = layOutBundle();
  const started = performance.now();
  await measureStart([program, "serve", "--dev", "-c", "bench/kratos.yml"], { ...environment, DSN: "memory" });
  for (const kind of await kindsOf(program, quick)) {
    const plain = await startSubject(kind);
    const cached = await startSubject({ ...kind, port: kind.port + 10, cached: true });
    const rivals = await startRivals(plain);
    try {
      console.log(`\n${kind.name}`);
      await printRows({ plain, cached, rivals, rounds });
      await printLatencies(plain);
      console.log(`memory: ${plain.idleMb} MB idle, ${plain.processes.residentMb()} MB after load`);
    } finally {
      await rivals.stop();
      await cached.stop();
      await plain.stop();
    }
  }
  console.log(`\nmeasured in ${Math.round((performance.now() - started) / 1000)} s`);
}

async function kindsOf(program: string, quick: boolean): Promise<Kind[]> {
  const all = availableParallelism();
  const one = { name: "SQLite, one worker", program, workers: 1, port: 4910 };
  if (quick) return [one];
  const kinds: Kind[] = [one, { ...one, name: `SQLite, ${all} workers`, workers: all, port: 4930 }];
  if (!(await answers(local))) {
    console.log(`PostgreSQL is left out: none answers at ${new URL(local).host}.`);
    return kinds;
  }
  return [
    ...kinds,
    ...kinds.map((kind) => ({
      ...kind,
      name: kind.name.replace("SQLite", "PostgreSQL"),
      postgresql: local,
      port: kind.port + 40,
    })),
  ];
}

async function answers(server: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: server });
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

interface Measuring {
  readonly plain: Subject;
  readonly cached: Subject;
  readonly rivals: Rivals;
  readonly rounds: number;
}

async function printRows({ plain, cached, rivals, rounds }: Measuring): Promise<void> {
  const costs = new Map<Row, { readonly own: Cost[]; readonly rival: Cost[] }>(
    rows.map((row) => [row, { own: [], rival: [] }]),
  );
  const hashes: number[] = [];
  for (let round = -1; round < rounds; round++)
    for (const [row, { own, rival }] of costs) {
      const subject = row.cached ? cached : plain;
      const length = round < 0 ? warmingSeconds : seconds;
      const theirs = await rivals.measure(row.rival, length);
      const ours = await costOf(subject.processes, () => row.work(subject, length));
      if (round < 0) continue;
      own.push(ours);
      rival.push(theirs);
      if (row.rival === "hash") hashes.push(theirs.cpuUs);
    }
  console.log(line("", "CPU us", "of its rival's", "apart", "by rate", "per second", "p99 ms", "goal"));
  for (const [row, { own, rival }] of costs) printRow(row, own, rival, median(hashes));
}

function printRow(
  { name, rival: against, goal, goalUs }: Row,
  own: readonly Cost[],
  rival: readonly Cost[],
  hash: number,
): void {
  const ratios = own.map(({ cpuUs }, at) => rival[at]!.cpuUs / cpuUs);
  const rates = own.map(({ perSecond }, at) => perSecond / rival[at]!.perSecond);
  const cpu = median(own.map(({ cpuUs }) => cpuUs));
  const apart = (Math.max(...ratios) - Math.min(...ratios)) / median(ratios);
  const most = goalUs === undefined ? undefined : goalUs * (hash / hashThere);
  const reached = goal === undefined ? cpu <= most! : median(ratios) >= goal;
  const asked = goal === undefined ? `<= ${most!.toFixed(0)} us` : `>= ${goal}`;
  console.log(
    line(
      name,
      cpu.toFixed(0),
      `${median(ratios).toFixed(3)} ${against}`,
      `${(apart * 100).toFixed(0)} %`,
      median(rates).toFixed(3),
      median(own.map(({ perSecond }) => perSecond)).toFixed(0),
      median(own.map(({ p99 }) => p99)).toFixed(1),
      `${asked} ${reached ? "reached" : "missed"}`,
    ),
  );
}

const widths = [28, 8, 16, 7, 9, 11, 8, 22];
const line = (...cells: readonly string[]): string =>
  cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!))).join(" ");

async function printLatencies({ open, token, processes }: Subject): Promise<void> {
  const seconds = 4;
  const sparse = {
    url: `${open}/sessions/whoami`,
    headers: { "x-session-token": token },
    seconds,
    connections: 4,
    perSecond: 100,
  };
  const idle = await costOf(processes, () => barrage(sparse));
  const storm = load(() => signIn(open), seconds + 0.5, 8);
  const busy = await costOf(processes, () => barrage(sparse));
  await storm;
  const flows = await costOf(processes, () =>
    barrage({ url: `${open}/self-service/login/api`, seconds, connections: 32 }),
  );
  const times = busy.p99 / idle.p99;
  console.log(
    `p99 of whoami: ${idle.p99.toFixed(1)} ms, while 8 sign in ${busy.p99.toFixed(1)} ms: ${times.toFixed(2)} times, goal <= 2 ${times <= 2 ? "reached" : "missed"}`,
  );
  console.log(
    `p99 of create login flow by 32 connections: ${flows.p99.toFixed(1)} ms, goal <= 40 ${flows.p99 <= 40 ? "reached" : "missed"}`,
  );
}
