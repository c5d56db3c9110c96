import type { ServerResponse } from "node:http";
import type { HttpResponse } from "./http.ts";

/** Keeps an eye on answers that have been made and not been taken. */
export interface SlowReaders {
  meet(res: HttpResponse): void;
  stop(): void;
}

const everyMs = 250;
const atMostEveryMs = 25;

/** What of an answer has not been sent, and since when nothing of it was. */
interface Unsent {
  readonly bytes: number;
  /** By `performance.now()`. */
  readonly since: number;
}

/**
 * Cuts connections and streams whose clients take nothing of their answers, as long as more than `mostBytes` wait in all: those first that
 * have taken nothing for the longest time. Whoever reads, however slowly, comes last.
 */
export function cutSlowReaders(mostBytes: number): SlowReaders {
  const open = new Map<HttpResponse, Unsent>();
  let lookedAt = 0;
  const look = () => {
    lookedAt = performance.now();
    let total = 0;
    for (const [res, { bytes: before, since }] of open) {
      const bytes = unsentOf(res);
      open.set(res, { bytes, since: bytes > 0 && bytes === before ? since : lookedAt });
      total += bytes;
    }
    if (total <= mostBytes) return;
    const held = [...open].filter(([, { bytes }]) => bytes > 0);
    for (const [res, { bytes }] of held.sort(([, one], [, other]) => one.since - other.since)) {
      cut(res);
      total -= bytes;
      if (total <= mostBytes / 2) return;
    }
  };
  const timer = setInterval(look, everyMs).unref();
  return {
    meet(res) {
      // A timer comes late where answers are made all the time.
      const now = performance.now();
      if (now - lookedAt > atMostEveryMs) look();
      open.set(res, { bytes: 0, since: now });
      res.on("close", () => open.delete(res));
    },
    stop: () => clearInterval(timer),
  };
}

const unsentOf = (res: HttpResponse): number =>
  "stream" in res ? res.stream.writableLength : (res as ServerResponse).writableLength;

function cut(res: HttpResponse): void {
  if ("stream" in res) res.stream.destroy();
  else res.socket?.destroy();
}
