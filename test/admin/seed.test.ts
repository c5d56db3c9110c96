import assert from "node:assert/strict";
import { test } from "node:test";
import { makeUp } from "../../src/seed/people.ts";
import type { Json } from "../support/client.ts";
import { runIn } from "../support/command-line.ts";
import { encoded } from "../support/config.ts";
import { onEachDatabase } from "../support/servers.ts";
import { startServer } from "../support/server.ts";

onEachDatabase(
  "a server in development is filled with people in many states, the same for the same number",
  async (server) => {
    const first = await server.adminClient.post("/admin/seed", { number: 7, count: 40 });
    assert.equal(first.status, 200, JSON.stringify(first.body));
    const { people, existing, sessions, messages, password } = first.body;
    assert.deepEqual([people, existing], [40, 0]);
    assert.ok(sessions > 10 && messages > 5);
    const { body: all } = await server.admin("GET", "/admin/identities?page_size=100");
    const expected = makeUp(7, 40);
    assert.deepEqual(
      all.map((one: Json) => one.traits.email).toSorted(),
      expected.map(({ email }) => email).toSorted(),
    );
    const inactive = all.filter((one: Json) => one.state === "inactive").length;
    assert.equal(inactive, expected.filter(({ active }) => !active).length);
    assert.ok(inactive > 0 && inactive < 20);
    const born = all.map((one: Json) => Date.parse(one.created_at));
    assert.ok(Math.max(...born) - Math.min(...born) > 30 * 86_400_000, "they came one after another");

    const again = await server.adminClient.post("/admin/seed", { number: 7, count: 40 });
    assert.deepEqual([again.body.people, again.body.existing], [0, 40]);

    const person = expected.find(({ active, hasPassword }) => active && hasPassword)!;
    const { body: flow } = await server.native.get("/self-service/login/api");
    const answer = await server.native.post(flow.ui.action, { method: "password", identifier: person.email, password });
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
  },
);

test("people fit other schemas as far as they can", async (t) => {
  const schema = {
    $id: "https://example.org/staff.schema.json",
    type: "object",
    properties: {
      traits: {
        type: "object",
        properties: {
          login: { type: "string", "ory.sh/kratos": { credentials: { password: { identifier: true } } } },
          phone: { type: "string", format: "tel", "ory.sh/kratos": { verification: { via: "sms" } } },
          name: { type: "string" },
          team: { type: "string", enum: ["red", "blue"] },
          hours: { type: "integer" },
        },
        required: ["login", "team", "hours"],
        additionalProperties: false,
      },
    },
  };
  const identity = { default_schema_id: "staff", schemas: [{ id: "staff", url: encoded(schema) }] };
  const server = await startServer(t, { config: { identity } });
  const { status, body } = await server.adminClient.post("/admin/seed", { count: 3 });
  assert.equal(status, 200, JSON.stringify(body));
  const { body: all } = await server.admin("GET", "/admin/identities");
  const { traits } = all[0];
  assert.deepEqual([traits.team, traits.hours], ["red", 30]);
  assert.match(traits.phone, /^\+1\d{3}55501\d{2}$/);
  assert.match(traits.name, /^\w+ \w+$/);
});

test("nobody is made up outside development", async (t) => {
  const server = await startServer(t, { config: { dev: false } });
  assert.equal((await server.adminClient.post("/admin/seed", { count: 1 })).status, 404);
  assert.deepEqual((await server.admin("GET", "/admin/identities")).body, []);
});

test("ostiary seed says what it has made", async (t) => {
  const server = await startServer(t);
  const run = (...words: string[]) => runIn({ KRATOS_ADMIN_URL: server.adminUrl }, "seed", ...words);
  const { code, out, err } = await run("--number", "3", "--count", "5");
  assert.equal(code, 0, err);
  assert.match(
    out,
    /^5 people, \d+ sessions, \d+ messages; 0 were there already\.\nThe password of all is: correct horse battery$/,
  );
  assert.equal(JSON.parse((await run("-n", "3", "--count", "6", "--format", "json")).out).existing, 5);
  assert.match((await run("--count", "x")).err, /--count must be a whole number/);
});
