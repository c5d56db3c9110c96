import assert from "node:assert/strict";
import { test } from "node:test";
import { atOnce, password, signedIn, submitIn } from "../support/person.ts";
import { rowsOf } from "../support/rows.ts";
import { events } from "../../src/events/entities.ts";
import { onEachDatabase } from "../support/servers.ts";
import { startServer } from "../support/server.ts";

const rotate = "/sessions/token";

onEachDatabase(
  "a native client changes its token: of many who try at once one does, and the old one is dead",
  async (server) => {
    const { headers } = await signedIn(server);
    const { body: before } = await server.native.get("/sessions/whoami", { headers });
    const answers = await atOnce(8, () => server.native.send("PUT", rotate, { headers }));
    const [won, ...others] = answers.toSorted((a, b) => a.status - b.status);
    assert.equal(won!.status, 200);
    assert.ok(
      others.every(({ status }) => status === 401 || status === 403),
      String(others.map(({ status }) => status)),
    );
    assert.match(won!.body.session_token, /^ory_st_/);
    assert.match(won!.headers.get("cache-control")!, /no-store/);
    assert.equal(won!.headers.get("set-cookie"), null);
    assert.equal((await server.native.get("/sessions/whoami", { headers })).status, 401);
    const fresh = { authorization: `Bearer ${won!.body.session_token}` };
    const { body: after } = await server.native.get("/sessions/whoami", { headers: fresh });
    assert.deepEqual(after, before, "it is the same session");
    const told = await rowsOf(server.app.db, events, (query) => query.where("reason", "=", "sessions.rotate"));
    assert.deepEqual(
      told.map(({ type, sessionId, actorKind }) => [type, sessionId, actorKind]),
      [["SessionChanged", before.id, "identity"]],
    );
  },
);

test("a browser changes its token by another cookie, and is told of none", async (t) => {
  const server = await startServer(t);
  await server.createPerson({ email: "pat@example.org", password });
  const app = server.spa();
  await submitIn(app, "login", { method: "password", identifier: "pat@example.org", password });
  const old = app.cookies.get("ory_kratos_session")!;
  const { status, body } = await app.send("PUT", rotate);
  assert.deepEqual([status, "session_token" in body, body.session.active], [200, false, true]);
  assert.notEqual(app.cookies.get("ory_kratos_session"), old);
  assert.equal((await app.get("/sessions/whoami")).body.id, body.session.id);
  app.cookies.set("ory_kratos_session", old);
  assert.equal((await app.get("/sessions/whoami")).status, 401);
  assert.equal((await app.send("PUT", rotate)).status, 401);
});
