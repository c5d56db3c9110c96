import assert from "node:assert/strict";
import { once } from "node:events";
import http2 from "node:http2";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { bearer, keyFor, required, startLocked } from "../access/locked.ts";
import { enter, openBrowser, signInAt } from "../access/two-ports.ts";
import { mergeTrees } from "../support/config.ts";
import { until } from "../support/courier.ts";
import { openEventSource } from "../support/event-source.ts";
import { password } from "../support/person.ts";
import { createMigrated } from "../support/databases.ts";
import { startServer } from "../support/server.ts";
import { onTwoServers } from "../support/servers.ts";

onTwoServers(
  "a page hears of events as they happen, and of each once when its connection breaks and it comes back elsewhere",
  async (one, other, t) => {
    const servers = [one, other];
    let at = 0;
    const source = openEventSource(() => `${servers[at % 2]!.adminUrl}/admin/events?types=IdentityCreated`);
    t.after(() => source.close());
    await until(() => source.lastEventId() !== "");
    assert.equal(source.retryMs(), 1000);
    const made: string[] = [];
    for (; at < 6; at++) {
      const { id } = await servers[at % 2]!.createPerson({ email: `p${at}@example.org`, password });
      made.push(id);
      await until(() => source.heard.length === made.length);
      const { data, lastEventId, type } = source.heard.at(-1)!;
      const event = JSON.parse(data);
      assert.deepEqual([type, event.subject_id, event.cursor], ["message", id, lastEventId]);
      assert.equal(event.payload.type, "IdentityCreated");
      // What happens while nobody listens is heard of later.
      source.break();
      made.push((await other.createPerson({ email: `q${at}@example.org`, password })).id);
    }
    await until(() => source.heard.length === made.length);
    assert.deepEqual(
      source.heard.map(({ data }) => JSON.parse(data).subject_id),
      made,
    );
    assert.ok(source.opened() > 6);
  },
  {},
);

test("whoever may not watch is told so, as any other caller, and a page that goes on does not come back for ever", async (t) => {
  const servers = await startLocked(t, "sqlite");
  const { locked, open } = servers;
  const { id, secret } = await keyFor(servers, ["events.read"]);
  const url = `${locked.adminUrl}/admin/events`;
  const ask = (headers: Record<string, string>, query = "") =>
    fetch(`${url}${query}`, { headers: { accept: "text/event-stream", ...headers } });
  const stranger = await ask({});
  assert.deepEqual([stranger.status, (await stranger.json()).error.id], [401, "admin_credential_required"]);
  for (const [headers, query] of [
    [{ "last-event-id": "nonsense" }, ""],
    [{}, "?subject_id=pat"],
  ] as const) {
    const mistaken = await ask({ ...bearer(secret), ...headers }, query);
    assert.deepEqual([mistaken.status, (await mistaken.json()).error.code], [400, 400]);
  }

  const source = openEventSource(() => url, bearer(secret));
  t.after(() => source.close());
  await until(() => source.lastEventId() !== "");
  assert.equal((await open.admin("DELETE", `/admin/api-keys/${id}`)).status, 204);
  await source.over;
  const { type, data } = source.heard.at(-1)!;
  assert.deepEqual([type, JSON.parse(data).error.id, source.status()], ["end", "admin_credential_required", 401]);
});

test("a page that watches does not keep a session of the console from going idle", { timeout: 20_000 }, async (t) => {
  const { dsn, drop } = await createMigrated("sqlite");
  t.after(() => drop());
  const open = await startServer(t, { dsn });
  const { id } = await open.createPerson({ email: "owner@example.org", password });
  await open.admin("PUT", `/admin/administrators/${id}`, { json: { role: "owner" } });
  const server = await startServer(t, { dsn, config: mergeTrees(required, { console: { idle_timeout: "30m" } }) });
  const browser = openBrowser(server);
  await signInAt(browser, "owner@example.org");
  await enter(browser);
  const cookie = [...browser.console.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  const source = openEventSource(() => `${server.adminUrl}/admin/events`, { cookie });
  t.after(() => source.close());
  await until(() => source.lastEventId() !== "");
  server.advance(20 * 60_000);
  // It is asked for its credential every 2 s.
  await pause(2_500);
  server.advance(20 * 60_000);
  await source.over;
  assert.equal(JSON.parse(source.heard.at(-1)!.data).error.id, "admin_credential_required");
});

test("many who watch by one connection keep no call of it waiting", { timeout: 10_000 }, async (t) => {
  const server = await startServer(t);
  const session = http2.connect(server.adminUrl);
  const ask = async (path: string, accept: string): Promise<number> => {
    const [headers] = await once(session.request({ ":path": path, accept }), "response");
    return headers[":status"];
  };
  const watching = Array.from({ length: 80 }, () => ask("/admin/events", "text/event-stream"));
  assert.deepEqual(new Set(await Promise.all(watching)), new Set([200]));
  assert.equal(await ask("/admin/identities", "application/json"), 200);
  // Before the server, which would wait for its readers.
  session.destroy();
});

test("a server that goes says so to pages", async (t) => {
  const { open } = await startLocked(t, "sqlite");
  const source = openEventSource(() => `${open.adminUrl}/admin/events`);
  t.after(() => source.close());
  await until(() => source.lastEventId() !== "");
  await open.app.close();
  assert.equal(JSON.parse(source.heard.at(-1)!.data).error.id, "shutting_down");
});
