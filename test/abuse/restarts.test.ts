import assert from "node:assert/strict";
import { once } from "node:events";
import http from "node:http";
import http2 from "node:http2";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import type { Restarting } from "../support/restarting-listener.ts";
import { startProcess } from "../support/server-process.ts";

const servers = 4;
const restarts = 10;
const workerData: Restarting = { restarts, upMs: 40, lameDuckMs: 400 };
const clientsEach = 2;

interface Load {
  answered: number;
  readonly unanswered: string[];
}

// Nothing was asked of a server that is not there. Nor of one whose GOAWAY a client has read before it sent what it had queued,
// which is what REFUSED_STREAM tells it (RFC 9113, 8.7).
const unasked = ({ code, message }: { code?: string; message?: string }) =>
  code === "ECONNREFUSED" || /REFUSED_STREAM/.test(message ?? "");

test(
  `${servers * restarts} restarts under load leave no request unanswered, over HTTP/1.1 and HTTP/2`,
  { timeout: 120_000 },
  async (t) => {
    const load: Load = { answered: 0, unanswered: [] };
    await Promise.all(
      Array.from({ length: servers }, async () => {
        const server = new Worker(new URL("../support/restarting-listener.ts", import.meta.url), { workerData });
        t.after(() => server.terminate());
        const [port] = (await once(server, "message")) as [number];
        let over = false;
        const isOver = () => over;
        const clients = Array.from({ length: clientsEach }, () => [
          keepAskingHttp1(port, load, isOver),
          keepAskingHttp2(port, load, isOver),
          keepAskingHttp2(port, load, isOver, 4),
        ]).flat();
        await once(server, "message");
        over = true;
        await Promise.all(clients);
      }),
    );
    assert.deepEqual(load.unanswered, [], `of ${load.answered}`);
    assert.ok(load.answered > servers * restarts * clientsEach, `${load.answered} answered`);
  },
);

async function keepAskingHttp1(port: number, load: Load, isOver: () => boolean): Promise<void> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const ask = () =>
    new Promise<void>((done, fail) => {
      const request = http.request({ port, host: "127.0.0.1", agent, method: "POST" }, (response) => {
        response.resume().once("end", done).once("error", fail);
      });
      request.on("error", fail).end("asked");
    });
  while (!isOver()) await count(load, ask);
  agent.destroy();
}

async function keepAskingHttp2(port: number, load: Load, isOver: () => boolean, atOnce = 1): Promise<void> {
  while (!isOver()) {
    const session = http2.connect(`http://127.0.0.1:${port}`);
    session.on("error", () => undefined);
    if (!(await connected(session))) {
      await pause(5);
      continue;
    }
    const usable = () => !session.closed && !session.destroyed;
    await Promise.all(
      Array.from({ length: atOnce }, async () => {
        while (!isOver() && usable()) await count(load, () => askStream(session));
      }),
    );
    session.close();
  }
}

const connected = (session: http2.ClientHttp2Session): Promise<boolean> =>
  new Promise((done) => session.once("connect", () => done(true)).once("error", () => done(false)));

async function askStream(session: http2.ClientHttp2Session): Promise<void> {
  const stream = session.request({ ":method": "POST", ":path": "/" });
  stream.end("asked");
  const answered = once(stream, "response");
  stream.resume();
  await answered;
  await once(stream, "end");
}

const get = (port: number, agent: http.Agent) =>
  new Promise<http.IncomingMessage>((done, fail) => {
    http
      .get({ port, host: "127.0.0.1", path: "/health/alive", agent }, (response) =>
        response.resume().once("end", () => done(response)),
      )
      .on("error", fail);
  });

async function count(load: Load, ask: () => Promise<void>): Promise<void> {
  try {
    await ask();
    load.answered++;
  } catch (error) {
    if (unasked(error as Error)) await pause(5);
    else load.unanswered.push((error as Error).message);
  }
}

test(
  "a server that is asked to end says at once that it is not ready, still serves for a while, and ends well",
  { timeout: 60_000 },
  async (t) => {
    const server = await startProcess(t, { config: { dev: false, serve: { shutdown: { lame_duck: "1s" } } } });
    const kept = new http.Agent({ keepAlive: true });
    await get(server.publicPort, kept);
    server.child.kill("SIGTERM");
    await pause(100);
    assert.equal(
      (await get(server.publicPort, kept)).headers.connection,
      "close",
      "on a connection that was there before",
    );
    for (const url of [server.publicUrl, server.adminUrl]) {
      assert.equal((await fetch(`${url}/health/ready`)).status, 503, "not ready");
      const alive = await fetch(`${url}/health/alive`);
      assert.equal(alive.status, 200);
      assert.equal(alive.headers.get("connection"), "close");
    }
    assert.deepEqual(await once(server.child, "exit"), [0, null]);
  },
);
