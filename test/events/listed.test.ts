import assert from "node:assert/strict";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { EventService } from "#gen/ostiary/admin/v1/event_service_pb.js";
import { ActorKind } from "#gen/ostiary/event/v1/event_pb.js";
import { defaultTenant } from "../../src/tenant.ts";
import type { Json } from "../support/client.ts";
import { password, signInNatively } from "../support/person.ts";
import { onEachDatabase } from "../support/servers.ts";
import type { TestServer } from "../support/server.ts";

/** All events that a query asks for, page after page, and how many pages it took. */
async function all(server: TestServer, query: string): Promise<{ events: Json[]; pages: number }> {
  const events: Json[] = [];
  for (let at: string | undefined = `/admin/events?${query}`, pages = 0; ;) {
    const { status, body, headers } = await server.admin("GET", at);
    assert.equal(status, 200, JSON.stringify(body));
    events.push(...body);
    pages++;
    at = /<([^>]*)>; rel="next"/.exec(headers.get("link") ?? "")?.[1];
    if (!at) return { events, pages };
  }
}

const typesOf = (events: readonly Json[]): string[] => events.map(({ type }) => type);

onEachDatabase("an operator reads what has happened to whom, why, and by whom", async (server) => {
  const { id: pat } = await server.createPerson({ email: "pat@example.org", password });
  const { id: sam } = await server.createPerson({ email: "sam@example.org", password });
  await signInNatively(server, "pat@example.org");
  server.advance(3_600_000);
  const later = server.now().toISOString();
  await server.admin("DELETE", `/admin/identities/${sam}`, { headers: { "x-request-id": "req-7" } });

  const { events } = await all(server, "");
  assert.deepEqual(typesOf(events), [
    "IdentityDeleted",
    ...["LoginSucceeded", "SessionIssued"],
    ...["IdentityCreated", "IdentityCreated"],
  ]);
  assert.deepEqual(
    events.map(({ sequence }) => sequence).toSorted((a, b) => b - a),
    [5, 4, 3, 2, 1],
  );
  const [deleted, , issued] = events;
  assert.deepEqual(
    [deleted.subject_id, deleted.reason, deleted.actor, deleted.request_id, deleted.payload],
    [sam, "admin.delete", { kind: "administrator" }, "req-7", { type: "IdentityDeleted" }],
  );
  assert.deepEqual(
    [issued.actor.kind, issued.actor.id, issued.client_address, issued.payload.method, issued.payload.aal],
    ["identity", pat, "127.0.0.1", "password", 1],
  );
  assert.match(issued.payload.expires_at, /^\d{4}-.*Z$/);

  const asked: readonly (readonly [string, readonly string[]])[] = [
    [`subject_id=${pat}`, ["LoginSucceeded", "SessionIssued", "IdentityCreated"]],
    [`subject_id=${pat}&ascending=true`, ["IdentityCreated", "SessionIssued", "LoginSucceeded"]],
    [`subject_id=${pat.toUpperCase()}&types=SessionIssued&types=LoginFailed`, ["SessionIssued"]],
    [`actor_id=${pat}`, ["LoginSucceeded", "SessionIssued"]],
    [`session_id=${issued.session_id}&reason=login.password`, ["LoginSucceeded", "SessionIssued"]],
    ["types=IdentityDeleted", ["IdentityDeleted"]],
    ["types=OfAnotherVersion", []],
    ["reason=admin.", ["IdentityDeleted", "IdentityCreated", "IdentityCreated"]],
    ["reason=admin", []],
    [`since=${later}`, ["IdentityDeleted"]],
    [`until=${later}&types=IdentityDeleted&types=IdentityCreated`, ["IdentityCreated", "IdentityCreated"]],
  ];
  for (const [query, expected] of asked) {
    assert.deepEqual(typesOf((await all(server, query)).events), expected, query);
    assert.deepEqual(await all(server, `${query}&page_size=1`).then((one) => typesOf(one.events)), expected, query);
  }
  assert.deepEqual((await all(server, "page_size=2")).pages, 3);

  const one = await server.admin("GET", `/admin/events/${issued.id}`);
  assert.deepEqual([one.status, one.body], [200, issued]);
  for (const nothing of ["nonsense", pat])
    assert.equal((await server.admin("GET", `/admin/events/${nothing}`)).status, 404);
  for (const mistaken of ["subject_id=pat", "page_token=made-up", "since=yesterday"])
    assert.equal((await server.admin("GET", `/admin/events?${mistaken}`)).status, 400, mistaken);
});

onEachDatabase("events of a type that this server does not know are told without their payload", async (server) => {
  const { id } = await server.createPerson({ email: "pat@example.org", password });
  await server.app.db.write(
    { name: "rename_event", sql: "update events set type = 'IdentityHatched' where nid = ? and subject_id = ?" },
    [defaultTenant.id, id],
  );
  const client = createClient(EventService, createGrpcTransport({ baseUrl: server.adminUrl }));
  const { events } = await client.listEvents({ types: ["IdentityHatched"] });
  const [event] = events;
  assert.deepEqual([event!.subjectId, event!.payload, event!.actor!.kind], [id, undefined, ActorKind.ADMINISTRATOR]);
});

onEachDatabase("a tenant's events are nobody else's", async (server) => {
  await server.createPerson({ email: "pat@example.org", password });
  assert.equal((await server.adminClient.post("/admin/tenants", { slug: "acme" })).status, 201);
  const headers = { "x-tenant": "acme" };
  assert.deepEqual((await server.admin("GET", "/admin/events", { headers })).body, []);
  const { body } = await server.admin("GET", "/admin/events");
  assert.equal((await server.admin("GET", `/admin/events/${body[0].id}`, { headers })).status, 404);
  const { headers: said } = await server.admin("GET", "/admin/events?page_size=1");
  const token = /page_token=([^>&]*)/.exec(said.get("link")!)![1]!;
  assert.equal((await server.admin("GET", `/admin/events?page_token=${token}`, { headers })).status, 400);
});
