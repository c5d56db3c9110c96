import assert from "node:assert/strict";
import { request } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { test } from "node:test";
import { ConnectError, createClient, type Transport } from "@connectrpc/connect";
import { createConnectTransport, createGrpcTransport } from "@connectrpc/connect-node";
import { IdentityService } from "#gen/ostiary/admin/v1/identity_service_pb.js";
import { ProblemSchema } from "#gen/ostiary/type/v1/problem_pb.js";
import type { Problem } from "../../src/errors.ts";
import { holdStream } from "../../src/server/hold-stream.ts";
import { bearer, keyFor, startLocked } from "../access/locked.ts";
import type { Json } from "../support/client.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { onEachDatabase } from "../support/servers.ts";

const person = (n: number | string) => ({ schema_id: "person", traits: { email: `p${n}@example.org` } });
const lines = (...rows: unknown[]) =>
  rows.map((row) => (typeof row === "string" ? row : JSON.stringify(row))).join("\n");

/** Imports lines over REST. */
async function importLines({ adminUrl }: TestServer, query: string, body: string) {
  const answer = await fetch(`${adminUrl}/admin/identities/import?${query}`, { method: "POST", body });
  return { status: answer.status, body: (await answer.json()) as Json };
}

/** A client of the service, over gRPC or Connect. */
const clientOf = (
  server: TestServer,
  transport: (options: { baseUrl: string; httpVersion: "2" }) => Transport = createGrpcTransport,
) => createClient(IdentityService, transport({ baseUrl: server.adminUrl, httpVersion: "2" }));

async function emailsOf(server: TestServer): Promise<string[]> {
  const { body } = await server.adminClient.get("/admin/identities?page_size=500");
  return body.map(({ traits }: { traits: { email: string } }) => traits.email).toSorted();
}

onEachDatabase(
  "what is wrong with one row keeps no other from being made, and is told by its number",
  async (server) => {
    await server.createPerson({ email: "p3@example.org", password: "correct horse battery" });
    const rows = lines(
      person(1),
      { ...person(2), external_id: "two" },
      person(3),
      { schema_id: "person", traits: { email: 7 } },
      "{ no json",
      "",
      person(1),
      { ...person(6), regoin: "eu" },
      { ...person(7), external_id: "two" },
      { ...person(8), region: "moon" },
      { schema_id: "nobody", traits: {} },
      "[]",
      { ...person(9), credentials: { password: { config: { hashed_password: "$no" } } } },
      person(10),
    );
    const { status, body } = await importLines(server, "import_id=first", rows);
    assert.equal(status, 200, JSON.stringify(body));
    assert.deepEqual([body.created, body.existing, body.failed, body.stopped], [3, 1, 9, false]);
    assert.deepEqual(
      body.failures.map(({ number, key, error }: Json) => [number, key, error.code]),
      [
        [3, "3", 409],
        [4, "4", 400],
        [5, "5", 400],
        [6, "6", 409],
        [7, "7", 400],
        [9, "9", 400],
        [10, "10", 400],
        [11, "11", 400],
        [12, "12", 400],
      ],
    );
    assert.match(body.failures[1].error.reason, /email/);
    assert.match(body.failures[4].error.message, /regoin/);
    assert.deepEqual(
      await emailsOf(server),
      ["p10@", "p1@", "p2@", "p3@"].map((name) => `${name}example.org`),
    );
  },
);

onEachDatabase(
  "an import that is sent again makes nothing twice, whatever has been mended or deleted meanwhile",
  async (server) => {
    const rows = Array.from({ length: 450 }, (_, n) => person(n));
    const bad = rows.map((row, n) => (n % 100 === 7 ? { ...row, traits: {} } : row));
    const first = await importLines(server, "import_id=big&list_identities=true", lines(...bad));
    assert.deepEqual([first.body.created, first.body.failed], [445, 5], JSON.stringify(first.body.failures[0]));
    const ids: string[] = first.body.identities.map(({ id }: { id: string }) => id);
    assert.equal(new Set(ids).size, 445);
    const deleted = ids[3]!;
    assert.equal((await server.adminClient.send("DELETE", `/admin/identities/${deleted}`)).status, 204);
    const again = await importLines(server, "import_id=big&list_identities=true", lines(...rows));
    assert.deepEqual([again.body.created, again.body.existing, again.body.failed], [5, 445, 0]);
    assert.deepEqual(
      again.body.identities.filter((_: unknown, n: number) => n % 100 !== 7).map(({ id }: { id: string }) => id),
      ids,
    );
    assert.equal(
      (await server.adminClient.get(`/admin/identities/${deleted}`)).status,
      404,
      "what was deleted stays so",
    );
    const other = await importLines(server, "import_id=other", lines(...rows.slice(0, 5)));
    assert.deepEqual(
      [other.body.created, other.body.existing, other.body.failed],
      [1, 0, 4],
      "another import knows nothing of it",
    );
    const unnamed = await importLines(server, "", lines({ schema_id: "person", traits: { email: "x@example.org" } }));
    assert.equal(unnamed.body.created, 1);
  },
);

onEachDatabase("of two who send one import at the same time, each row is made by one", async (server) => {
  const rows = lines(
    ...Array.from({ length: 300 }, (_, n) => ({
      schema_id: "person",
      traits: { email: `q${n}@example.org` },
      external_id: `q${n}`,
    })),
  );
  const both = await Promise.all([
    importLines(server, "import_id=race", rows),
    importLines(server, "import_id=race", rows),
  ]);
  const sum = (count: string) => both.reduce((total, { body }) => total + body[count], 0);
  assert.deepEqual(
    [sum("created"), sum("existing"), sum("failed")],
    [300, 300, 0],
    JSON.stringify(both.map(({ body }) => body.failures[0])),
  );
});

onEachDatabase("a dry run tells what would fail, and makes nothing", async (server) => {
  await server.createPerson({ email: "p3@example.org", password: "correct horse battery" });
  const rows = Array.from({ length: 420 }, (_, n) => person(n === 400 ? 1 : n));
  const hashed = { ...person("pw"), credentials: { password: { config: { password: "correct horse battery" } } } };
  const { body } = await importLines(server, "import_id=dry&dry_run=true", lines(...rows, hashed));
  assert.deepEqual([body.created, body.failed], [419, 2], JSON.stringify(body.failures));
  assert.deepEqual(
    body.failures.map(({ number }: { number: number }) => number),
    [4, 401],
    "those who have the name of an account, and of a row far before",
  );
  assert.deepEqual(await emailsOf(server), ["p3@example.org"]);
  const real = await importLines(server, "import_id=dry", lines(...rows));
  assert.equal(real.body.created, 418, "what was judged is not taken for made");
});

test("the same comes by gRPC and Connect: rows may have keys of their own", async (t) => {
  const server = await startServer(t);
  for (const [name, transport] of [
    ["grpc", createGrpcTransport],
    ["connect", createConnectTransport],
  ] as const) {
    const client = clientOf(server, transport);
    async function* stream() {
      for (let n = 0; n < 250; n++)
        yield {
          importId: name,
          key: `key ${n % 249}`,
          identity: { schemaId: "person", traits: { email: `${name}${n}@example.org` }, region: n === 5 ? "moon" : "" },
        };
    }
    const answer = await client.importIdentities(stream());
    assert.deepEqual([answer.created, answer.existing, answer.failed], [248, 1, 1]);
    assert.deepEqual(
      answer.failures.map(({ number, key, error }) => [number, key, error?.code]),
      [[6, "key 5", 400]],
    );
    const again = await client.importIdentities(stream());
    assert.deepEqual([again.created, again.existing, again.failed], [0, 249, 1]);
  }
  await assert.rejects(
    clientOf(server).importIdentities(
      (async function* () {
        yield { importId: "one", identity: { schemaId: "person", traits: { email: "one@example.org" } } };
        yield { importId: "two", identity: { schemaId: "person", traits: { email: "two@example.org" } } };
      })(),
    ),
    (error) => /the same in all messages/.test(ConnectError.from(error).findDetails(ProblemSchema)[0]?.reason ?? ""),
  );
});

test("an answer tells of 10,000 rows, and says that it has not looked at more", async (t) => {
  const server = await startServer(t);
  const rows = lines(...Array.from({ length: 12_000 }, () => ({ schema_id: "person", traits: {} })));
  const { body } = await importLines(server, "", rows);
  assert.deepEqual([body.stopped, body.failed, body.failures.length], [true, 10_000, 10_000]);
  for (const bad of [rows, "{\n".repeat(12_000)]) {
    const endless = startImport(server, {});
    endless.write(`${bad}\n`);
    assert.equal((await endless.answer).status, 200);
    await endless.over;
  }
});

test("who may not import is refused before anything is read, and whoever loses the right to in the midst of it", async (t) => {
  const { open, locked } = await startLocked(t, "sqlite");
  const reader = await keyFor({ open }, ["identities.read"]);
  const writer = await keyFor({ open }, ["identities.write"]);
  const call = (headers: Record<string, string> = {}) =>
    fetch(`${locked.adminUrl}/admin/identities/import`, { method: "POST", body: lines(person(1)), headers });
  assert.equal((await call()).status, 401);
  assert.equal((await call(bearer(reader.secret))).status, 403);
  assert.equal((await call(bearer(writer.secret))).status, 200);

  const importing = startImport(locked, bearer(writer.secret));
  importing.write(`${lines(person(2))}\n`);
  await pause(100);
  assert.equal(importing.answered(), false);
  await open.adminClient.send("DELETE", `/admin/api-keys/${writer.id}`);
  assert.equal((await importing.answer).status, 401);
  await importing.over;
});

test("a stream may be longer than all bodies that a port holds at once, and a line no longer than a message", async (t) => {
  const server = await startServer(t);
  const long = JSON.stringify("x".repeat(1_000_000));
  const rows = lines(...Array.from({ length: 40 }, () => long), `"${"x".repeat(1_100_000)}"`, person(1));
  const { status, body } = await importLines(server, "", rows);
  assert.deepEqual([status, body.created, body.failed], [200, 1, 41]);
  assert.deepEqual(body.failures.at(-1).error.code, 413);
});

test("only so many are imported at once", async (t) => {
  const server = await startServer(t);
  const open = Array.from({ length: 4 }, () => startImport(server, {}));
  for (const one of open) one.write("\n");
  await pause(100);
  assert.equal((await importLines(server, "", lines(person(1)))).status, 503);
  for (const one of open) one.leave();
  await Promise.allSettled(open.map(({ answer }) => answer));
  while ((await importLines(server, "", lines(person(1)))).status === 503) await pause(20);
  assert.deepEqual(await emailsOf(server), ["p1@example.org"]);
});

test("a client that sends nothing for too long is told, and one that leaves is let go", async () => {
  const seen: unknown[] = [];
  const isSilence = (error: Problem) => error.told.reason === "Nothing has been sent for too long.";
  const gone = new AbortController();
  const admit = () => Promise.resolve();
  const judged = (one: number) => Promise.resolve(one);
  async function* slow() {
    yield 1;
    await pause(60, undefined, { ref: false });
    yield 2;
    await new Promise(() => undefined);
  }
  await assert.rejects(async () => {
    for await (const one of holdStream(slow(), { admit, gone: gone.signal, judged, silenceMs: 200 })) seen.push(one);
  }, isSilence);
  assert.deepEqual(seen, [1, 2]);
  setTimeout(() => gone.abort(), 20);
  await assert.rejects(async () => {
    for await (const one of holdStream(slow(), { admit, gone: gone.signal, judged })) seen.push(one);
  });
  assert.deepEqual(seen, [1, 2, 1]);
});

/** An import that is sent piece by piece. */
function startImport({ adminUrl }: TestServer, headers: Record<string, string>) {
  const req = request(`${adminUrl}/admin/identities/import`, { method: "POST", headers });
  let isAnswered = false;
  const answer = new Promise<{ status: number }>((resolve, reject) => {
    req.on("error", reject);
    req.on("response", (res) => {
      isAnswered = true;
      res.resume();
      resolve({ status: res.statusCode! });
    });
  });
  const over = new Promise<void>((resolve) => req.once("close", resolve));
  return {
    over,
    write: (text: string) => req.write(text),
    answered: () => isAnswered,
    leave: () => req.destroy(),
    answer,
  };
}
