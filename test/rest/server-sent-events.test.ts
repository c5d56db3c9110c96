import assert from "node:assert/strict";
import { once } from "node:events";
import http2 from "node:http2";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { beginEventStream } from "../../src/rest/server-sent-events.ts";

test("who sends to a reader that has gone, by HTTP/2 as well, waits for nobody", async (t) => {
  const server = http2.createServer().listen(0, "127.0.0.1");
  t.after(() => server.close());
  await once(server, "listening");
  const session = http2.connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  t.after(() => session.destroy());
  const reader = session.request().on("error", () => undefined);
  const [, res] = (await once(server, "request")) as [unknown, http2.Http2ServerResponse];
  const gone = new AbortController();
  res.once("close", () => gone.abort());
  const stream = beginEventStream(res, { gone: gone.signal, watchReader: () => () => undefined });
  await once(reader, "response");
  reader.close(http2.constants.NGHTTP2_CANCEL);
  await once(res, "close");
  const sent = stream.send({ data: "nobody hears of this" }).then(() => "sent");
  assert.equal(await Promise.race([sent, pause(2000, "waits", { ref: false })]), "sent");
});
