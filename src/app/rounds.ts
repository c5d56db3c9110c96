import { setTimeout as pause } from "node:timers/promises";
import { DatabaseUnmigrated } from "../db/failure.ts";
import type { Log } from "../log.ts";

const untilToldAgainMs = 60_000;

/** Work that is done time and again. */
export interface Rounds {
  /** What lies between two rounds. */
  readonly everyMs: number;
  /** What the log says where it fails: once a minute. */
  readonly complaint: string;
  readonly log: Log;
  /** Does a round. A part that fails and keeps no other from being done is told of by itself. */
  work(signal: AbortSignal, tell: (error: unknown) => void): Promise<void>;
}

/** Begins rounds; `stop` waits for the one under way. */
export function startRounds({ everyMs, complaint, log, work }: Rounds): { stop(): Promise<void> } {
  const ended = new AbortController();
  const { signal } = ended;
  let toldAt = Number.NEGATIVE_INFINITY;

  function tell(error: unknown): void {
    // That the tables are missing is told of elsewhere.
    if (error instanceof DatabaseUnmigrated || performance.now() - toldAt < untilToldAgainMs) return;
    toldAt = performance.now();
    log.warn(complaint, { error });
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      await work(signal, tell).catch(tell);
      await pause(everyMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  const running = run();
  return {
    async stop() {
      ended.abort();
      await running;
    },
  };
}
