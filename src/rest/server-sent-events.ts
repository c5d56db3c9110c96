import type { ServerResponse } from "node:http";
import type { HttpResponse } from "./call.ts";
import { noStore } from "./no-store.ts";

/** A block of a stream (HTML standard, 9.2.5): its texts are of one line. One without data tells a page nothing, but its id counts. */
export interface ServerSentEvent {
  readonly id?: string;
  readonly event?: string;
  readonly data?: string;
}

/** Server-sent events on their way to a reader. */
export interface EventStream {
  /** Sends an event, and waits until the reader takes it or has gone. */
  send(event: ServerSentEvent): Promise<void>;
  end(): void;
}

/** What a stream is begun with. */
export interface EventStreamOptions {
  readonly headers?: Readonly<Record<string, string | string[]>>;
  /** Aborted when the reader has gone: a response of HTTP/2 does not say so. */
  readonly gone: AbortSignal;
  /** Watches a reader who has to take something, until what it answers with is called. */
  watchReader(res: HttpResponse): () => void;
}

/** Begins to answer with server-sent events. A reader that is cut off comes back after a second. */
export function beginEventStream(res: HttpResponse, options: EventStreamOptions): EventStream {
  const { headers = {}, gone, watchReader } = options;
  const response = res as ServerResponse;
  response.writeHead(200, {
    ...headers,
    "content-type": "text/event-stream",
    "cache-control": noStore,
    // What stands in between must not gather events (nginx).
    "x-accel-buffering": "no",
  });
  response.write("retry: 1000\n\n");
  return {
    async send({ id, event, data }) {
      if (gone.aborted) return;
      const lines = [
        ...(id === undefined ? [] : [`id: ${id}`]),
        ...(event === undefined ? [] : [`event: ${event}`]),
        data === undefined ? ":" : `data: ${data}`,
      ];
      if (response.write(`${lines.join("\n")}\n\n`)) return;
      const taken = watchReader(res);
      await takenBy(response, gone);
      taken();
    },
    end: () => void response.end(),
  };
}

/** Waits until a reader has taken what was written, or has gone. */
const takenBy = (response: ServerResponse, gone: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = () => {
      response.off("drain", done);
      gone.removeEventListener("abort", done);
      resolve();
    };
    response.on("drain", done);
    gone.addEventListener("abort", done);
  });

/** Whether a client asks for server-sent events. */
export const acceptsEvents = (accept: string | undefined): boolean =>
  accept !== undefined && /(^|,)\s*text\/event-stream\s*(;|,|$)/i.test(accept);
