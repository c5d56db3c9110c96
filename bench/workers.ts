// Measures one worker and one for each core, on all cores: what a whoami costs, how many there are, and how much memory that takes.
// `node bench/workers.ts`, with h2load (Debian: nghttp2-client); OSTIARY_BENCH_DSN as in run.ts.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { layOutBundle } from "./bundle.ts";
import { post, shoot } from "./load.ts";
import { cpuMs, residentMb, stop, untilReady } from "./processes.ts";

const seconds = Number(process.env["OSTIARY_BENCH_SECONDS"] ?? 4);
const [open, admin] = ["http://127.0.0.1:4837", "http://127.0.0.1:4838"];
const person = { email: "bench@example.org", password: "correct horse battery" };
const folder = mkdtempSync(join(tmpdir(), "ostiary-bench-"));
const program = layOutBundle();

async function signIn(): Promise<string> {
  const credentials = { password: { config: { password: person.password } } };
  await post(`${admin}/admin/identities`, { schema_id: "person", traits: { email: person.email }, credentials });
  const flow = JSON.parse(await shoot({ url: `${open}/self-service/login/api` })) as { ui: { action: string } };
  const submission = { method: "password", identifier: person.email, password: person.password };
  return (JSON.parse(await post(flow.ui.action, submission)) as { session_token: string }).session_token;
}

async function measureWorkers(count: number): Promise<number> {
  const environment = {
    DSN: process.env["OSTIARY_BENCH_DSN"] ?? `sqlite://${folder}/${count}.sqlite`,
    SERVE_PUBLIC_PORT: "4837",
    SERVE_ADMIN_PORT: "4838",
    SERVE_PUBLIC_BASE_URL: `${open}/`,
    SELFSERVICE_METHODS_PASSWORD_CONFIG_HAVEIBEENPWNED_ENABLED: "false",
  };
  const words = [program, "serve", "--dev", "-c", "examples/kratos.yml", "--workers", `${count}`];
  const server = spawn(process.execPath, words, { stdio: "ignore", env: { ...process.env, ...environment } });
  try {
    await untilReady(`${admin}/health/ready`);
    const token = await signIn();
    const children = readFileSync(`/proc/${server.pid}/task/${server.pid}/children`, "utf8").trim();
    const pids = [server.pid!, ...children.split(" ").filter(Boolean).map(Number)];
    await pause(1000);
    const [before, memory] = [pids.map(cpuMs), pids.map(residentMb)];
    const barrage = ["--h1", "-c16", `-D${seconds}`, "-H", `x-session-token: ${token}`, `${open}/sessions/whoami`];
    const done = Number(/(\d+) done/.exec(execFileSync("h2load", barrage).toString())?.[1]);
    const cpu = pids.reduce((sum, pid, at) => sum + cpuMs(pid) - before[at]!, 0);
    console.log(`${count} workers: ${memory.join(" + ")} MB; ${Math.round((cpu * 1000) / done)} µs of CPU a whoami`);
    return done / seconds;
  } finally {
    await stop(server);
  }
}

try {
  const one = await measureWorkers(1);
  const all = await measureWorkers(availableParallelism());
  console.log(`${Math.round(one)} and ${Math.round(all)} whoami a second: ${(all / one).toFixed(2)} times as many`);
} finally {
  rmSync(folder, { recursive: true });
}
