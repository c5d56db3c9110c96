import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Timing } from "./figures.ts";
import { measuringCore, pinned } from "./processes.ts";

const run = promisify(execFile);

/** One request, and how it is repeated. */
export interface Barrage {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent by POST. */
  readonly body?: Uint8Array;
  readonly http2?: boolean;
  readonly seconds: number;
  /** How many connections, each with one request at a time. */
  readonly connections?: number;
  /** How many requests a second; as many as can be, unless told. */
  readonly perSecond?: number;
  /** Whether every answer has to be a refusal (4xx). */
  readonly refused?: boolean;
  /** How long each answer has to be, where that tells a good one from a bad one. */
  readonly answerBytes?: number;
}

/**
 * Repeats one request by h2load (of nghttp2), which costs a fraction of what a client of Node's does: that was the limit
 * at 5000 requests a second, and made every server look fast beside a bare one. Fails where an answer is not as it should be.
 */
export async function barrage({
  url,
  headers = {},
  body,
  http2 = false,
  seconds,
  connections = 16,
  perSecond,
  refused = false,
  answerBytes,
}: Barrage): Promise<Timing> {
  const folder = mkdtempSync(join(tmpdir(), "ostiary-bench-"));
  const log = join(folder, "log");
  const words = ["h2load", `-c${connections}`, `-D${seconds}`, "--log-file", log];
  if (!http2) words.push("--h1");
  if (perSecond) words.push(`--rps=${perSecond / connections}`);
  for (const [name, value] of Object.entries(headers)) words.push("-H", `${name}: ${value}`);
  if (body) {
    writeFileSync(join(folder, "body"), body);
    words.push("-d", join(folder, "body"));
  }
  try {
    const { stdout } = await run(...pinned(measuringCore, [...words, url]));
    check(url, stdout, refused, answerBytes);
    const lines = readFileSync(log, "utf8")
      .trim()
      .split("\n")
      .map((line) => line.split("\t"));
    return { latencies: lines.map((columns) => Number(columns[2]) / 1000), elapsedMs: seconds * 1000 };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function check(url: string, told: string, refused: boolean, answerBytes?: number): void {
  const [, done] = /(\d+) done/.exec(told) ?? [];
  const [, good] = (refused ? /(\d+) 4xx/ : /(\d+) 2xx/).exec(told) ?? [];
  const data = Number(/\((\d+)\) data/.exec(told)?.[1]);
  if (!Number(done) || Number(good) < Number(done)) throw new Error(`${url}: ${told}`);
  // An answer that was cut off by the end of the run is counted among the bytes, but not as done.
  if (answerBytes && Math.abs(data / Number(done) - answerBytes) > 1 + answerBytes / 50)
    throw new Error(`${url}: answers are not ${answerBytes} bytes long: ${told}`);
}
