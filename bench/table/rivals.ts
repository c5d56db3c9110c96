import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { barrage } from "../h2load.ts";
import type { Figures } from "../figures.ts";
import { untilReady } from "../processes.ts";
import { costOf, emptyCall, toSession } from "./rows.ts";
import type { Cost, Rival } from "./rows.ts";
import { end, environment, processesOf, run } from "./subject.ts";
import type { Subject } from "./subject.ts";

/** What calls are measured against: bare servers that answer the same, and the hash of a password alone. */
export interface Rivals {
  measure(rival: Rival, seconds: number): Promise<Cost>;
  stop(): Promise<void>;
}

const [http, refusal, grpc] = [4900, 4901, 4902] as const;

/** Starts bare servers that answer what a server under measurement answers. */
export async function startRivals({ open, token }: Subject): Promise<Rivals> {
  const whoami = `${open}/sessions/whoami`;
  const json = { accept: "application/json" };
  const shown = await (await fetch(whoami, { headers: { ...json, "x-session-token": token } })).text();
  const refused = await (await fetch(whoami, { headers: json })).text();
  const direct = { method: "POST", headers: { "content-type": "application/proto", "x-session-token": token } };
  const message = Buffer.from(await (await fetch(open + toSession, direct)).arrayBuffer()).toString("base64");
  const children = {
    http: run(["bench/baseline.ts", shown, String(http)], {}),
    refusal: run(["bench/baseline.ts", refused, String(refusal)], {}),
    grpc: run(["bench/grpc-baseline.ts", message, String(grpc), toSession], {}),
  };
  for (const port of [http, refusal]) await untilReady(`http://127.0.0.1:${port}`);
  await pause(1500);
  const urls = { http, refusal, grpc };
  return {
    measure(rival, seconds) {
      if (rival === "hash") return hash(seconds);
      const url = `http://127.0.0.1:${urls[rival]}`;
      const shot = rival === "grpc" ? { url: url + toSession, ...emptyCall(token) } : { url, headers: json };
      return costOf(processesOf(children[rival].pid!), () => barrage({ ...shot, seconds }));
    },
    async stop() {
      for (const child of Object.values(children)) await end(child);
    },
  };
}

async function hash(seconds: number): Promise<Cost> {
  const folder = mkdtempSync(join(tmpdir(), "ostiary-bench-"));
  const file = join(folder, "figures");
  try {
    const child = run(["bench/hash.ts", String(seconds), file], environment);
    await new Promise((done) => child.once("exit", done));
    const { cpuMs, perSecond, p99 } = JSON.parse(readFileSync(file, "utf8")) as Figures;
    return { cpuUs: cpuMs * 1000, perSecond, p99 };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
