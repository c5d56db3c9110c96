import assert from "node:assert/strict";
import { test } from "node:test";
import { events } from "../../src/events/entities.ts";
import { configOf } from "../support/config.ts";
import { atOnce, password, signedIn, submitIn } from "../support/person.ts";
import { rowsOf } from "../support/rows.ts";
import { startServer } from "../support/server.ts";
import { onEachDatabase } from "../support/servers.ts";

const hour = 3_600_000;
const extension = (settings: object) => ({
  config: { session: { lifespan: "10h", auto_extend: { enabled: true, ...settings } } },
});

onEachDatabase(
  "a session that is used lasts on, is written once however many use it, and ends when nobody does",
  async (server) => {
    const { headers } = await signedIn(server);
    const whoami = () => server.native.get("/sessions/whoami", { headers });
    const written = async () =>
      (await rowsOf(server.app.db, events, (query) => query.where("type", "=", "SessionLifespanExtended"))).length;
    const { body: first } = await whoami();
    server.advance(0.9 * hour);
    assert.equal((await whoami()).body.expires_at, first.expires_at, "it was written less than an hour ago");
    server.advance(0.2 * hour);
    const ends = await atOnce(16, async () => (await whoami()).body.expires_at);
    assert.equal(new Set(ends).size, 1);
    assert.ok(Date.parse(ends[0]) - Date.parse(first.expires_at) >= 1.1 * hour);
    assert.equal(await written(), 1);
    const [event] = await rowsOf(server.app.db, events, (query) => query.where("reason", "=", "sessions.auto_extend"));
    assert.deepEqual([event!.sessionId, event!.actorKind], [first.id, "identity"]);
    server.advance(9.5 * hour);
    assert.equal((await whoami()).status, 200, "beyond the end that it had at first");
    server.advance(10.1 * hour);
    assert.equal((await whoami()).status, 401);
    assert.equal(await written(), 2);
  },
  extension({ min_interval: "1h" }),
);

test("a session is extended near its end only, and not for ever, where the configuration says so", async (t) => {
  const server = await startServer(t, extension({ window: "2h", max_lifetime: "15h" }));
  await server.createPerson({ email: "pat@example.org", password });
  const app = server.spa();
  await submitIn(app, "login", { method: "password", identifier: "pat@example.org", password });
  const whoami = () => app.get("/sessions/whoami");
  const { body: first, headers } = await whoami();
  assert.equal(headers.get("set-cookie"), null);
  server.advance(7 * hour);
  assert.equal((await whoami()).body.expires_at, first.expires_at);
  server.advance(2 * hour);
  const second = await whoami();
  assert.equal(Date.parse(second.body.expires_at) - Date.parse(first.issued_at), 15 * hour);
  assert.match(second.headers.get("set-cookie")!, /Max-Age=(21599|21600|21598);/, "the cookie lasts as long");
  server.advance(5 * hour);
  assert.equal((await whoami()).body.expires_at, second.body.expires_at);
  server.advance(hour);
  assert.equal((await whoami()).status, 401);
});

test("an interval in which no session could be extended is refused", () => {
  assert.throws(() => configOf({ dsn: "memory", ...extension({ min_interval: "10h" }).config }), /min_interval/);
});
