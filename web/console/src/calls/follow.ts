import type { Event } from "#gen/ostiary/admin_calls.js";
import { readError, unreachable } from "./call-error.ts";
import type { CallError } from "./call-error.ts";
import { httpOf } from "./http.ts";
import type { RequestOf } from "./http.ts";
import { tenant } from "./tenant.ts";

const againAfterMs = 1000;

/** Who hears of events. */
export interface Listener {
  hear(event: Event): void;
  /** Why it goes on no more. */
  fail(error: CallError): void;
}

/**
 * Follows events from now on, as server-sent events (HTML standard, 9.2), and goes on behind the last one where the connection breaks. `EventSource`
 * could send no header, neither the tenant's nor the one that other sites cannot send.
 */
export async function followEvents(
  request: RequestOf<"ListEvents">,
  { hear, fail }: Listener,
  signal: AbortSignal,
): Promise<void> {
  const { path } = httpOf("ListEvents", request);
  let last = "";
  while (!signal.aborted) {
    try {
      const response = await fetch(path, { headers: headersBehind(last), signal });
      if (!response.ok) return fail(await readError(response));
      for await (const { id, event, data } of blocksOf(response.body!)) {
        if (id) last = id;
        if (data && !event) hear(JSON.parse(data) as Event);
      }
    } catch {
      if (signal.aborted) return;
      // Without a place to go on at, what happens meanwhile would be missed unnoticed.
      if (!last) return fail(unreachable());
    }
    await new Promise((resolve) => setTimeout(resolve, againAfterMs));
  }
}

const headersBehind = (last: string): Record<string, string> => ({
  accept: "text/event-stream",
  "x-ostiary-console": "1",
  ...(tenant.get() && { "x-tenant": tenant.get() }),
  ...(last && { "last-event-id": last }),
});

type Block = Readonly<Partial<Record<string, string>>>;

/** The blocks of a stream, by the names of their lines: the server writes one of each. */
async function* blocksOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Block> {
  const reader = body.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>).getReader();
  for (let text = ""; ;) {
    const { done, value } = await reader.read();
    if (done) return;
    text += value;
    const blocks = text.split("\n\n");
    text = blocks.pop()!;
    for (const block of blocks)
      yield Object.fromEntries(
        block.split("\n").map((line) => {
          const [, name = "", said = ""] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
          return [name, said];
        }),
      );
  }
}
