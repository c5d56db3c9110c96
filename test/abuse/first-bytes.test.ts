import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import net from "node:net";
import tls from "node:tls";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { makeCertificate } from "../support/certificate.ts";
import { assertUnharmed, whileProbed } from "../support/health-probe.ts";
import { startProcess } from "../support/server-process.ts";
import type { ServerProcess } from "../support/server-process.ts";

// Both versions' beginnings, cut anywhere: "PRI" alone is neither a method of HTTP/1.1 nor yet a preface.
const whole = [
  "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
  ...["POST", "PUT", "PATCH", "PRI", "GET"].map(
    (method) => `${method} /health/alive HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
  ),
];
const cuts = Array.from({ length: 23 }, (_, index) => index + 1);
const beginnings = [...new Set(whole.flatMap((text) => cuts.map((length) => text.slice(0, length))))];

/** How a client goes on after its first bytes. */
const endings = {
  pause: (socket: net.Socket) => once(socket, "close", { signal: AbortSignal.timeout(20_000) }),
  FIN: (socket: net.Socket) => (socket.end(), once(socket, "close", { signal: AbortSignal.timeout(20_000) })),
  RST: async (_socket: net.Socket, under: net.Socket) => void under.resetAndDestroy(),
};

test(
  "whatever a connection begins with, and however it ends there, everybody else is served",
  { timeout: 120_000 },
  async (t) => {
    const folder = mkdtempSync(join(tmpdir(), "ostiary-tls-"));
    t.after(() => rmSync(folder, { recursive: true }));
    const { cert, key } = makeCertificate("localhost");
    writeFileSync(join(folder, "cert.pem"), cert);
    writeFileSync(join(folder, "key.pem"), key);
    const pair = { cert: { path: join(folder, "cert.pem") }, key: { path: join(folder, "key.pem") } };
    // Their admin ports stay in the clear: they tell how the public ones fare.
    const [clear, secure] = await Promise.all([
      startProcess(t),
      startProcess(t, { config: { serve: { public: { tls: pair } } } }),
    ]);
    await t.test("a request is answered wherever its bytes are cut", () => answerWhole(clear));
    const doors = [
      { server: clear, over: (under: net.Socket) => under },
      { server: secure, over: (under: net.Socket) => tls.connect({ socket: under, rejectUnauthorized: false }) },
    ];
    await Promise.all(
      doors.map(async ({ server, over }) => {
        const seen = await whileProbed({ ...server, publicPort: server.adminPort }, async () => {
          await Promise.all(
            Object.values(endings).flatMap((end) =>
              beginnings.map((text) => begin(server.publicPort, over, text, end)),
            ),
          );
        });
        assertUnharmed(seen);
        assert.equal(await server.stop(), 0, "it ends when it is asked to");
      }),
    );
  },
);

async function begin(
  port: number,
  over: (under: net.Socket) => net.Socket,
  text: string,
  end: (typeof endings)[keyof typeof endings],
) {
  const under = net.connect(port, "127.0.0.1");
  const socket = over(under.on("error", () => undefined));
  socket.on("error", () => undefined).resume();
  await once(socket, socket instanceof tls.TLSSocket ? "secureConnect" : "connect");
  socket.write(text);
  await pause(10);
  await end(socket, under);
}

async function answerWhole(server: ServerProcess): Promise<void> {
  const requests = whole
    .slice(1)
    .flatMap((text) => cuts.map((length) => [text.slice(0, length), text.slice(length)] as const));
  const answers = await Promise.all(
    requests.map(async ([first, rest]) => {
      const socket = net.connect(server.publicPort, "127.0.0.1").setNoDelay();
      socket.write(first);
      await pause(50);
      socket.write(rest);
      let answer = "";
      for await (const chunk of socket) answer += String(chunk);
      return `${(first + rest).slice(0, 3)} ${answer.slice(0, 12)}`;
    }),
  );
  const statusOf = { GET: "200", POS: "405", PUT: "405", PAT: "405", PRI: "400" } as Record<string, string>;
  const wanted = requests
    .map(([first, rest]) => (first + rest).slice(0, 3))
    .map((method) => `${method} HTTP/1.1 ${statusOf[method]}`);
  assert.deepEqual(answers, wanted);
}
