import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import tls from "node:tls";
import { floodWith } from "../support/byte-flood.ts";
import type { ByteFlood, Open } from "../support/byte-flood.ts";
import { makeCertificate } from "../support/certificate.ts";
import { flag, frame, literal, opening, requestHead, type, uint32 } from "../support/h2-frames.ts";
import { assertUnharmed, whileProbed } from "../support/health-probe.ts";
import { startProcess } from "../support/server-process.ts";
import type { ServerProcess } from "../support/server-process.ts";

const many = (piece: Buffer | string, count: number) =>
  Buffer.from(Buffer.from(piece).toString("latin1").repeat(count), "latin1");
const fill = (piece: Buffer | string) => many(piece, Math.floor(65_536 / piece.length));

const posted = Buffer.concat([
  opening,
  frame(type.headers, flag.endHeaders, 1, requestHead("POST", "/self-service/login")),
]);
const unended = Buffer.concat([opening, frame(type.headers, 0, 1, requestHead("GET", "/health/alive"))]);
const chunked =
  "POST /self-service/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
const sized = chunked.replace("Transfer-Encoding: chunked", "Content-Length: 999999999");
const tiny = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

const floods: Readonly<Record<string, ByteFlood>> = {
  PING: { first: opening, again: fill(frame(type.ping, 0, 0, Buffer.alloc(8))) },
  "PING, whose answers nobody reads": {
    first: opening,
    again: fill(frame(type.ping, 0, 0, Buffer.alloc(8))),
    reads: false,
  },
  "PING, as answers": { first: opening, again: fill(frame(type.ping, flag.ack, 0, Buffer.alloc(8))) },
  SETTINGS: { first: opening, again: fill(frame(type.settings, 0, 0, Buffer.concat([Buffer.of(0, 3), uint32(100)]))) },
  "SETTINGS, as answers": { first: opening, again: fill(frame(type.settings, flag.ack, 0)) },
  CONTINUATION: { first: unended, again: fill(frame(type.continuation, 0, 1, literal("x-a", "b".repeat(100)))) },
  "empty CONTINUATION": { first: unended, again: fill(frame(type.continuation, 0, 1)) },
  "empty DATA": { first: posted, again: fill(frame(type.data, 0, 1)) },
  "DATA of one byte": { first: posted, again: fill(frame(type.data, 0, 1, Buffer.of(97))) },
  "padded DATA": { first: posted, again: fill(frame(type.data, flag.padded, 1, Buffer.alloc(256, 255))) },
  WINDOW_UPDATE: { first: posted, again: fill(frame(type.windowUpdate, 0, 1, uint32(1))) },
  PRIORITY: { first: posted, again: fill(frame(type.priority, 0, 1, Buffer.of(0, 0, 0, 0, 10))) },
  RST_STREAM: { first: posted, again: fill(frame(type.reset, 0, 1, uint32(8))) },
  "frames of no known type": { first: posted, again: fill(frame(0x55, 0, 1, Buffer.alloc(4))) },
  "a body without end": { first: sized, again: Buffer.alloc(65_536, 97) },
  "chunks of one byte": { first: chunked, again: fill("1\r\na\r\n") },
  "long extensions of chunks": { first: chunked, again: Buffer.from(`1;${"a".repeat(60_000)}\r\na\r\n`) },
  "headers without end": { first: "GET / HTTP/1.1\r\nHost: localhost\r\n", again: fill("x-a: b\r\n") },
  "2,400 short requests in a packet": { first: tiny, again: many(tiny, 2400) },
};

// One server bears them all: what one flood leaves behind, the next one finds.
test("no flood stops anybody", { timeout: 60_000 }, async (t) => {
  const server = await startProcess(t);
  for (const [name, flood] of Object.entries(floods))
    await t.test(name, async () =>
      assertUnharmed(
        await whileProbed(server, () => floodWith(flood, () => net.connect(server.publicPort, "127.0.0.1"))),
      ),
    );
});

const some = [
  "PING",
  "DATA of one byte",
  "a body without end",
  "chunks of one byte",
  "2,400 short requests in a packet",
];

test("none does over TLS, or through a socket's file", { timeout: 60_000 }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "ostiary-flood-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const [certificate, path] = [makeCertificate("localhost"), join(folder, "public.sock")];
  for (const [name, bytes] of Object.entries(certificate)) writeFileSync(join(folder, name), bytes);
  const pair = { cert: { path: join(folder, "cert") }, key: { path: join(folder, "key") } };
  const secure = await startProcess(t, { config: { serve: { public: { tls: pair } } } });
  const local = await startProcess(t, { config: { serve: { public: { host: `unix:${path}` } } } });
  const over = (ALPNProtocol: string) => () =>
    tls.connect({
      host: "127.0.0.1",
      port: secure.publicPort,
      rejectUnauthorized: false,
      ALPNProtocols: [ALPNProtocol],
    });
  const probed = async (what: string, server: ServerProcess, flood: ByteFlood, open: Open) =>
    // The admin port stays in the clear, and is served by the same thread.
    t.test(what, async () =>
      assertUnharmed(await whileProbed({ ...server, publicPort: server.adminPort }, () => floodWith(flood, open))),
    );
  for (const name of some) {
    const flood = floods[name]!;
    await probed(`${name}, over TLS`, secure, flood, over(typeof flood.first === "string" ? "http/1.1" : "h2"));
    await probed(`${name}, by a file`, local, flood, () => net.connect(path));
  }
  // The first bytes of a handshake, which announce more.
  await probed(
    "handshakes that break off",
    secure,
    { first: Buffer.of(22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3), again: Buffer.alloc(16_384) },
    () => net.connect(secure.publicPort, "127.0.0.1"),
  );
});
