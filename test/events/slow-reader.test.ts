import assert from "node:assert/strict";
import http2 from "node:http2";
import { createServer, get } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { toBinary, create } from "@bufbuild/protobuf";
import { WatchEventsRequestSchema } from "#gen/ostiary/admin/v1/event_service_pb.js";
import type { HttpResponse } from "../../src/server/http.ts";
import { watchReader } from "../../src/server/watch-reader.ts";
import { defaultTenant } from "../../src/tenant.ts";
import { until } from "../support/courier.ts";
import { fill } from "../support/filled.ts";
import { password } from "../support/person.ts";
import { recordQueries } from "../support/query-log.ts";
import { startServer } from "../support/server.ts";
import { onEachDatabase } from "../support/servers.ts";
import { watch } from "../support/watcher.ts";

const path = "/ostiary.admin.v1.EventService/WatchEvents";

const forget = { name: "forget_numbers", sql: "update events set sequence = null where nid = ?" };

/** The request to watch from the beginning, as gRPC frames it. */
function fromBeginning(): Buffer {
  const message = toBinary(WatchEventsRequestSchema, create(WatchEventsRequestSchema, { fromBeginning: true }));
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

test("of a reader who takes nothing no more is held than a few pages, and nothing is lost for others", async (t) => {
  const server = await startServer(t);
  await fill(server.app.db, 3000);
  // They are numbered as any others, by who reads.
  await server.app.db.write(forget, [defaultTenant.id]);
  let pages = 0;
  const stop = recordQueries(server.app.db, (sql) => {
    if (/from "?`?events.*sequence"?`? >/is.test(sql)) pages++;
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
});

onEachDatabase("who watches from now on does not wait for all that happened before", async (server) => {
  await fill(server.app.db, 1500);
  await server.app.db.write(forget, [defaultTenant.id]);
  server.advance(3_600_000);
  const watcher = await watch(server);
  const { id } = await server.createPerson({ email: "pat@example.org", password });
  const [event] = await watcher.events(1);
  assert.deepEqual([event!.subjectId, event!.sequence], [id, 1501n]);
  watcher.kill();
});

test("nothing is asked for readers who have gone, also while they took nothing", async (t) => {
  const server = await startServer(t);
  await fill(server.app.db, 1500);
  await server.app.db.write(forget, [defaultTenant.id]);
  const sessions = Array.from({ length: 2 }, () => http2.connect(server.adminUrl));
  for (const session of sessions) t.after(() => session.destroy());
  const byGrpc = { ":method": "POST", ":path": path, "content-type": "application/grpc", te: "trailers" };
  const target = "/admin/events?from_beginning=true";
  const accept = { accept: "text/event-stream" };
  const streams = [sessions[0]!.request(byGrpc), sessions[1]!.request({ ":path": target, ...accept })];
  streams[0]!.end(fromBeginning());
  const request = get(`${server.adminUrl}${target}`, { headers: accept });
  request.on("error", () => undefined);
  for (const one of [...streams, request]) one.on("response", (response) => void response.pause?.());
  for (const stream of streams) stream.pause();
  await Promise.all([...streams, request].map((one) => once(one, "response")));
  let asked = 0;
  const stop = recordQueries(server.app.db, (sql) => {
    // The server numbers events for itself; who watches asks how far that has come.
    if (/^select[^;]*event_counters[^;]* in \(/i.test(sql)) asked++;
  });
  t.after(stop);
  await until(() => asked > 1);
  for (const session of sessions) session.destroy();
  request.destroy();
  await pause(500);
  asked = 0;
  await pause(1000);
  assert.equal(asked, 0);
});

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
