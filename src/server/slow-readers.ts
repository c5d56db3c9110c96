import type { ServerResponse } from "node:http";
import type { HttpResponse } from "./http.ts";

/** Keeps an eye on answers that have been made and not been taken. */
export interface SlowReaders {
  meet(res: HttpResponse): void;
  stop(): void;
}

const everyMs = 250;
const atMostEveryMs = 25;

/** Cuts connections and streams whose clients leave the most in the server's memory, as long as it is more than `mostBytes` in all. */
export function cutSlowReaders(mostBytes: number): SlowReaders {
  const open = new Set<HttpResponse>();
  let lookedAt = 0;
  const look = () => {
    lookedAt = performance.now();
    const held = [...open].map((res) => ({ res, bytes: unsentOf(res) })).filter(({ bytes }) => bytes > 0);
    let total = held.reduce((sum, { bytes }) => sum + bytes, 0);
    if (total <= mostBytes) return;
    for (const { res, bytes } of held.sort((one, other) => other.bytes - one.bytes)) {
      cut(res);
      total -= bytes;
      if (total <= mostBytes / 2) return;
    }
  };
  const timer = setInterval(look, everyMs).unref();
  return {
    meet(res) {
      // A timer comes late where answers are made all the time.
      if (performance.now() - lookedAt > atMostEveryMs) look();
      open.add(res);
      res.once("close", () => open.delete(res));
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
