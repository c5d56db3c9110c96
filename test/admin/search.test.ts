import assert from "node:assert/strict";
import { test } from "node:test";
import type { Answer, Json } from "../support/client.ts";
import { insert } from "../../src/db/query.ts";
import { uuidv7 } from "../../src/db/id.ts";
import { identities } from "../../src/identity/entities.ts";
import { onEachDatabase } from "../support/servers.ts";
import { reach } from "../support/rows.ts";
import type { TestServer } from "../support/server.ts";

const flagged = {
  credentials: { password: { identifier: true }, code: { identifier: true, via: "email" } },
  verification: { via: "email" },
  recovery: { via: "email" },
};
const schema = (traits: object) => ({
  type: "object",
  properties: { traits: { type: "object", properties: traits, additionalProperties: false } },
});
const base64 = (document: object) => `base64://${Buffer.from(JSON.stringify(document)).toString("base64")}`;

const config = {
  selfservice: { methods: { code: { enabled: true } } },
  identity: {
    default_schema_id: "member",
    schemas: [
      {
        id: "member",
        url: base64(
          schema({
            email: { type: "string", format: "email", "ory.sh/kratos": flagged },
            age: { type: "integer" },
            vip: { type: "boolean" },
            name: { type: "object", properties: { "first name": { type: "string" }, last: { type: "string" } } },
            roles: { type: "array", items: { type: "string" } },
          }),
        ),
      },
      { id: "machine", url: base64(schema({ email: { type: "string" }, serial: { type: "string" } })) },
    ],
  },
};

const password = "correct-horse-battery-9";
const organization = "0190f3a1-0000-7000-8000-00000000000a";

async function populate(server: TestServer): Promise<void> {
  const make = async (email: string, more: Json = {}) => {
    server.advance(3_600_000);
    const { traits, ...rest } = more;
    const { status, body } = await server.admin("POST", "/admin/identities", {
      json: { schema_id: "member", traits: { email, ...traits }, ...rest },
    });
    assert.equal(status, 201, JSON.stringify(body));
  };
  const secret = { credentials: { password: { config: { password } } } };
  await make("ada@example.org", { ...secret, traits: { age: 36, vip: true, roles: ["admin", "author"] } });
  await make("bob@example.org", { ...secret, state: "inactive", external_id: "crm-1", traits: { age: 12 } });
  await make("cyd@example.com", {
    organization_id: organization,
    external_id: "crm-2",
    traits: { name: { "first name": "Cyd_%", last: "O'Neil" }, roles: ["author"] },
    verifiable_addresses: [{ value: "cyd@example.com", verified: true, via: "email", status: "completed" }],
  });
  await make("robot@example.org", { schema_id: "machine", traits: { serial: "12" } });
}

const find = (server: TestServer, query: Record<string, string>): Promise<Answer> =>
  server.admin("GET", `/admin/identities?${new URLSearchParams(query)}`);

async function names(server: TestServer, filter: string, more: Record<string, string> = {}): Promise<string> {
  const { status, body } = await find(server, { filter, ...more });
  assert.equal(status, 200, `${filter}: ${JSON.stringify(body)}`);
  return body.map(({ traits }: Json) => traits.email.split("@")[0]).join(" ");
}

onEachDatabase(
  "people are found by what is known of them, in the order that is asked for",
  async (server, t) => {
    await populate(server);
    const expected: Record<string, string> = {
      "state = inactive": "bob",
      'state != "inactive"': "ada cyd robot",
      "schema_id = machine": "robot",
      [`organization_id = ${organization}`]: "cyd",
      "NOT organization_id:*": "ada bob robot",
      'external_id = "crm-1"': "bob",
      "external_id:*": "bob cyd",
      "verified = true": "cyd",
      "verified = false AND schema_id = member": "ada bob",
      "has_factor = password": "ada bob",
      "has_factor : totp": "",
      'identifier = "ADA@example.org"': "ada",
      "identifier : b*": "bob",
      'traits.email = "ada@example.org"': "ada",
      'traits.email = "robot@example.org"': "robot",
      "traits.email : ada*": "ada",
      "traits.email = r*": "robot",
      'traits.email = "robot@example.org" OR traits.email = "bob@example.org"': "bob robot",
      "traits.age = 36": "ada",
      'traits.age = "36"': "",
      "traits.age < 36": "bob",
      "traits.age >= 12 AND traits.age <= 36": "ada bob",
      "traits.vip = true": "ada",
      "traits.vip = false": "",
      "traits.vip:*": "ada",
      'traits.serial = "12"': "robot",
      "traits.serial = 12": "",
      "traits.roles : author": "ada cyd",
      "traits.roles : adm*": "ada",
      "traits.name : cyd": "",
      'traits.name."first name" = "Cyd_%"': "cyd",
      'traits.name."first name" : "Cyd_*"': "cyd",
      'traits.name."first name" : "Cyd%*"': "",
      "traits.name.last = 'O\\'Neil'": "cyd",
      // OR binds closer than AND.
      "state = active AND traits.age = 36 OR traits.age = 12": "ada",
      "(state = active AND traits.age = 36) OR traits.age = 12": "ada bob",
      "NOT (state = active AND (schema_id = member OR schema_id = machine))": "bob",
      'created_at > "2020-01-01"': "ada bob cyd robot",
      'created_at < "2020-01-01T00:00:00Z"': "",
      "last_sign_in_at:*": "",
    };
    for (const [filter, who] of Object.entries(expected)) assert.equal(await names(server, filter), who, filter);
    await t.test("orders", async () => {
      assert.equal(await names(server, "", { order_by: "created_at desc" }), "robot cyd bob ada");
      assert.equal(await names(server, "schema_id=member", { order_by: "id desc" }), "cyd bob ada");
      assert.equal(await names(server, "traits.age:*", { order_by: "updated_at" }), "ada bob");
    });
    await t.test("pages show everybody once, and a token is good for its own list alone", async () => {
      for (const [filter, order] of [
        ["", "created_at desc"],
        ["schema_id = member", "created_at"],
        ["NOT traits.vip = true", "last_sign_in_at desc"],
        ["state = active OR state = inactive", ""],
      ] as const) {
        const seen: string[] = [];
        let token = "";
        do {
          const { body, headers } = await find(server, { filter, order_by: order, page_size: "1", page_token: token });
          seen.push(...body.map(({ id }: Json) => id));
          const next = /<([^>]*)>; rel="next"/.exec(headers.get("link") ?? "")?.[1];
          token = next ? new URL(next, "http://x").searchParams.get("page_token")! : "";
          if (token) assert.equal((await find(server, { filter: "verified=true", page_token: token })).status, 400);
        } while (token);
        const { body: all } = await find(server, { filter, order_by: order });
        assert.deepEqual(
          seen,
          all.map(({ id }: Json) => id),
          `${filter} by ${order}`,
        );
      }
    });
    await t.test("who signs in is found by when, seconds later", async () => {
      server.advance(3_600_000);
      const since = server.now().toISOString().slice(0, 19);
      const { body: flow } = await server.native.get("/self-service/login/api");
      const { body } = await server.native.post(flow.ui.action, {
        method: "password",
        identifier: "ada@example.org",
        password,
      });
      assert.ok(body.session_token);
      const filter = `last_sign_in_at >= "${since}Z"`;
      for (let left = 100; (await names(server, filter)) !== "ada"; left--) {
        assert.ok(left > 0, "it is not known who has signed in");
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      assert.equal((await names(server, "", { order_by: "last_sign_in_at desc" })).split(" ")[0], "ada");
      const { body: plain } = await server.admin("GET", `/admin/identities/${body.session.identity.id}`);
      assert.equal(plain.last_sign_in_at, undefined);
      const { body: whole } = await server.admin("GET", `/admin/identities/${plain.id}?expand=lifecycle`);
      assert.ok(whole.last_sign_in_at >= since);
      const headers = { "x-session-token": body.session_token };
      const { body: own } = await server.native.get("/sessions/whoami", { headers });
      assert.equal(own.identity.last_sign_in_at, undefined);
    });
  },
  { config },
);

onEachDatabase("a search that no index helps goes on page by page, and finds everybody", async (server) => {
  const rows = Array.from({ length: 10_050 }, (_, n) => ({
    id: uuidv7(Date.now() - 20_000 + n),
    createdAt: new Date(n),
    updatedAt: new Date(n),
    schemaId: "person",
    traits: { email: `p${n}@example.org`, rank: n % 5000 === 4999 ? "rare" : "usual" },
  }));
  await server.app.db.transaction((db) => insert(reach(db), identities, rows as never));
  const first = await find(server, { filter: "traits.rank = rare", page_size: "100" });
  assert.equal(first.body.length, 2);
  const next = /<([^>]*)>; rel="next"/.exec(first.headers.get("link") ?? "")?.[1];
  assert.ok(next, "the page says that there may be more");
  const second = await server.admin("GET", next);
  assert.equal(second.body.length, 0);
  assert.doesNotMatch(second.headers.get("link") ?? "", /rel="next"/);
});

test("what a search cannot make sense of is told, and where", async (t) => {
  const { startAdmin } = await import("./people.ts");
  const { admin } = await startAdmin(t);
  const refused: Record<string, RegExp> = {
    "stat = active": /position 1: there is no field "stat"/,
    "state = asleep": /position 9: state is active or inactive/,
    "state active": /position 7: one of = !=/,
    "state = active and verified = true": /position 16: AND, OR or the end/,
    "state =": /position 8: a value is expected/,
    "(state = active": /position 16: "\)" is expected/,
    'traits.email = "x': /position 16: the quoted text has no end/,
    "traits = 1": /which trait/,
    "traits.age > old": /compares with a number/,
    "traits.a..b = 1": /empty step/,
    "created_at > yesterday": /a moment is written/,
    "created_at : 2026-01-01": /cannot be compared by :/,
    "has_factor = fingerprint": /has_factor is one of password/,
    "id = 7": /id is a UUID/,
    "verified > true": /cannot be compared by >/,
    "state = active;": /position 15: ";" has to be quoted/,
    [`${"(".repeat(17)}state = active${")".repeat(17)}`]: /nested deeper/,
    [`${"NOT ".repeat(17)}state = active`]: /nested deeper/,
    [Array(51).fill("state = active").join(" OR ")]: /more than 50 comparisons/,
    [`state = ${"x".repeat(2048)}`]: /longer than 2048/,
  };
  for (const [filter, why] of Object.entries(refused)) {
    const { status, body } = await admin("GET", `/identities?${new URLSearchParams({ filter })}`);
    assert.equal(status, 400, filter);
    assert.match(body.error.reason, why, filter);
  }
  for (const query of [
    "order_by=traits.email",
    "order_by=id%20up",
    "order_by=id&ids=00000000-0000-7000-8000-000000000000",
    "filter=state%3Dactive&page=1",
    "filter=state%3Dactive&include_credential=password",
    "filter=state%3Dactive&page_token=00000000-0000-7000-8000-000000000000",
    "expand=everything",
  ])
    assert.equal((await admin("GET", `/identities?${query}`)).status, 400, query);
});
