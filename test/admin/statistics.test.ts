import assert from "node:assert/strict";
import { sessions } from "../../src/session/entities.ts";
import { insert } from "../../src/db/query.ts";
import { uuidv7 } from "../../src/db/id.ts";
import type { Json } from "../support/client.ts";
import { begin, password, signInNatively, submit } from "../support/person.ts";
import { openPost } from "../support/post.ts";
import { reach } from "../support/rows.ts";
import { onEachDatabase } from "../support/servers.ts";
import { startServer } from "../support/server.ts";
import type { TestServer } from "../support/server.ts";
import { makeTenant } from "../tenants/world.ts";

async function statistics(server: TestServer, query = "", until: (body: Json) => boolean = () => true): Promise<Json> {
  for (let left = 100; ; left--) {
    const { status, body } = await server.admin("GET", `/admin/statistics${query}`);
    assert.equal(status, 200, JSON.stringify(body));
    if (until(body) || left === 0) return body;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const attemptsOf = ({ periods }: Json) =>
  Object.fromEntries(
    periods.flatMap(({ attempts }: Json) =>
      attempts.map(({ flow, method, outcome, count }: Json) => [`${flow} ${method} ${outcome}`, count]),
    ),
  );

onEachDatabase("an overview is counted as things happen, and never by going through all accounts", async (server) => {
  const { id } = await server.createPerson({ email: "ada@example.org", password });
  await server.createPerson({ email: "bob@example.org", password });
  const form = await begin(server, "registration", {});
  await submit(server, form, { method: "password", password, traits: { email: "cyd@example.org" } }, {});
  const batch = ["d", "e"].map((name) => ({
    create: { schema_id: "person", traits: { email: `${name}@example.org` } },
  }));
  await server.admin("PATCH", "/admin/identities", { json: { identities: batch } });
  await signInNatively(server, "ada@example.org");
  await signInNatively(server, "bob@example.org");
  const flow = await begin(server, "login", {});
  await submit(server, flow, { method: "password", identifier: "bob@example.org", password: "wrong" }, {});
  await server.admin("PATCH", `/admin/identities/${id}`, {
    json: [{ op: "replace", path: "/state", value: "inactive" }],
  });

  const first = await statistics(server, "", (body) => attemptsOf(body)["login password failed"] === 1);
  assert.deepEqual(first.identities, { active: 4, inactive: 1 });
  // Those of the disabled account have ended.
  assert.equal(first.sessions.active, 2);
  assert.deepEqual(attemptsOf(first), {
    "login password passed": 2,
    "login password failed": 1,
    "registration password passed": 1,
  });
  assert.equal(first.periods.at(-1).identities_created, 5);

  const { body: others } = await server.admin("GET", "/admin/identities");
  for (const one of others) await server.admin("DELETE", `/admin/identities/${one.id}`);
  assert.equal((await server.admin("DELETE", `/admin/identities/${id}`)).status, 404);
  server.advance(3_600_000);
  const last = await statistics(server, "?period=hour", ({ periods }) => periods.at(-1)?.identities_deleted === 5);
  assert.deepEqual(last.identities, { active: 0, inactive: 0 });
  assert.equal(last.sessions.active, 0);
  server.advance(40 * 24 * 3_600_000);
  assert.deepEqual((await statistics(server)).periods, []);
  const since = new Date(server.now().getTime() - 50 * 86_400_000).toISOString();
  assert.equal(attemptsOf(await statistics(server, `?since=${since}`))["login password passed"], 2);
  for (const query of [
    `period=hour&since=${since}`,
    "period=minute",
    "period=constructor",
    "since=2999-01-01T00:00:00Z",
  ])
    assert.equal((await server.admin("GET", `/admin/statistics?${query}`)).status, 400, query);
});

onEachDatabase("the hours of a day are one period of days, which begins at midnight", async (server) => {
  const day = 86_400_000;
  const midnight = Math.ceil(server.now().getTime() / day) * day;
  for (const [hour, email] of [
    [1, "early@example.org"],
    [4, "late@example.org"],
    [26, "tomorrow@example.org"],
  ] as const) {
    server.advance(midnight + hour * 3_600_000 - server.now().getTime());
    await server.createPerson({ email, password });
  }
  const all = (count: number) => (body: Json) =>
    body.periods.at(-1)?.identities_created > 0 && body.periods.length === count;
  const shown = ({ periods }: Json) =>
    periods.map(({ starts_at, identities_created }: Json) => [Date.parse(starts_at) - midnight, identities_created]);
  assert.deepEqual(shown(await statistics(server, "", all(2))), [
    [0, 2],
    [day, 1],
  ]);
  assert.deepEqual(shown(await statistics(server, "?period=hour", all(3))), [
    [3_600_000, 1],
    [4 * 3_600_000, 1],
    [26 * 3_600_000, 1],
  ]);
});

onEachDatabase(
  "accounts that come at once are all counted, also those of which one takes the name of another",
  async (server) => {
    const names = Array.from({ length: 24 }, (_, n) => `p${n % 20}@example.org`);
    await Promise.all(
      names.map((email) =>
        server.admin("POST", "/admin/identities", { json: { schema_id: "person", traits: { email } } }),
      ),
    );
    assert.deepEqual((await statistics(server)).identities, { active: 20, inactive: 0 });
  },
);

onEachDatabase("sessions are counted some thousands at a time", async (server) => {
  const { id } = await server.createPerson({ email: "ada@example.org", password });
  const now = new Date();
  const rows = Array.from({ length: 5001 }, (_, n) => ({
    id: uuidv7(now.getTime() + n),
    createdAt: now,
    updatedAt: now,
    identityId: id,
    tokenHash: n.toString(16).padStart(64, "0"),
    active: n % 2 === 0,
    aal: 1,
    methods: [],
    authenticatedAt: now,
    issuedAt: now,
    expiresAt: new Date(now.getTime() + 3_600_000),
    lastSeenAt: now,
  }));
  await server.app.db.transaction((db) => insert(reach(db), sessions, rows as never));
  const { sessions: counted } = await statistics(server, "", (body) => body.sessions !== undefined);
  assert.equal(counted.active, 2501);
  server.advance(2 * 3_600_000);
  const later = await statistics(server, "", (body) => body.sessions.active === 0);
  assert.ok(later.sessions.counted_at > counted.counted_at);
});

onEachDatabase("a tenant's overview shows its own, and the mails that were sent are counted", async (server, t) => {
  const post = await openPost(t);
  const mailing = await startServer(t, { config: { ...post.config, ...recovering } });
  const acme = await makeTenant(server, "acme");
  await acme.admin("POST", "/admin/identities", { schema_id: "person", traits: { email: "ada@example.org" } });
  const { body } = await acme.admin("GET", "/admin/statistics");
  assert.deepEqual(body.identities, { active: 1, inactive: 0 });
  assert.deepEqual((await statistics(server)).identities, { active: 0, inactive: 0 });

  await mailing.createPerson({ email: "ada@example.org", password });
  const flow = await begin(mailing, "recovery", {});
  await submit(mailing, flow, { method: "code", email: "ada@example.org" }, {});
  const seen = await statistics(mailing, "", ({ periods }) => periods.at(-1)?.messages_sent === 1);
  assert.equal(seen.periods.at(-1).messages_sent, 1);
  assert.deepEqual(seen.messages, { queued: 0, processing: 0 });
});

const recovering = {
  selfservice: {
    methods: { code: { enabled: true } },
    flows: { recovery: { enabled: true, ui_url: "http://app.example.org/recovery" } },
  },
};
