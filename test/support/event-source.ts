import { setTimeout as pause } from "node:timers/promises";

/** An event as a page hears of it. */
export interface HeardEvent {
  readonly type: string;
  readonly data: string;
  readonly lastEventId: string;
}

/**
 * An EventSource (HTML standard, 9.2): it comes back by itself when its connection is lost, with the last id that it has seen, and gives up where it is answered
 * by anything but a stream.
 */
export function openEventSource(url: () => string, headers: Record<string, string> = {}) {
  const heard: HeardEvent[] = [];
  const closed = new AbortController();
  let broken = new AbortController();
  let lastEventId = "";
  let retryMs = 5000;
  let status = 0;
  let opened = 0;

  function take(block: string): void {
    let [type, data] = ["message", ""];
    for (const line of block.split("\n")) {
      const [, name, value = ""] = /^([^:]*):? ?(.*)$/.exec(line)!;
      if (name === "id") lastEventId = value;
      if (name === "event") type = value;
      if (name === "data") data += `${value}\n`;
      if (name === "retry") retryMs = Number(value);
    }
    if (data) heard.push({ type, data: data.slice(0, -1), lastEventId });
  }

  async function connect(): Promise<boolean> {
    broken = new AbortController();
    const answer = await fetch(url(), {
      headers: { ...headers, accept: "text/event-stream", ...(lastEventId && { "last-event-id": lastEventId }) },
      signal: AbortSignal.any([broken.signal, closed.signal]),
    });
    status = answer.status;
    if (status !== 200 || answer.headers.get("content-type") !== "text/event-stream") return false;
    opened++;
    let left = "";
    for await (const piece of answer.body!.pipeThrough(new TextDecoderStream())) {
      const blocks = (left + piece).split("\n\n");
      left = blocks.pop()!;
      blocks.forEach(take);
    }
    return true;
  }

  const over = (async () => {
    for (let going = true; going && !closed.signal.aborted;) {
      going = await connect().catch(() => true);
      if (going) await pause(Math.min(retryMs, 50), undefined, { signal: closed.signal }).catch(() => undefined);
    }
  })();

  return {
    heard,
    over,
    status: () => status,
    /** How often it was let in. */
    opened: () => opened,
    retryMs: () => retryMs,
    lastEventId: () => lastEventId,
    /** As by a network that breaks. */
    break: () => broken.abort(),
    close: () => closed.abort(),
  };
}
