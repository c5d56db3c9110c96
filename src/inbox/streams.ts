import type { Reach } from "../db/connection.ts";
import { firstId } from "../db/pages.ts";
import { beginEventStream } from "../rest/server-sent-events.ts";
import type { HttpRequest, HttpResponse } from "../server/http.ts";
import { watchReader } from "../server/watch-reader.ts";
import { follow } from "./follow.ts";
import { newestMessages } from "./read.ts";

/** Pages that are open at a time. */
const most = 50;
// What stands in between ends connections on which nothing happens.
const beatEveryMs = 15_000;

/** Tells open pages of new messages, as server-sent events (HTML standard, 9.2): each names a message by its id. */
export function createStreams(leaving: AbortSignal) {
  let count = 0;

  async function open(reach: Reach, req: HttpRequest, res: HttpResponse): Promise<void> {
    if (count >= most) {
      res.statusCode = 503;
      res.setHeader("retry-after", "5");
      return void res.end();
    }
    count++;
    const closed = new AbortController();
    res.once("close", () => closed.abort());
    let beat: NodeJS.Timeout | undefined;
    try {
      const after = await startOf(reach, req);
      const stream = beginEventStream(res, { gone: closed.signal, watchReader });
      beat = setInterval(() => void stream.send({}), beatEveryMs);
      const until = AbortSignal.any([closed.signal, leaving]);
      for await (const { id } of follow(reach, { wish: {}, after, until })) await stream.send({ id, data: id });
    } finally {
      clearInterval(beat);
      count--;
      res.end();
    }
  }

  return { open };
}

/** A page that was cut off goes on after the message that it has heard of last. */
async function startOf(reach: Reach, { headers }: HttpRequest): Promise<string> {
  const last = String(headers["last-event-id"] ?? "");
  if (/^[0-9a-f-]{36}$/.test(last)) return last;
  const [newest] = await newestMessages(reach, {}, 1);
  return newest?.id ?? firstId;
}
