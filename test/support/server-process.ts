import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import net from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import type { TestContext } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { mergeTrees, wholeTree } from "./config.ts";
import type { ConfigTree } from "./config.ts";

const present = resolve(import.meta.dirname, "../..");
const startMs = 60_000;

/** A server in a process of its own, started by its command line, so that what it suffers its test does not. */
export interface ServerProcess {
  readonly child: ChildProcess;
  readonly publicPort: number;
  readonly adminPort: number;
  readonly publicUrl: string;
  readonly adminUrl: string;
  /** Its lines on both outputs. */
  readonly lines: readonly string[];
  /** How much memory it holds, in MB. */
  residentMb(): number;
  /** For how long its main thread has had a core, in milliseconds: what it has worked, whatever else the machine does (Linux, schedstat). */
  workedMs(): number;
  /** Writes its configuration anew, with what differs now. */
  reconfigure(config: ConfigTree): void;
  /** Asks it to end, and waits until it has; the exit code, or the signal that ended it. */
  stop(signal?: NodeJS.Signals): Promise<number | string>;
}

/** What a test wants of its server process. */
export interface ServerProcessOptions {
  /** What differs from the configuration of `config.ts`. */
  readonly config?: ConfigTree;
  readonly environment?: Readonly<Record<string, string>>;
  /** The folder of another version, whose program is started in place of the present one. */
  readonly home?: string;
  /** The ports of a server that was there before. */
  readonly ports?: Pick<ServerProcess, "publicPort" | "adminPort">;
}

/** Starts a server by its command line, which ends with the test; answers when it is ready. */
export async function startProcess(t: TestContext, options: ServerProcessOptions = {}): Promise<ServerProcess> {
  const [publicPort, adminPort] = options.ports
    ? [options.ports.publicPort, options.ports.adminPort]
    : await freePorts();
  const folder = mkdtempSync(join(tmpdir(), "ostiary-test-"));
  const file = join(folder, "kratos.yml");
  const ports = { dsn: "memory", serve: { workers: 1, public: { port: publicPort }, admin: { port: adminPort } } };
  const configure = (config: ConfigTree) => writeFileSync(file, JSON.stringify(wholeTree(mergeTrees(ports, config))));
  configure(options.config ?? {});
  const environment = { ...process.env, NODE_V8_COVERAGE: "", NODE_TEST_CONTEXT: "", ...options.environment };
  const child = spawn(process.execPath, [join(options.home ?? present, "bin/ostiary.js"), "serve", "-c", file], {
    stdio: ["ignore", "pipe", "pipe"],
    env: environment,
  });
  const lines: string[] = [];
  for (const output of [child.stdout!, child.stderr!]) createInterface(output).on("line", (line) => lines.push(line));
  const gone = once(child, "exit") as Promise<[number | null, NodeJS.Signals | null]>;
  const stop = async (signal: NodeJS.Signals = "SIGTERM") => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    const [code, killed] = await gone;
    return code ?? killed!;
  };
  t.after(async () => {
    await stop("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });
  await untilReady(`http://127.0.0.1:${adminPort}/health/ready`, child, lines);
  return {
    child,
    publicPort,
    adminPort,
    publicUrl: `http://127.0.0.1:${publicPort}`,
    adminUrl: `http://127.0.0.1:${adminPort}`,
    lines,
    residentMb: () =>
      Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1]) / 1024),
    workedMs: () => Number(readFileSync(`/proc/${child.pid}/task/${child.pid}/schedstat`, "utf8").split(" ")[0]) / 1e6,
    reconfigure: (config) => configure(mergeTrees(options.config ?? {}, config)),
    stop,
  };
}

async function untilReady(url: string, child: ChildProcess, lines: readonly string[]): Promise<void> {
  const deadline = Date.now() + startMs;
  while (Date.now() < deadline && child.exitCode === null && child.signalCode === null) {
    if (
      await fetch(url).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return;
    await pause(20);
  }
  throw new Error(`the server did not start:\n${lines.join("\n")}`);
}

/** Two ports on which nobody listened a moment ago: the command line takes no "any port". */
async function freePorts(): Promise<[number, number]> {
  const servers = await Promise.all(
    [0, 0].map(async () => {
      const server = net.createServer().listen(0, "127.0.0.1");
      await once(server, "listening");
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  for (const server of servers) server.close();
  return ports as [number, number];
}
