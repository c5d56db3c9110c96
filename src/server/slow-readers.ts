import type { ServerResponse } from "node:http";
import type { ServerHttp2Stream } from "node:http2";

/** An answer that is being made, or taken: over HTTP/2 the stream itself. */
export type OpenAnswer = ServerResponse | ServerHttp2Stream;

/** Keeps an eye on answers that have been made and not been taken. */
export interface SlowReaders {
  /** All that are open. */
  readonly open: ReadonlySet<OpenAnswer>;
  meet(answer: OpenAnswer): void;
  /** Hears that nothing more comes of an answer. */
  leave(answer: OpenAnswer): void;
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
  const open = new Set<OpenAnswer>();
  const unsent = new Map<OpenAnswer, Unsent>();
  let lookedAt = 0;
  const look = () => {
    lookedAt = performance.now();
    let total = 0;
    for (const answer of open) {
      const bytes = answer.writableLength;
      if (bytes === 0) unsent.delete(answer);
      else if (unsent.get(answer)?.bytes !== bytes) unsent.set(answer, { bytes, since: lookedAt });
      total += bytes;
    }
    if (total <= mostBytes) return;
    for (const [answer, { bytes }] of [...unsent].sort(([, one], [, other]) => one.since - other.since)) {
      cut(answer);
      total -= bytes;
      if (total <= mostBytes / 2) return;
    }
  };
  const timer = setInterval(look, everyMs).unref();
  return {
    open,
    meet(answer) {
      // A timer comes late where answers are made all the time.
      if (performance.now() - lookedAt > atMostEveryMs) look();
      open.add(answer);
    },
    leave(answer) {
      open.delete(answer);
      unsent.delete(answer);
    },
    stop: () => clearInterval(timer),
  };
}

function cut(answer: OpenAnswer): void {
  if ("session" in answer) answer.destroy();
  else answer.socket?.destroy();
}
