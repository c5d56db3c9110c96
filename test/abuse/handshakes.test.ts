import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import tls from "node:tls";
import { makeCertificate } from "../support/certificate.ts";
import { assertUnharmed, whileProbed } from "../support/health-probe.ts";
import { startProcess } from "../support/server-process.ts";

test("handshakes that have not ended hold up no server that is asked to end", { timeout: 30_000 }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "ostiary-handshakes-"));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const [name, bytes] of Object.entries(makeCertificate("localhost"))) writeFileSync(join(folder, name), bytes);
  const pair = { cert: { path: join(folder, "cert") }, key: { path: join(folder, "key") } };
  const server = await startProcess(t, { config: { serve: { public: { tls: pair } } } });

  // What a client says first, caught on its way.
  const listener = net.createServer().listen(0, "127.0.0.1");
  await once(listener, "listening");
  const caller = tls
    .connect({ port: (listener.address() as net.AddressInfo).port, host: "127.0.0.1", rejectUnauthorized: false })
    .on("error", () => undefined);
  const [caught] = (await once(listener, "connection")) as [net.Socket];
  const [hello] = (await once(caught, "data")) as [Buffer];
  caught.destroy();
  caller.destroy();
  listener.close();

  const sockets: net.Socket[] = [];
  const lengths = [0, 1, 5, 6, Math.floor(hello.length / 2), hello.length - 1, hello.length];
  // The admin port stays in the clear, and is served by the same thread.
  const seen = await whileProbed({ ...server, publicPort: server.adminPort }, async () => {
    for (const length of lengths)
      for (let n = 0; n < 5; n++) {
        const socket = net
          .connect(server.publicPort, "127.0.0.1")
          .on("error", () => undefined)
          .resume();
        if (length) socket.write(hello.subarray(0, length));
        sockets.push(socket);
      }
    await pause(200);
  });
  assertUnharmed(seen);
  const asked = performance.now();
  assert.equal(await server.stop(), 0, "it ends when it is asked to");
  const tookMs = performance.now() - asked;
  assert.ok(tookMs < 2000, `and waits for none of them: it took ${Math.round(tookMs)} ms`);
  for (const socket of sockets) socket.destroy();
});
