// Measures the hot paths, each as a ratio to a baseline of the same run, the server on one core and the load on another.
// `npm run bench`, or with OSTIARY_BENCH_DSN=postgres://... for another database.
import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { createHash } from "../src/crypto/hash.ts";
import { load, shoot } from "./load.ts";
import type { Figures } from "./load.ts";

const root = resolve(import.meta.dirname, "..");
const seconds = Number(process.env["OSTIARY_BENCH_SECONDS"] ?? 3);
const [open, admin, bare] = ["http://127.0.0.1:4833", "http://127.0.0.1:4834", "http://127.0.0.1:4835"];
const pinned = spawnSync("taskset", ["-c", "0", "true"]).status === 0;
const json = { "content-type": "application/json" };
const person = { identifier: "bench@example.org", password: "correct horse battery" };

function start(words: readonly string[], environment: Readonly<Record<string, string>> = {}): ChildProcess {
  const command = [process.execPath, ...words];
  const [first, ...rest] = pinned ? ["taskset", "-c", "0", ...command] : command;
  return spawn(first!, rest, { cwd: root, stdio: "ignore", env: { ...process.env, ...environment } });
}

async function untilReady(url: string): Promise<void> {
  for (let tries = 0; tries < 1000; tries++) {
    if (await shoot({ url }).then(() => true, () => false)) return;
    await new Promise((done) => setTimeout(done, 10));
  }
  throw new Error(`${url} does not answer`);
}

const post = (url: string, body: object) => shoot({ method: "POST", url, headers: json, body: JSON.stringify(body) });
const row = (name: string, { perSecond, p50, p99 }: Figures, ratio: string) =>
  console.log(`${name.padEnd(26)} ${perSecond.toFixed(0).padStart(7)}/s  p50 ${p50.toFixed(1)} ms  p99 ${p99.toFixed(1)} ms  ${ratio}`);

async function signIn(): Promise<string> {
  const flow = JSON.parse(await shoot({ url: `${open}/self-service/login/api` })) as { ui: { action: string } };
  const { search, pathname } = new URL(flow.ui.action);
  const answer = await post(`${open}${pathname}${search}`, { method: "password", ...person });
  return (JSON.parse(answer) as { session_token: string }).session_token;
}

async function measure(server: ChildProcess): Promise<void> {
  const traits = { email: person.identifier };
  const credentials = { password: { config: { password: person.password } } };
  await post(`${admin}/admin/identities`, { schema_id: "person", traits, credentials });
  const headers = { "x-session-token": await signIn() };
  const whoami = { url: `${open}/sessions/whoami`, headers };
  const baseline = start(["bench/baseline.ts", await shoot(whoami), "4835"]);
  try {
    await untilReady(bare);
    const zero = await load(() => shoot({ url: bare }), seconds, 16);
    row("bare node:http", zero, "");
    const compare = async (name: string, next: () => Promise<unknown>) => {
      const figures = await load(next, seconds, 16);
      row(name, figures, `${(figures.perSecond / zero.perSecond).toFixed(3)} of bare`);
      return figures;
    };
    const idle = await compare("whoami", () => shoot(whoami));
    await compare("create login flow", () => shoot({ url: `${open}/self-service/login/api` }));
    await compare("admin list of identities", () => shoot({ url: `${admin}/admin/identities` }));
    const hashers = { algorithm: "argon2", argon2: { memory: 19_000_000, iterations: 2, parallelism: 1, salt_length: 16, key_length: 32 } };
    const hash = await load(() => createHash(person.password, hashers as never), seconds, 2);
    row("argon2 alone, one core", hash, "");
    const logins = await load(signIn, seconds, 8);
    row("login", logins, `${(logins.perSecond / hash.perSecond).toFixed(3)} of the hash rate`);
    const storm = load(signIn, seconds, 8);
    const busy = await load(() => shoot(whoami), seconds, 1);
    await storm;
    row("whoami while 8 sign in", busy, `p99 ${(busy.p99 / idle.p99).toFixed(2)} of idle under load`);
    const status = readFileSync(`/proc/${server.pid}/status`, "utf8");
    console.log(`memory after load: ${Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024)} MB`);
  } finally {
    baseline.kill();
  }
}

const began = performance.now();
const server = start(["src/main.ts", "serve", "--dev", "-c", "examples/kratos.yml"], {
  DSN: process.env["OSTIARY_BENCH_DSN"] ?? "memory",
  SERVE_PUBLIC_PORT: "4833",
  SERVE_ADMIN_PORT: "4834",
  UV_THREADPOOL_SIZE: "8",
  SELFSERVICE_METHODS_PASSWORD_CONFIG_HAVEIBEENPWNED_ENABLED: "false",
});
try {
  await untilReady(`${admin}/health/ready`);
  console.log(`ready after ${Math.round(performance.now() - began)} ms`);
  await measure(server);
} finally {
  server.kill();
}
