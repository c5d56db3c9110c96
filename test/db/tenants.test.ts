import assert from "node:assert/strict";
import { test } from "node:test";
import { mergeTrees } from "../support/config.ts";
import { embedded, liveThroughTokens } from "../support/relying-party.ts";
import { keyConfig, newAuthenticator, signUpWithPasskey } from "../support/keys.ts";
import { mailTo, codeIn } from "../support/mailbox.ts";
import { begin, password, signedIn, submit } from "../support/person.ts";
import { startReceiver } from "../support/receiver.ts";
import { briskly, liveThroughSubscription } from "../support/subscriber.ts";
import { onEachDatabase } from "../support/servers.ts";
import { tokenOf, tokensBy } from "../support/tokens.ts";
import type { TestServer } from "../support/server.ts";
import { reach } from "../support/rows.ts";
import { recordQueries } from "../support/query-log.ts";
import { exceptions, forgotten, ofTenants } from "../support/tenancy.ts";
import { readEvents } from "../../src/events/read.ts";
import { entities } from "../../src/orm.ts";

test("every table but the tenants' own, and that of the servers, belongs to a tenant", () => {
  assert.deepEqual(
    entities.map(({ tableName }) => tableName).filter((table) => !ofTenants.includes(table)),
    ["tenants", "tenant_hosts", "cache_leases"],
  );
});

test("the tenant is in the primary key of each of its tables, and the first of every other unique key", () => {
  for (const { meta } of entities.filter(({ tableName }) => ofTenants.includes(tableName))) {
    assert.deepEqual(Object.keys(meta.properties).slice(0, 2), ["id", "nid"], meta.className);
    for (const { properties } of meta.uniques) assert.equal([properties].flat()[0], "nid", meta.className);
  }
});

test("a statement that forgets whose rows are meant is found out", () => {
  const forgetful = [
    "select f.id from flows f where f.id = ?",
    'update "sessions" set "active" = ? where "id" = $1',
    "delete from codes where flow_id = ?",
    "insert into flow_errors (id, error) values (?, ?)",
    "select s.id from sessions s join identities i on i.id = s.identity_id where s.nid = ? and s.id = ?",
    "select i.id from identities i where i.nid = ? and i.id in (select a.identity_id from identity_addresses a where a.value = ?)",
  ];
  for (const sql of forgetful) assert.equal(forgotten(sql).length, 1, sql);
  assert.deepEqual(
    forgotten(
      "select s.id from sessions s join identities i on i.nid = s.nid and i.id = s.identity_id where s.nid = ? and s.id = ?",
    ),
    [],
  );
  for (const { why } of exceptions) assert.match(why, /\.$/);
});

const config = keyConfig({
  ...mergeTrees(tokensBy({ own: {} }), { session: { cache: { mode: "strict" } } }),
  courier: { smtp: { connection_uri: "smtp://127.0.0.1:1/?disable_starttls=true" } },
  database: { cleanup: { every: "100ms" } },
  selfservice: {
    methods: {
      code: { enabled: true, passwordless_enabled: true },
      link: { enabled: true },
      totp: { enabled: true },
      lookup_secret: { enabled: true },
      profile: { enabled: true },
    },
    flows: { recovery: { enabled: true }, verification: { enabled: true }, registration: { enabled: true } },
  },
});

/** Signs up with and without a key, changes the account, forgets the password and gets back in. */
async function liveThrough(server: TestServer): Promise<void> {
  const pat = await signedIn(server, "pat@example.org");
  await signUpWithPasskey(server.spa(), newAuthenticator(), "key@example.org");
  await submit(
    server,
    await begin(server, "registration", {}),
    { method: "password", password, "traits.email": "ann@example.org" },
    {},
  );
  await submit(
    server,
    await begin(server, "settings", pat.headers),
    { method: "password", password: `${password}-new` },
    pat.headers,
  );
  await submit(
    server,
    await begin(server, "settings", pat.headers),
    { method: "profile", traits: { email: "pam@example.org" } },
    pat.headers,
  );
  await submit(
    server,
    await begin(server, "settings", pat.headers),
    { method: "lookup_secret", lookup_secret_regenerate: true },
    pat.headers,
  );
  await submit(
    server,
    await begin(server, "login", {}),
    { method: "password", identifier: "pam@example.org", password: "wrong" },
    {},
  );
  const recovery = await begin(server, "recovery", {});
  await submit(server, recovery, { method: "code", email: "pam@example.org" }, {});
  await submit(
    server,
    recovery,
    { method: "code", code: codeIn(await mailTo(server, "pam@example.org", { type: "recovery_code_valid" })) },
    {},
  );
  await submit(server, await begin(server, "verification", {}), { method: "code", email: "pam@example.org" }, {});
  await tokenOf(server.native, "own", pat.headers);
  await server.native.get("/sessions", { headers: pat.headers });
  await server.native.get("/self-service/errors?id=0195f2a4-0000-7000-8000-000000000000");
}

/** Does what administrators do. */
async function administer(server: TestServer): Promise<void> {
  const { body: made } = await server.admin("POST", "/admin/identities", {
    json: { schema_id: "person", traits: { email: "ada@example.org" }, external_id: "crm-1" },
  });
  const at = `/admin/identities/${made.id}`;
  for (const query of [
    "",
    "?credentials_identifier=ada@example.org",
    "?preview_credentials_identifier_similar=ada",
    `?ids=${made.id}`,
    "?include_credential=password",
  ])
    assert.equal((await server.admin("GET", `/admin/identities${query}`)).status, 200, query);
  await server.admin("GET", `${at}?include_credential=password`);
  await server.admin("GET", "/admin/identities/by/external/crm-1");
  await server.admin("PATCH", at, { json: [{ op: "replace", path: "/state", value: "inactive" }] });
  await server.admin("PUT", at, {
    json: { schema_id: "person", state: "active", traits: { email: "ida@example.org" } },
  });
  await server.admin("POST", "/admin/recovery/code", { json: { identity_id: made.id } });
  for (const path of ["/admin/sessions", `${at}/sessions`, "/admin/courier/messages"])
    assert.equal((await server.admin("GET", path)).status, 200, path);
  const { body: messages } = await server.admin("GET", "/admin/courier/messages");
  await server.admin("GET", `/admin/courier/messages/${messages[0].id}`);
  const provider = {
    id: "acme",
    provider: "github",
    client_id: "us",
    client_secret: "a secret",
    mapper_url: "base64://e30=",
  };
  assert.equal((await server.admin("POST", "/admin/providers", { json: provider })).status, 201);
  for (const [method, json] of [
    ["GET", undefined],
    ["PUT", provider],
    ["DELETE", undefined],
  ] as const)
    assert.ok((await server.admin(method, "/admin/providers/acme", json ? { json } : {})).status < 300, method);
  await server.admin("GET", "/admin/statistics");
  const { status } = await server.admin("POST", "/admin/api-keys", {
    json: { name: "robot", scopes: ["identities.read"] },
  });
  assert.equal(status, 201);
  await server.admin("DELETE", `${at}/sessions`);
  await server.admin("DELETE", at);
}

onEachDatabase(
  "whatever is asked, nothing is read or written without its tenant",
  async (server, t) => {
    const texts = new Set<string>();
    const stop = recordQueries(server.app.db, (sql) => texts.add(sql));
    await liveThrough(server);
    await administer(server);
    await liveThroughTokens(server);
    await liveThroughSubscription(server, await startReceiver(t));
    await readEvents(reach(server.app.db), { after: 0, limit: 10 });
    stop();
    assert.deepEqual(
      [...texts].filter((sql) => forgotten(sql).length > 0),
      [],
    );
    const asked = ofTenants.filter((table) => [...texts].some((sql) => sql.includes(table)));
    assert.deepEqual(asked, ofTenants, "all tables were asked for");
    assert.ok(texts.size > 40, `${texts.size} statements`);
  },
  { config: { ...config, ...briskly, ...embedded() } },
);
