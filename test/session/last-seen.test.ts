import assert from "node:assert/strict";
import { test } from "node:test";
import type { Answer } from "../support/client.ts";
import { createMigrated, databases } from "../support/databases.ts";
import { password, signInNatively } from "../support/person.ts";
import { startServer } from "../support/server.ts";
import type { TestServer } from "../support/server.ts";

const minute = 60_000;

interface Client {
  readonly id: string;
  readonly headers: { readonly "x-session-token": string };
}

async function threeSessions(server: TestServer): Promise<Client[]> {
  await server.createPerson({ email: "pat@example.org", password });
  const clients: Client[] = [];
  for (let n = 0; n < 3; n++) {
    const headers = await signInNatively(server, "pat@example.org");
    clients.push({ headers, id: (await server.native.get("/sessions/whoami", { headers })).body.id });
  }
  return clients;
}

for (const dialect of databases)
  test(`it is noted when sessions were last used, written at the end at the latest, and told to whoever asks (${dialect})`, async (t) => {
    const { dsn, drop } = await createMigrated(dialect);
    let clients: Client[] = [];
    let used = new Date();
    // At its end the server goes.
    await t.test("by a server that writes rarely", async (within) => {
      const config = { session: { last_seen: { enabled: true, write_every: "1h" } } };
      const server = await startServer(within, { dsn, config });
      clients = await threeSessions(server);
      const whoami = async (at: number) =>
        (await server.native.get("/sessions/whoami", { headers: clients[at]!.headers })).body;
      server.advance(5 * minute);
      assert.equal("last_seen_at" in (await whoami(1)), false);
      server.advance(5 * minute);
      used = server.now();
      await whoami(0);
    });
    const [first, second, third] = clients as [Client, Client, Client];

    const next = await startServer(t, { dsn });
    t.after(() => drop());
    const seen: [string, string][] = [];
    let path: string | undefined = "/admin/sessions?order_by=last_seen&expand=Last_Seen&active=true&page_size=1";
    while (path) {
      const page: Answer = await next.adminClient.get(path);
      seen.push(...page.body.map((one: Record<string, string>) => [one["id"], one["last_seen_at"]]));
      path = /<([^>]*)>; rel="next"/.exec(page.headers.get("link") ?? "")?.[1];
    }
    assert.deepEqual(
      seen.map(([id]) => id),
      [first.id, second.id, third.id],
    );
    assert.equal(Date.parse(seen[0]![1]), Math.floor(used.getTime() / minute) * minute);
    const own = await next.native.get("/sessions?expand=last_seen", { headers: third.headers });
    assert.deepEqual(
      own.body.map((one: Record<string, string>) => [one["id"], one["last_seen_at"]]),
      [seen[1], seen[0]],
    );
    for (const bad of ["/admin/sessions?order_by=age", "/admin/sessions?order_by=last_seen&page_token=x"])
      assert.equal((await next.adminClient.get(bad)).status, 400, bad);
    assert.equal((await next.native.get("/sessions?expand=house", { headers: third.headers })).status, 400);
  });

test("what is noted is written every now and then, by the server that has noted it", async (t) => {
  const server = await startServer(t, { config: { session: { last_seen: { enabled: true, write_every: "20ms" } } } });
  await server.createPerson({ email: "pat@example.org", password });
  const headers = await signInNatively(server, "pat@example.org");
  server.advance(5 * minute);
  const { body } = await server.native.get("/sessions/whoami", { headers });
  const noted = async () => {
    const { body: session } = await server.adminClient.get(`/admin/sessions/${body.id}?expand=last_seen`);
    return Date.parse(session.last_seen_at) > Date.parse(session.issued_at);
  };
  for (let tries = 0; !(await noted()); tries++) assert.ok(tries < 500, "it is written");
});
