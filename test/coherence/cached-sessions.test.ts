import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { cacheFigures } from "../../src/session/cache.ts";
import { gateOf, leasesOf, nobody, otherLeases } from "../../src/coherence/database-store.ts";
import { cacheInvalidations } from "../../src/coherence/entities.ts";
import { uuidv7 } from "../../src/db/id.ts";
import { insert } from "../../src/db/query.ts";
import { createMigrated, eachDatabase } from "../support/databases.ts";
import { startReloading } from "../support/reloading.ts";
import { begin, signedIn, signInNatively, submit } from "../support/person.ts";
import type { Person } from "../support/person.ts";
import { countOf, reach } from "../support/rows.ts";
import { onEachDatabase, onTwoServers } from "../support/servers.ts";
import { startServer } from "../support/server.ts";
import type { TestServer } from "../support/server.ts";
import { recordQueries } from "../support/query-log.ts";

const kept = (mode: string, more: object = {}) => ({
  config: {
    session: { cache: { mode, ...more } },
    selfservice: { methods: { totp: { enabled: true }, profile: { enabled: true } } },
  },
});

const whoami = (server: TestServer, headers: Record<string, string>) =>
  server.native.get("/sessions/whoami", { headers });

const hitsOf = (server: TestServer) => cacheFigures(server.app.db)?.hits ?? 0;

/** Asks a server until it answers from memory, with the session's id. */
async function untilKept(server: TestServer, headers: Record<string, string>): Promise<string> {
  for (const before = hitsOf(server); ; await pause(5)) {
    const { status, body } = await whoami(server, headers);
    assert.equal(status, 200, JSON.stringify(body));
    if (hitsOf(server) > before) return body.id;
  }
}

type Change = (server: TestServer, person: Person, sessionId: string) => Promise<unknown>;
type Seen = (answer: Awaited<ReturnType<typeof whoami>>) => unknown;

const patched = (path: string, value: unknown): Change => {
  return (server, { id }) => server.admin("PATCH", `/admin/identities/${id}`, { json: [{ op: "add", path, value }] });
};

/** What changes an account or a session, and what another server tells from then on. */
const changes: readonly [string, Change, Seen, unknown][] = [
  ["traits", patched("/traits/email", "new@example.org"), ({ body }) => body.identity.traits.email, "new@example.org"],
  ["metadata", patched("/metadata_public", { plan: 2 }), ({ body }) => body.identity.metadata_public.plan, 2],
  [
    "a longer life",
    async (server, _, id) => {
      server.advance(1000);
      await server.admin("PATCH", `/admin/sessions/${id}/extend`);
    },
    ({ body }) => Date.parse(body.expires_at) - Date.parse(body.issued_at) > 24 * 3_600_000,
    true,
  ],
  [
    "profile",
    async (server, { headers }) => {
      const flow = await begin(server, "settings", headers);
      await submit(server, flow, { method: "profile", traits: { email: "own@example.org" } }, headers);
    },
    ({ body }) => body.identity.traits.email,
    "own@example.org",
  ],
  [
    "all sessions of the account",
    (server, { id }) => server.admin("DELETE", `/admin/identities/${id}/sessions`),
    ({ status }) => status,
    401,
  ],
  ["disabled", patched("/state", "inactive"), ({ status }) => status, 401],
];

onTwoServers(
  "what one server changes, the other tells as soon as the change is answered",
  async (one, other) => {
    let pat = await signedIn(one);
    for (const [what, change, seen, expected] of changes) {
      if (what === "disabled") pat = { ...pat, headers: await signInNatively(one, "own@example.org") };
      await change(one, pat, await untilKept(other, pat.headers));
      assert.deepEqual(seen(await whoami(other, pat.headers)), expected, what);
    }
    const ann = await signedIn(one, "ann@example.org");
    await untilKept(other, ann.headers);
    await one.native.send("DELETE", "/self-service/logout/api", {
      json: { session_token: ann.headers["x-session-token"] },
    });
    assert.equal((await whoami(other, ann.headers)).status, 401);
    const again = await signInNatively(one, "ann@example.org");
    await untilKept(other, again);
    await one.admin("DELETE", `/admin/identities/${ann.id}`);
    assert.equal((await whoami(other, again)).status, 401);
    // What has been taken in by all is cleared away.
    while ((await countOf(one.app.db, cacheInvalidations)) > 0) await pause(5);
  },
  kept("strict"),
);

onTwoServers(
  "a server that keeps nothing tells those that do; one that died before it could is heard of all the same",
  async (one, other) => {
    const pat = await signedIn(one);
    const id = await untilKept(other, pat.headers);
    await one.admin("DELETE", `/admin/sessions/${id}`);
    assert.equal((await whoami(other, pat.headers)).status, 401);

    const headers = await signInNatively(one, pat.email);
    const nid = reach(one.app.db).tenant.id;
    const orphan = { id: uuidv7(), subject: await untilKept(other, headers) };
    await insert(reach(one.app.db), cacheInvalidations, [orphan]);
    const misses = cacheFigures(other.app.db)!.misses;
    while (cacheFigures(other.app.db)!.misses === misses) {
      assert.equal((await whoami(other, headers)).status, 200, nid);
      await pause(5);
    }
  },
  {},
  kept("strict"),
);

/** Two servers on one file, the second of which keeps sessions. */
async function twoServers(t: TestContext, mode: string, more: object): Promise<readonly [TestServer, TestServer]> {
  const { dsn, drop } = await createMigrated("sqlite");
  const one = await startServer(t, { ...kept("off"), dsn });
  const other = await startServer(t, { ...kept(mode, more), dsn });
  t.after(() => drop());
  return [one, other];
}

onEachDatabase(
  "where nobody keeps sessions, nothing is written down of what changes them",
  async (server, t) => {
    let pat = await signedIn(server);
    const written: string[] = [];
    t.after(
      recordQueries(server.app.db, (sql) => {
        if (/(insert into|update|delete from) ["`]?cache_/.test(sql)) written.push(sql);
      }),
    );
    for (const [what, change, seen, expected] of changes) {
      if (what === "disabled") pat = { ...pat, headers: await signInNatively(server, "own@example.org") };
      const { body } = await whoami(server, pat.headers);
      await change(server, pat, body.id);
      assert.deepEqual(seen(await whoami(server, pat.headers)), expected, what);
    }
    assert.deepEqual(written, []);
  },
  kept("off"),
);

eachDatabase(
  "whoever begins to keep sessions waits for changes that do not know of it, and keeps none waiting",
  async (db) => {
    const store = leasesOf(db);
    const id = uuidv7();
    const order: string[] = [];
    let entering: Promise<void> | undefined;
    await db.transaction(async (tx) => {
      const gate = gateOf(tx);
      await gate.shut();
      assert.equal(await gate.isAnybodyBut(undefined), false);
      entering = store.join(id).then(() => void order.push("entered"));
      if (db.dialect === "sqlite") await pause(20);
      else {
        await entering;
        assert.equal(await store.isClear(), false);
        await db.transaction(async (another) => gateOf(another).shut());
        assert.equal(await store.isClear(), false, "one of two is over");
        assert.equal(await gate.isAnybodyBut(undefined), true, "whoever asks now sees who has entered");
      }
      order.push("changed");
    });
    await entering;
    await store.close();
    assert.deepEqual(order, db.dialect === "sqlite" ? ["changed", "entered"] : ["entered", "changed"]);
    assert.equal(await store.isClear(), true);
    assert.deepEqual([await gateOf(db).isAnybodyBut(id), await gateOf(db).isAnybodyBut(undefined)], [false, true]);
  },
);

test("a server alone with a file of SQLite answers from memory, and changes without a word to anybody", async (t) => {
  const server = await startServer(t, kept("strict"));
  const pat = await signedIn(server);
  const id = await untilKept(server, pat.headers);
  const asked: string[] = [];
  t.after(recordQueries(server.app.db, (sql) => void asked.push(sql)));
  await whoami(server, pat.headers);
  assert.deepEqual(
    asked.filter((sql) => !/cache_leases l /.test(sql)),
    [],
  );
  await server.admin("DELETE", `/admin/sessions/${id}`);
  assert.equal((await whoami(server, pat.headers)).status, 401);
  assert.deepEqual(
    asked.filter((sql) => /(insert into|update|delete from) cache_/.test(sql)),
    [],
  );
});

test("whoami is out of date for so long and no longer where it may be, and nobody acts by it meanwhile", async (t) => {
  const [one, other] = await twoServers(t, "ttl", { ttl: "1s" });
  const pat = await signedIn(one);
  const id = await untilKept(other, pat.headers);
  const began = performance.now();
  await one.admin("DELETE", `/admin/sessions/${id}`);
  assert.equal((await other.native.get("/sessions", { headers: pat.headers })).status, 401);
  while ((await whoami(other, pat.headers)).status === 200) await pause(10);
  assert.ok(performance.now() - began < 5000);

  // What a server has changed itself, it knows at once.
  const headers = await signInNatively(other, pat.email);
  await untilKept(other, headers);
  await other.admin("DELETE", `/admin/identities/${pat.id}`);
  assert.equal((await whoami(other, headers)).status, 401);
});

test("a session that is kept ends when it runs out, and none is kept that would take too much room", async (t) => {
  const server = await startServer(t, kept("strict"));
  const pat = await signedIn(server);
  await untilKept(server, pat.headers);
  server.advance(25 * 3_600_000);
  assert.equal((await whoami(server, pat.headers)).status, 401);
  const small = await startServer(t, kept("strict", { max_size: "1KB" }));
  const ann = await signedIn(small, "ann@example.org");
  for (let times = 0; times < 3; times++) assert.equal((await whoami(small, ann.headers)).status, 200);
  assert.deepEqual(cacheFigures(small.app.db), { hits: 0, misses: 3, entries: 0, bytes: 0 });
});

test("a lease begins and ends with the configuration, while the server runs", async (t) => {
  const mode = (named: string) => ({ session: { cache: { mode: named } } });
  const server = await startReloading(t, mode("off"));
  const pat = await signedIn(server);
  const leases = async () => (await server.app.db.read<object>(otherLeases, [nobody])).length;
  assert.equal(await leases(), 0);
  await server.reload(mode("strict"));
  await untilKept(server, pat.headers);
  assert.equal(await leases(), 1);
  await server.reload(mode("off"));
  const hits = hitsOf(server);
  for (let times = 0; times < 3; times++) assert.equal((await whoami(server, pat.headers)).status, 200);
  assert.equal(hitsOf(server), hits);
  while ((await leases()) > 0) await pause(5);
});
