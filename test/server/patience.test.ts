import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import type { ServerResponse } from "node:http";
import http2 from "node:http2";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { letBodyCome } from "../../src/server/endless-body.ts";
import { createListener } from "../../src/server/listener.ts";
import type { ListenerOptions } from "../../src/server/listener.ts";
import { withDeadline } from "../../src/server/with-deadline.ts";
import { ErrorReason, reasonOf } from "../../src/errors.ts";
import { openSession } from "../support/raw-call.ts";

/** A port that answers each request when its body has come, with as many bytes as its path says. */
async function listen(t: TestContext, options: Partial<ListenerOptions>): Promise<string> {
  const listener = createListener(
    { host: "127.0.0.1", port: 0, requestTimeoutMs: 400, idleTimeoutMs: 60_000, ...options },
    (req, res) => {
      req.on("error", () => undefined);
      res.on("error", () => undefined);
      req.resume().on("end", () => (res as ServerResponse).end(Buffer.alloc(Number(req.url!.slice(1)))));
    },
  );
  t.after(() => listener.close(0));
  return listener.listen();
}

const soon = () => ({ signal: AbortSignal.timeout(10_000) });

/** A stream that a client opens and reads to its end. */
async function answered(session: http2.ClientHttp2Session, path: string): Promise<number> {
  const stream = session.request({ ":path": path });
  let length = 0;
  for await (const chunk of stream) length += (chunk as Buffer).length;
  return length;
}

test("a stream whose body never ends is ended, and the others of its connection are not", async (t) => {
  const session = openSession(t, await listen(t, {}));
  const hanging = Array.from({ length: 20 }, () => session.request({ ":method": "POST", ":path": "/5" }));
  const ends = hanging.map(async (stream) => {
    stream.write("a");
    stream.on("error", () => undefined);
    const [headers] = (await once(stream, "response", soon())) as [http2.IncomingHttpHeaders];
    stream.resume();
    if (!stream.closed) await once(stream, "close", soon());
    return Number(headers[":status"]);
  });
  assert.equal(await answered(session, "/5"), 5);
  assert.deepEqual(new Set(await Promise.all(ends)), new Set([408]));
  assert.equal(await answered(session, "/7"), 7);
});

test("a body that trickles in has no more time than one that does not come", async (t) => {
  const session = openSession(t, await listen(t, {}));
  const stream = session.request({ ":method": "POST", ":path": "/5" });
  stream.on("error", () => undefined).resume();
  const drip = setInterval(() => stream.writable && stream.write("a"), 50);
  await once(stream, "close", soon()).finally(() => clearInterval(drip));
  assert.ok(!session.destroyed);
});

test("over HTTP/1.1, a body that hangs is answered, and one that is let come may take longer", async (t) => {
  const listener = createListener(
    { host: "127.0.0.1", port: 0, requestTimeoutMs: 300, idleTimeoutMs: 60_000 },
    (req, res) => {
      if (req.url === "/long") letBodyCome(req);
      req.on("error", () => undefined);
      req.resume().on("end", () => (res as ServerResponse).end());
    },
  );
  t.after(() => listener.close(0));
  const url = await listener.listen();
  const statusOf = (path: string) =>
    new Promise<number>((resolve, reject) => {
      const req = request(`${url}${path}`, { method: "POST" }, (res) => {
        res.resume();
        resolve(res.statusCode!);
      }).on("error", reject);
      req.write("a");
      setTimeout(() => req.end("b"), 900);
    });
  assert.deepEqual(await Promise.all([statusOf("/short"), statusOf("/long")]), [408, 200]);
  const session = openSession(t, url);
  const stream = session.request({ ":method": "POST", ":path": "/long" });
  stream.write("a");
  setTimeout(() => stream.end("b"), 900);
  const [headers] = (await once(stream, "response", soon())) as [http2.IncomingHttpHeaders];
  assert.equal(headers[":status"], 200);
});

test("an answer that nobody takes is given up", async (t) => {
  const session = openSession(t, await listen(t, {}));
  const stream = session.request({ ":path": "/1000000" });
  stream.on("error", () => undefined);
  // Without a listener for data the window of the stream is never opened again.
  await once(stream, "close", soon());
  assert.notEqual(stream.rstCode, http2.constants.NGHTTP2_NO_ERROR);
  assert.equal(await answered(session, "/5"), 5);
});

test("idle connections are told to go", async (t) => {
  const url = await listen(t, { idleTimeoutMs: 300 });
  const sessions = Array.from({ length: 50 }, () => openSession(t, url));
  const told = sessions.map(async (session) => {
    await once(session, "goaway", soon());
    if (!session.destroyed) await once(session, "close", soon());
  });
  await Promise.all(told);
  assert.equal(await answered(openSession(t, url), "/5"), 5);
});

test("streams that are opened and reset as fast as can be neither stop nor slow the server", async (t) => {
  const url = await listen(t, { requestTimeoutMs: 5000 });
  const attack = openSession(t, url);
  const gone = new Promise((done) => attack.once("close", done));
  let opened = 0;
  for (; opened < 20_000 && !attack.destroyed && !attack.closed; opened++) {
    const stream = attack.request({ ":method": "POST", ":path": "/100" });
    stream.on("error", () => undefined);
    stream.close(http2.constants.NGHTTP2_CANCEL);
    if (opened % 100 === 0) await sleep(0);
  }
  await gone;
  assert.ok(opened < 20_000, "the connection ended before the attack did");
  assert.equal(await answered(openSession(t, url), "/5"), 5);
});

test("work that takes too long is answered as too late", async () => {
  const late = await withDeadline(new Promise<never>(() => undefined), 30).catch((error: unknown) => error);
  assert.equal(reasonOf(late), ErrorReason.DEADLINE);
  assert.equal(await withDeadline(Promise.resolve(7), 30), 7);
});

test("over HTTP/1.1, who takes nothing of an answer is cut; who waits for one is not", async (t) => {
  const listener = createListener(
    { host: "127.0.0.1", port: 0, requestTimeoutMs: 400, idleTimeoutMs: 60_000, takeTimeoutMs: 400 },
    (req, res) => {
      setTimeout(() => (res as ServerResponse).end(Buffer.alloc(Number(req.url!.slice(1)))), 1000);
    },
  );
  t.after(() => listener.close(0));
  const port = Number(new URL(await listener.listen()).port);
  const ask = (bytes: number) => {
    const socket = connect(port, "127.0.0.1").on("error", () => undefined);
    socket.write(`GET /${bytes} HTTP/1.1\r\nHost: x\r\n${bytes < 100 ? "Connection: close\r\n" : ""}\r\n`);
    return socket;
  };
  const lengthOf = async (socket: Socket) => {
    let length = 0;
    socket.on("data", (chunk: Buffer) => (length += chunk.length));
    await once(socket, "close", soon());
    return length;
  };
  const silent = ask(50_000_000);
  assert.ok((await lengthOf(ask(7))) > 7, "the answer took longer than anyone may take to read it");
  await sleep(2500);
  assert.ok((await lengthOf(silent)) < 50_000_000, "what the system held was all that came");
});
