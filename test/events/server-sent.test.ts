import assert from "node:assert/strict";
import { test } from "node:test";
import { bearer, keyFor, startLocked } from "../access/locked.ts";
import { until } from "../support/courier.ts";
import { openEventSource } from "../support/event-source.ts";
import { password } from "../support/person.ts";
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

test("a server that goes says so to pages", async (t) => {
  const { open } = await startLocked(t, "sqlite");
  const source = openEventSource(() => `${open.adminUrl}/admin/events`);
  t.after(() => source.close());
  await until(() => source.lastEventId() !== "");
  await open.app.close();
  assert.equal(JSON.parse(source.heard.at(-1)!.data).error.id, "shutting_down");
});
