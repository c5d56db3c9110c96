import assert from "node:assert/strict";
import http2 from "node:http2";
import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { toBinary, create } from "@bufbuild/protobuf";
import { WatchEventsRequestSchema } from "#gen/ostiary/admin/v1/event_service_pb.js";
import type { HttpResponse } from "../../src/server/http.ts";
import { defaultTenant } from "../../src/tenant.ts";
import { watchReader } from "../../src/server/watch-reader.ts";
import { until } from "../support/courier.ts";
import { fill } from "../support/filled.ts";
import { recordQueries } from "../support/query-log.ts";
import { onEachDatabase } from "../support/servers.ts";

const path = "/ostiary.admin.v1.EventService/WatchEvents";

/** The request to watch from the beginning, as gRPC frames it. */
function fromBeginning(): Buffer {
  const message = toBinary(WatchEventsRequestSchema, create(WatchEventsRequestSchema, { fromBeginning: true }));
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

onEachDatabase(
  "of a reader who takes nothing no more is held than a few pages, and nothing is lost for others",
  async (server, t) => {
    await fill(server.app.db, 3000);
    // They are numbered as any others, by who reads.
    const forget = { name: "forget_numbers", sql: "update events set sequence = null where nid = ?" };
    await server.app.db.write(forget, [defaultTenant.id]);
    let pages = 0;
    const stop = recordQueries(server.app.db, (sql) => {
      if (/from "?`?events.*sequence.*>/is.test(sql)) pages++;
    });
    const session = http2.connect(server.adminUrl);
    t.after(() => session.destroy());
    const stream = session.request({
      ":method": "POST",
      ":path": path,
      "content-type": "application/grpc",
      te: "trailers",
    });
    stream.pause();
    stream.end(fromBeginning());
    await once(stream, "response");
    await until(() => pages > 1);
    await pause(500);
    const held = pages;
    assert.ok(held < 15, `${held} pages were read`);
    // Who begins to read after all is told the rest.
    stream.resume();
    await until(() => pages >= 30, 15_000);
    stop();
  },
);

test("a reader of a stream who takes nothing is cut, by a frame that gRPC's clients understand", async (t) => {
  const never = 64 * 1024 * 1024;
  const serve = (res: HttpResponse) => {
    (res as { write(bytes: Buffer): unknown }).write(Buffer.alloc(never));
    watchReader(res, 50);
  };
  const taken = http2.createServer((_, res) => serve(res)).listen(0, "127.0.0.1");
  t.after(() => taken.close());
  await once(taken, "listening");
  const session = http2.connect(`http://127.0.0.1:${(taken.address() as AddressInfo).port}`);
  t.after(() => session.destroy());
  const stream = session.request().pause();
  stream.on("error", () => undefined);
  await until(() => stream.rstCode !== undefined && stream.rstCode !== 0);
  assert.equal(stream.rstCode, http2.constants.NGHTTP2_ENHANCE_YOUR_CALM);

  const old = createServer((_, res) => serve(res)).listen(0, "127.0.0.1");
  t.after(() => old.close());
  await once(old, "listening");
  const answer = await fetch(`http://127.0.0.1:${(old.address() as AddressInfo).port}`);
  await pause(150);
  await assert.rejects(answer.arrayBuffer());
});
