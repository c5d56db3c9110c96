// Runs tests with CockroachDB's stand-in in PostgreSQL's place: `node test/support/cockroach-run.ts test/flows/login.test.ts`. Prints what was refused,
// and ends with 1 where that is anything, or a test failed.
import { spawn } from "node:child_process";
import { openCockroachDouble } from "./cockroach.ts";

const postgresql = new URL(
  process.env["OSTIARY_TEST_POSTGRESQL"] ?? "postgres://root@127.0.0.1:5432/postgres?sslmode=disable",
);
const double = await openCockroachDouble({
  target: { host: postgresql.hostname, port: Number(postgresql.port || 5432) },
  abortPercent: Number(process.env["OSTIARY_COCKROACH_ABORTS"] ?? 5),
});
const dsn = new URL(postgresql.href.replace(/^postgres(ql)?:/, "cockroach:"));
dsn.host = `127.0.0.1:${double.port}`;
const child = spawn(
  process.execPath,
  ["--import", "./test/support/compile-cache.ts", "--test", ...process.argv.slice(2)],
  {
    env: { ...process.env, OSTIARY_TEST_DATABASES: "postgresql", OSTIARY_TEST_POSTGRESQL: dsn.href },
    stdio: "inherit",
  },
);
const code = await new Promise<number | null>((done) => child.once("exit", done));
double.close();
for (const one of new Set(double.refused)) console.log(`REFUSED ${one}`);
console.log(`${double.aborted()} transactions given up, ${new Set(double.refused).size} statements refused`);
process.exitCode = code === 0 && double.refused.length === 0 && double.aborted() > 0 ? 0 : 1;
