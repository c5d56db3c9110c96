import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { Code, ConnectError } from "@connectrpc/connect";
import { ErrorInfoSchema } from "#gen/google/rpc/error_details_pb.js";
import { bearer, keyFor, startLocked } from "../access/locked.ts";
import { defaultTenant } from "../../src/tenant.ts";
import { runIn } from "../support/command-line.ts";
import { createMigrated, databases, onServer } from "../support/databases.ts";
import { password, signInNatively } from "../support/person.ts";
import { runSql } from "../support/run-sql.ts";
import { startServer } from "../support/server.ts";
import { onEachDatabase, onTwoServers } from "../support/servers.ts";
import { watch } from "../support/watcher.ts";

/** What a call was refused with: its code and its reason. */
async function refusal(call: Promise<unknown>): Promise<[Code, string]> {
  const error = await call.then(
    () => assert.fail("it was not refused"),
    (thrown: unknown) => ConnectError.from(thrown),
  );
  return [error.code, error.findDetails(ErrorInfoSchema)[0]?.reason ?? ""];
}

onTwoServers(
  "a watcher hears at once of what its own server does, and soon of the others, from now on or from the beginning",
  async (one, other) => {
    const { id: old } = await one.createPerson({ email: "old@example.org", password });
    const [news, all] = [await watch(one), await watch(one, { fromBeginning: true })];
    assert.equal((await all.events(1))[0]!.subjectId, old);
    for (const server of [one, other]) {
      const { id } = await server.createPerson({ email: `new@${server === one}.example`, password });
      const began = performance.now();
      for (const watcher of [news, all]) assert.equal((await watcher.events(1))[0]!.subjectId, id);
      assert.ok(performance.now() - began < 1500);
    }
    news.kill();
    all.kill();
  },
  {},
);

onEachDatabase("a watcher is told what it has asked for, and goes on behind what it has not", async (server) => {
  const { id } = await server.createPerson({ email: "pat@example.org", password });
  await server.createPerson({ email: "sam@example.org", password });
  const watchers = await Promise.all(
    [{ types: ["SessionIssued"] }, { subjectId: id, reason: "login." }, { actorId: id, types: ["LoginSucceeded"] }].map(
      (wish) => watch(server, wish),
    ),
  );
  await signInNatively(server, "sam@example.org");
  await signInNatively(server, "pat@example.org");
  const [issued, mine, byMe] = await Promise.all(watchers.map((watcher) => watcher.events(1)));
  assert.notEqual(issued![0]!.subjectId, id);
  assert.deepEqual([mine![0]!.type, mine![0]!.subjectId], ["SessionIssued", id]);
  assert.equal(byMe![0]!.type, "LoginSucceeded");
  for (const watcher of watchers) watcher.kill();

  const begin = (after: string, headers = {}) => refusal(watch(server, { after }, headers));
  assert.deepEqual(await begin("nonsense"), [Code.InvalidArgument, "BAD_REQUEST"]);
  assert.equal((await server.adminClient.post("/admin/tenants", { slug: "acme" })).status, 201);
  assert.deepEqual(await begin(watchers[0]!.cursor(), { "x-tenant": "acme" }), [Code.InvalidArgument, "BAD_REQUEST"]);
});

onEachDatabase("who comes back too late is told that events are missing", async (server) => {
  const watcher = await watch(server);
  for (const name of ["pat", "sam", "kim"]) await server.createPerson({ email: `${name}@example.org`, password });
  const [first, , third] = await watcher.events(3);
  watcher.kill();
  const clear = { name: "clear_events", sql: "delete from events where nid = ? and sequence <= ?" };
  await server.app.db.write(clear, [defaultTenant.id, 2]);
  assert.deepEqual(await refusal(watch(server, { after: first!.cursor })), [Code.OutOfRange, "EVENTS_EXPIRED"]);
  const rest = await watch(server, { fromBeginning: true });
  assert.equal((await rest.events(1))[0]!.id, third!.id);
  rest.kill();
  await server.app.db.write(clear, [defaultTenant.id, 3]);
  assert.deepEqual(await refusal(watch(server, { after: first!.cursor })), [Code.OutOfRange, "EVENTS_EXPIRED"]);
  (await watch(server, { after: third!.cursor })).kill();
});

for (const dialect of databases)
  test(`what is too old is not kept for a cursor, but what got its number late is (${dialect})`, async (t) => {
    const { dsn, drop } = await createMigrated(dialect);
    const server = await startServer(t, { dsn });
    t.after(() => drop());
    const make = (name: string) => server.createPerson({ email: `${name}@example.org`, password });
    const fortyDaysMs = 40 * 24 * 3_600_000;
    server.advance(-fortyDaysMs);
    for (const name of ["pat", "sam", "kim"]) await make(name);
    const watcher = await watch(server, { fromBeginning: true });
    const [first, , third] = await watcher.events(3);
    watcher.kill();
    server.advance(fortyDaysMs);
    const young = [await make("ann"), await make("bob")];
    const { body } = await server.admin("GET", "/admin/events");
    assert.equal(body.length, 5);
    // As of a transaction that took forty days.
    server.advance(-fortyDaysMs);
    const late = await make("eve");
    server.advance(fortyDaysMs);

    assert.equal((await runIn({}, "cleanup", "sql", "--keep-events", "720h", dsn)).code, 0);
    assert.deepEqual(await refusal(watch(server, { after: first!.cursor })), [Code.OutOfRange, "EVENTS_EXPIRED"]);
    for (const wish of [{ after: third!.cursor }, { fromBeginning: true }]) {
      const rest = await watch(server, wish);
      assert.deepEqual(
        (await rest.events(3)).map(({ subjectId, sequence }) => [subjectId, sequence]),
        [...young, late].map(({ id }, at) => [id, BigInt(4 + at)]),
      );
      rest.kill();
    }
    assert.equal((await runIn({ KRATOS_ADMIN_URL: server.adminUrl }, "events", "verify")).code, 0);
  });

test("a tenant's watcher hears of its own events alone, and ends with the tenant", async (t) => {
  const server = await startServer(t);
  const { status: made, body: tenant } = await server.adminClient.post("/admin/tenants", { slug: "acme" });
  assert.equal(made, 201);
  const headers = { "x-tenant": "acme" };
  const theirs = await watch(server, {}, headers);
  await server.createPerson({ email: "pat@example.org", password });
  const { status } = await server.admin("POST", "/admin/identities", {
    json: { schema_id: "person", traits: { email: "pat@example.org" } },
    headers,
  });
  assert.equal(status, 201);
  const [event] = await theirs.events(1);
  assert.equal(event!.sequence, 1n);
  await server.admin("PATCH", `/admin/tenants/${tenant.id}`, { json: { state: "inactive" } });
  assert.equal((await server.admin("DELETE", `/admin/tenants/${tenant.id}`)).status, 204);
  assert.deepEqual(await refusal(theirs.events(1)), [Code.NotFound, "NOT_FOUND"]);
});

for (const dialect of databases) {
  test(`a server that goes sends its watchers to others (${dialect})`, async (t) => {
    const { dsn, drop } = await createMigrated(dialect);
    t.after(() => drop());
    const staying = await startServer(t, { dsn });
    let cursor = "";
    let ended: Promise<unknown> | undefined;
    await t.test("it closes at the end of this", async (within) => {
      const leaving = await startServer(within, { dsn });
      const watcher = await watch(leaving);
      await leaving.createPerson({ email: "pat@example.org", password });
      await watcher.events(1);
      cursor = watcher.cursor();
      ended = refusal(watcher.next());
    });
    assert.deepEqual(await ended, [Code.Unavailable, "SHUTTING_DOWN"]);
    await staying.createPerson({ email: "sam@example.org", password });
    const again = await watch(staying, { after: cursor });
    const [next] = await again.events(1);
    assert.equal(next!.sequence, 2n);
    again.kill();
  });
}

if (databases.includes("postgresql"))
  test("servers on PostgreSQL tell each other's watchers, who miss nothing where the connection breaks by which they hear", async (t) => {
    const { dsn, drop } = await createMigrated("postgresql");
    const [one, other] = [await startServer(t, { dsn }), await startServer(t, { dsn })];
    t.after(() => drop());
    const watcher = await watch(other);
    const made: string[] = [];
    const make = async () => {
      const { id } = await one.createPerson({ email: `p${made.length}@example.org`, password });
      made.push(id);
      return id;
    };
    const listeners =
      "from pg_stat_activity where datname = current_database() and (query like '%ostiary_echo_%' or query like 'listen %') and pid <> pg_backend_pid()";
    const hears = async () => {
      while ((await runSql(one.app.db, `select pid ${listeners}`)).length !== 1) await pause(10);
      await pause(500);
    };
    // Once it hears, it looks for itself so seldom that five events within moments are not found by looking.
    await hears();
    const began = performance.now();
    for (let times = 0; times < 5; times++) {
      const id = await make();
      assert.equal((await watcher.events(1))[0]!.subjectId, id);
    }
    assert.ok(performance.now() - began < 8000);

    for (let times = 0; times < 2; times++) {
      await onServer("postgresql", `select pg_terminate_backend(pid) ${listeners}`, dsn);
      const ids = [await make(), await make()];
      const seen = await watcher.events(2);
      assert.deepEqual(
        seen.map(({ subjectId }) => subjectId),
        ids,
      );
      await hears();
    }
    watcher.kill();
  });

test("a watch ends when the key that has opened it is revoked", async (t) => {
  const servers = await startLocked(t, databases[0]!);
  const { locked, open } = servers;
  const { id, secret } = await keyFor(servers, ["events.read"]);
  const { secret: other } = await keyFor(servers, ["identities.read"]);
  assert.deepEqual(await refusal(watch(locked)), [Code.Unauthenticated, "ADMIN_CREDENTIAL_REQUIRED"]);
  assert.deepEqual(await refusal(watch(locked, {}, bearer(other))), [Code.PermissionDenied, "ADMIN_SCOPE_REQUIRED"]);
  const watcher = await watch(locked, { types: ["IdentityCreated"] }, bearer(secret));
  await open.createPerson({ email: "pat@example.org", password });
  await watcher.events(1);
  assert.equal((await open.admin("DELETE", `/admin/api-keys/${id}`)).status, 204);
  const began = performance.now();
  assert.deepEqual(await refusal(watcher.next()), [Code.Unauthenticated, "ADMIN_CREDENTIAL_REQUIRED"]);
  assert.ok(performance.now() - began < 4000);
});

test("a watcher for whom nothing happens is told now and then how far it has come", async (t) => {
  const server = await startServer(t);
  const watcher = await watch(server, { types: ["LoginFailed"] });
  const start = watcher.cursor();
  await server.createPerson({ email: "pat@example.org", password });
  server.advance(16_000);
  await server.createPerson({ email: "sam@example.org", password });
  const { event, cursor } = await watcher.next();
  assert.equal(event, undefined);
  assert.notEqual(cursor, start);
  watcher.kill();
});
