import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import http2 from "node:http2";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { create } from "@bufbuild/protobuf";
import Sqlite from "better-sqlite3";
import { IdentityService } from "#gen/ostiary/admin/v1/identity_service_pb.js";
import { doors } from "../support/doors.ts";
import { assertUnharmed, whileProbed } from "../support/health-probe.ts";
import { openSession } from "../support/raw-call.ts";
import { startProcess } from "../support/server-process.ts";
import type { ServerProcess } from "../support/server-process.ts";

const json = { "content-type": "application/json" };
const person = (at: number | string, filling = "") => ({
  schema_id: "person",
  traits: { email: `pat-${at}@example.org` },
  metadata_public: { filling },
});

/** What a server answered: its status, and when to come again. */
interface Answer {
  readonly status: number;
  readonly later: string | undefined;
}

async function post(session: http2.ClientHttp2Session, path: string, body: unknown): Promise<Answer> {
  const stream = session.request({ ":method": "POST", ":path": path, ...json });
  stream.end(JSON.stringify(body));
  const [headers] = (await once(stream, "response")) as [http2.IncomingHttpHeaders];
  stream.resume();
  return { status: Number(headers[":status"]), later: headers["retry-after"] };
}

const mostCalls = 1024;
const each = 64;

test(
  "1,024 calls are at work at a time; who comes then is told by every protocol, and everybody is answered",
  { timeout: 60_000 },
  async (t) => {
    const folder = mkdtempSync(join(tmpdir(), "ostiary-bounds-"));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const file = join(folder, "busy.sqlite");
    const server = await startProcess(t, { config: { dsn: `sqlite://${file}` } });
    const sessions = Array.from({ length: mostCalls / each + 1 }, () => openSession(t, server.adminUrl));
    assert.equal((await post(sessions[0]!, "/admin/identities", person("first"))).status, 201);

    // Calls that write last as long as somebody else has the database.
    const other = new Sqlite(file);
    other.exec("begin immediate");
    const seen = await whileProbed(server, async () => {
      const refused: Answer[] = [];
      const all = sessions.flatMap((session, at) =>
        Array.from({ length: each }, async (_, n) => {
          const answer = await post(session, "/admin/identities", person(`${at}-${n}`));
          if (answer.status !== 201) refused.push(answer);
          return answer;
        }),
      );
      while (refused.length < each) await pause(10);
      assert.deepEqual(
        refused,
        Array.from({ length: each }, () => ({ status: 503, later: "1" })),
      );
      const { createIdentity } = IdentityService.method;
      for (const protocol of ["REST", "gRPC", "gRPC-web", "Connect, JSON"]) {
        const told = await doors[protocol]!(server.adminUrl)(
          createIdentity,
          create(createIdentity.input, { identity: { schemaId: "person", traits: { email: "late@example.org" } } }),
        );
        assert.match(told!.verdict, /^503/, protocol);
        if (told!.reason !== undefined) assert.equal(told!.reason, "OVERLOADED", protocol);
      }
      other.exec("rollback");
      other.close();
      // A disk that others use as well may not write a thousand accounts in the time for which calls wait for it.
      const answers = await Promise.all(all);
      assert.ok(answers.some(({ status }) => status === 201));
      for (const { status, later } of answers)
        assert.ok(status === 201 || (status === 503 && later === "1"), `${status}`);
    });
    assertUnharmed(seen);
    assert.equal((await post(sessions[0]!, "/admin/identities", person("last"))).status, 201);
  },
);

const listed = 250;

async function fill(server: ServerProcess, name: string, filling = ""): Promise<void> {
  for (let batch = 0; batch < 10; batch++) {
    const identities = Array.from({ length: listed / 10 }, (_, at) => ({
      create: person(`${name}-${batch}-${at}`, filling),
    }));
    assert.equal(
      (
        await fetch(`${server.adminUrl}/admin/identities`, {
          method: "PATCH",
          headers: json,
          body: JSON.stringify({ identities }),
        })
      ).status,
      200,
    );
  }
}

// One server bears both: what one leaves behind, the next one finds.
test("what clients leave with a server is bounded", { timeout: 60_000 }, async (t) => {
  const server = await startProcess(t);
  await t.test(
    "lists of 400 MB that nobody takes are made one after the other and cut, and lists are read meanwhile",
    () => leaveLists(server),
  );
  await t.test("bodies of 160 MB that never end are refused, the oldest first, and one that ends is read", () =>
    sendEndless(server),
  );
});

const lists = { unread: 40, closed: 12 };
const half = lists.closed / 2;

async function leaveLists(server: ServerProcess): Promise<void> {
  await fill(server, "listed", "x".repeat(30_000));
  const path = `/admin/identities?page_size=${listed}`;
  const opened: { destroy(): unknown }[] = [];
  let [begun, cut] = [0, 0];
  const seen = await whileProbed(server, async () => {
    const session = http2.connect(server.adminUrl, { settings: { initialWindowSize: 0 } }).on("error", () => undefined);
    opened.push(session);
    for (let at = 0; at < lists.closed; at++)
      session
        .request({ ":path": path })
        .on("error", () => undefined)
        .once("close", () => cut++);
    for (let at = 0; at < lists.unread; at++) {
      const socket = net
        .connect(server.adminPort, "127.0.0.1")
        .on("error", () => undefined)
        .once("readable", () => begun++);
      socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
      opened.push(socket);
    }
    const over = performance.now() + 20_000;
    while ((begun < lists.unread || cut < half) && performance.now() < over) await pause(50);
    assert.equal(((await (await fetch(server.adminUrl + path)).json()) as unknown[]).length, listed);
  });
  assert.equal(begun, lists.unread);
  assert.ok(cut >= half, `${cut} were cut`);
  for (const each of opened) each.destroy();
  assertUnharmed(seen);
}

async function sendEndless(server: ServerProcess): Promise<void> {
  const refused: string[] = [];
  const head =
    "PATCH /admin/identities HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9000000\r\n\r\n";
  const seen = await whileProbed(server, async () => {
    const sockets = Array.from({ length: 80 }, (_, at) => {
      const socket = net.connect(server.adminPort, "127.0.0.1").on("error", () => undefined);
      socket.once("data", (answer: Buffer) => refused.push(`${at}: ${String(answer).replaceAll("\r\n", ", ")}`));
      socket.write(head);
      socket.write(Buffer.alloc(2_000_000, 0x20));
      return socket;
    });
    const over = performance.now() + 8000;
    while (refused.length < 60 && performance.now() < over) await pause(50);
    await fill(server, "ended");
    for (const socket of sockets) socket.destroy();
  });
  assert.ok(refused.length >= 60, `${refused.length} were refused`);
  for (const answer of refused) assert.match(answer, /^\d+: HTTP\/1\.1 503 .*retry-after: 1, .*connection: close/i);
  assertUnharmed(seen);
}
