import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import http from "node:http";
import http2 from "node:http2";
import https from "node:https";
import net from "node:net";
import tls from "node:tls";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { createListener } from "../../src/server/listener.ts";
import type { ListenerOptions } from "../../src/server/listener.ts";
import { makeCertificate } from "../support/certificate.ts";

async function listen(t: TestContext, options: Partial<ListenerOptions> = {}, delayMs = 0) {
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
  const listener = createListener(
    { host: "127.0.0.1", port: 0, requestTimeoutMs: 1000, idleTimeoutMs: 60_000, ...options },
    (req, res) => {
      arrive();
      setTimeout(() => (res as http.ServerResponse).end(`HTTP/${req.httpVersion}`), delayMs);
    },
  );
  const address = await listener.listen();
  t.after(() => listener.close(0));
  return { listener, address, arrived };
}

const overHttp2 = async (address: string, options: http2.SecureClientSessionOptions = {}): Promise<string> => {
  const session = http2.connect(address, options);
  const stream = session.request({ ":path": "/" });
  let text = "";
  for await (const chunk of stream) text += String(chunk);
  session.close();
  return text;
};

const overHttp1 = (
  options: http.RequestOptions | https.RequestOptions | string,
  client: typeof http | typeof https = http,
) =>
  new Promise<string>((done, fail) => {
    const req = client.get(options as http.RequestOptions, (res) => {
      let text = "";
      res.on("data", (chunk) => (text += String(chunk))).on("end", () => done(text));
    });
    req.on("error", fail);
  });

test("one port speaks HTTP/1.1 and HTTP/2", async (t) => {
  const { address } = await listen(t);
  assert.equal(await overHttp1(address), "HTTP/1.1");
  assert.equal(await overHttp2(address), "HTTP/2.0");
});

test("headers that trickle in are cut off", async (t) => {
  const { address } = await listen(t, { headersTimeoutMs: 300 });
  const socket = net.connect(Number(new URL(address).port), "127.0.0.1");
  socket.write("GET / HTTP/1.1\r\nHost: x\r\nX: ");
  const [answer] = (await once(socket, "data", { signal: AbortSignal.timeout(4000) })) as [Buffer];
  assert.match(answer.toString(), /^HTTP\/1\.1 408/);
  socket.destroy();
});

test("a connection that says nothing is closed", async (t) => {
  const { address } = await listen(t, { headersTimeoutMs: 300 });
  const socket = net.connect(Number(new URL(address).port), "127.0.0.1");
  socket.resume();
  await once(socket, "close", { signal: AbortSignal.timeout(4000) });
});

test("a unix socket serves as well", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "ostiary-socket-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const { uid, gid } = userInfo();
  const socket = {
    owner: String(uid),
    group: readFileSync("/etc/group", "utf8")
      .split("\n")
      .find((line) => line.split(":")[2] === String(gid))!
      .split(":")[0]!,
    mode: 0o700,
  };
  const { address } = await listen(t, { host: `unix:${join(folder, "s")}`, socket });
  assert.equal(await overHttp1({ socketPath: address, path: "/" }), "HTTP/1.1");
  const { mode, uid: owner, gid: group } = statSync(address);
  assert.deepEqual([mode & 0o777, owner, group], [0o700, uid, gid]);
  await assert.rejects(
    listen(t, { host: `unix:${join(folder, "t")}`, socket: { ...socket, group: "nobodys-group" } }),
    /does not know nobodys-group/,
  );
});

test("over TLS, client and server agree on the version", async (t) => {
  const pair = makeCertificate("localhost");
  const { address } = await listen(t, { tls: pair });
  const ca = pair.cert;
  const port = new URL(address).port;
  assert.equal(
    await overHttp2(address, { ca, servername: "localhost", checkServerIdentity: () => undefined }),
    "HTTP/2.0",
  );
  const plain = { host: "127.0.0.1", port, ca, servername: "localhost", agent: false as const };
  assert.equal(await overHttp1(plain, https), "HTTP/1.1");
});

test("over TLS, nobody may take their time either: for the handshake, the first byte, headers or a body", async (t) => {
  const { address } = await listen(t, {
    tls: makeCertificate("localhost"),
    headersTimeoutMs: 300,
    requestTimeoutMs: 600,
  });
  const port = Number(new URL(address).port);
  const closed = (socket: net.Socket) => {
    socket.resume().on("error", () => undefined);
    return once(socket, "close", { signal: AbortSignal.timeout(8000) });
  };
  const said = ["", "GET / HTTP/1.1\r\nHost: x\r\nX: ", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{"];
  const secured = said.map(async (words) => {
    const socket = tls.connect({ port, host: "127.0.0.1", rejectUnauthorized: false, ALPNProtocols: ["http/1.1"] });
    await once(socket, "secureConnect");
    if (words) socket.write(words);
    await closed(socket);
  });
  await Promise.all([closed(net.connect(port, "127.0.0.1")), ...secured]);
});

test("a request that runs is answered before the server goes", async (t) => {
  const { listener, address, arrived } = await listen(t, {}, 200);
  const answer = overHttp1({ port: new URL(address).port, host: "127.0.0.1", agent: false });
  await arrived;
  const closed = listener.close(5000);
  assert.equal(await answer, "HTTP/1.1");
  await closed;
  await assert.rejects(overHttp1(address));
});
