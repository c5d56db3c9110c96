import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { cleanUp } from "../../src/cleanup/clean-up.ts";
import type { Context } from "../../src/context.ts";
import { firstId } from "../../src/db/pages.ts";
import { identityByAnyName } from "../../src/identity/address-statements.ts";
import { findCredentialsBehind } from "../../src/identity/repository.ts";
import { identitiesDue } from "../../src/identity/due-deletions.ts";
import { identitiesPageWithCredentials } from "../../src/identity/statements.ts";
import { nameOf } from "../../src/db/statement.ts";
import { forgetEvents } from "../../src/events/forget.ts";
import { readEvents } from "../../src/events/read.ts";
import { createMigrated, databases } from "../support/databases.ts";
import { fill } from "../support/filled.ts";
import { codeIn, mailTo } from "../support/mailbox.ts";
import { begin, password, signInNatively, submit } from "../support/person.ts";
import { openPost } from "../support/post.ts";
import { embedded, liveThroughTokens } from "../support/relying-party.ts";
import { recordQueries } from "../support/query-log.ts";
import { reach } from "../support/rows.ts";
import { openGauge } from "../support/rows-read.ts";
import type { Heard } from "../support/rows-read.ts";
import { startServer } from "../support/server.ts";
import type { TestServer } from "../support/server.ts";

const accounts = 3000;
/** A statement that touches a tenth of the rows grows with them: none asks for more than a few. */
const most = accounts / 10;

/** What goes through a whole table, and why it may. */
const exceptions: readonly { readonly text: RegExp; readonly why: string }[] = [
  {
    text: /from sessions where nid = .* limit 5000\) s$/,
    why: "Sessions are counted some thousands at a time, once a minute at most.",
  },
  { text: /^select count\(\*\) as total from identities i/, why: "Kratos' numbered pages say how many there are." },
  { text: /^select id from sessions where nid = .* limit/, why: "All sessions are meant, 5000 at a time." },
  {
    text: /^select e\.id from events e .* offset 9999$|substr\(e\.reason/,
    why: "Where no index leads to them, 10,000 events are looked at for a page at most.",
  },
  { text: /^select id from \w+ where nid = \S+ and id > /, why: "A tenant that goes is walked through once." },
];

const config = (post: object) => ({
  ...post,
  ...embedded(),
  session: {
    max_per_identity: 5,
    last_seen: { enabled: true },
    auto_extend: { enabled: true, min_interval: "1m" },
    impersonation: { enabled: true },
  },
  selfservice: {
    methods: { code: { enabled: true } },
    flows: {
      recovery: { enabled: true, ui_url: "http://app.example.org/recovery" },
      verification: { enabled: true, ui_url: "http://app.example.org/verification" },
      registration: { after: { password: { hooks: [{ hook: "session" }] } } },
    },
  },
});

for (const dialect of databases)
  test(`no statement goes through a table that grows (${dialect})`, async (t) => {
    const { dsn, drop } = await createMigrated(dialect);
    t.after(() => drop());
    const post = await openPost(t);
    const heard = new Map<string, Heard>();
    await t.test("all that the server does", async (within) => {
      const server = await startServer(within, { dsn, config: config(post.config) });
      await fill(server.app.db, accounts);
      const stop = recordQueries(server.app.db, (sql, params) => {
        if (!heard.has(sql)) heard.set(sql, { sql, params });
      });
      await signUpAndIn(server);
      await comeBack(server);
      await administer(server);
      await liveThroughTokens(server);
      await keepHouse(server);
      const gauge = await openGauge(server.app.db, dsn);
      const judged = [...heard.values()].filter(({ sql }) => !/^insert |^\s*insert /i.test(sql));
      stop();
      const found: string[] = [];
      try {
        for (const one of judged) {
          const text = one.sql.replaceAll(/["`]/g, "").replaceAll(/\s+/g, " ").trim();
          if (exceptions.some((exception) => exception.text.test(text))) continue;
          const { rows, plan } = await gauge.read(one);
          if (rows > most) found.push(`${rows} rows: ${text}\n${plan}`);
        }
      } finally {
        await gauge.close();
      }
      assert.deepEqual(found, []);
    });
    if (dialect === "postgresql") assertAllHeard([...heard.keys()]);
  });

const email = "ada@example.org";

async function signUpAndIn(server: TestServer): Promise<void> {
  const form = await begin(server, "registration", {});
  await submit(server, form, { method: "password", password, traits: { email } }, {});
  const headers = await signInNatively(server, email);
  for (let n = 0; n < 6; n++) await signInNatively(server, email);
  const mine = await signInNatively(server, email);
  await submit(
    server,
    await begin(server, "login", {}),
    { method: "password", identifier: email, password: "wrong" },
    {},
  );
  server.advance(120_000);
  for (const path of ["/sessions/whoami", "/sessions", "/sessions?page_size=2&page_token=x"])
    await server.native.get(path, { headers: mine });
  const { body: others } = await server.native.get("/sessions", { headers: mine });
  await server.native.delete(`/sessions/${others[0].id}`, { headers: mine });
  await server.native.delete("/sessions", { headers: mine });
  const { body: rotated } = await server.native.send("PUT", "/sessions/token", { headers: mine });
  const now = { "x-session-token": rotated.session_token };
  const settings = () => begin(server, "settings", now);
  await submit(server, await settings(), { method: "profile", traits: { email, age: 20 } }, now);
  await submit(server, await settings(), { method: "password", password: `${password}!` }, now);
  await submit(server, await settings(), { method: "password", password }, now);
  await server.native.delete("/self-service/logout/api", { json: { session_token: rotated.session_token } });
  await server.native.get("/sessions/whoami", { headers });
  await server.native.get("/self-service/errors?id=00000000-0000-7000-8000-000000000000");
}

async function comeBack(server: TestServer): Promise<void> {
  for (const kind of ["recovery", "verification"] as const) {
    const flow = await begin(server, kind, {});
    await submit(server, flow, { method: "code", email: "nobody@example.org" }, {});
    await submit(server, flow, { method: "code", email }, {});
    const code = codeIn(await mailTo(server, email, { type: `${kind}_code_valid` }));
    await submit(server, flow, { method: "code", code: "000000" }, {});
    await submit(server, flow, { method: "code", code }, {});
  }
}

async function administer(server: TestServer): Promise<void> {
  const ask = async (method: string, path: string, json?: object) => {
    const { status, body } = await server.admin(method, `/admin${path}`, json === undefined ? {} : { json });
    assert.ok(status < 300, `${method} ${path}: ${status} ${JSON.stringify(body)}`);
    return body;
  };
  const { id } = await ask("POST", "/identities", {
    schema_id: "person",
    traits: { email: "eve@example.org" },
    external_id: "eve",
    credentials: { password: { config: { password } } },
  });
  const imported = { schema_id: "person", traits: { email: "imported@example.org" }, external_id: "imported" };
  for (let times = 0; times < 2; times++) await ask("POST", "/identities/import?import_id=some", imported);
  const after = "page_size=5&page_token=00000000-0000-7000-8000-000000000000";
  for (const filter of [
    after,
    `${after}&include_credential=password`,
    "per_page=5&page=1",
    `ids=${id}`,
    "credentials_identifier=eve@example.org",
    "preview_credentials_identifier_similar=eve",
    "organization_id=00000000-0000-7000-8000-000000000000",
    ...searches(id).map((search) => new URLSearchParams({ page_size: "5", ...search }).toString()),
  ])
    await ask("GET", `/identities?${filter}`);
  for (const order of ["created_at", "last_sign_in_at desc"]) {
    const { headers } = await server.admin("GET", `/admin/identities?page_size=5&order_by=${order}`);
    const [, next] = /<([^>]*)>; rel="next"/.exec(headers.get("link") ?? "")!;
    await ask("GET", next!.replace("/admin", ""));
  }
  await ask("GET", `/identities/${id}?include_credential=password`);
  await ask("GET", "/identities/by/external/eve");
  await ask("GET", `/identities/${id}/export`);
  await ask("PATCH", `/identities/${id}`, [{ op: "replace", path: "/traits/email", value: "eva@example.org" }]);
  await ask("PUT", `/identities/${id}`, {
    schema_id: "person",
    traits: { email: "eve@example.org" },
    state: "inactive",
  });
  await ask("PUT", `/identities/${id}`, { schema_id: "person", traits: { email: "eve@example.org" }, state: "active" });
  await ask("POST", "/recovery/code", { identity_id: id });
  await ask("POST", "/recovery/link", { identity_id: id });
  const [one, two] = [await signInNatively(server, "eve@example.org"), await signInNatively(server, "eve@example.org")];
  for (const active of ["", "&active=true"])
    for (const order of ["", "&order_by=last_seen"]) await ask("GET", `/sessions?page_size=5${active}${order}`);
  for (const active of ["", "?active=true", "?active=false"]) await ask("GET", `/identities/${id}/sessions${active}`);
  const { body: first } = await server.native.get("/sessions/whoami", { headers: one });
  const { body: second } = await server.native.get("/sessions/whoami", { headers: two });
  await ask("GET", `/sessions/${first.id}?expand=identity`);
  await ask("PATCH", `/sessions/${first.id}/extend`);
  await ask("DELETE", `/sessions/${first.id}`);
  await ask("POST", "/sessions", { action: "disable", sessions: [second.id] });
  await ask("POST", "/sessions", { action: "delete", identities: [id] });
  await ask("GET", "/courier/messages?page_size=5");
  await ask("GET", "/statistics");
  for (const search of [`subject_id=${id}`, `actor_id=${id}`, `session_id=${id}`, "types=LoginFailed", "reason=admin."])
    for (const order of ["", "&ascending=true"]) await ask("GET", `/events?page_size=5&${search}${order}`);
  const [{ id: happened }] = await ask("GET", "/events?page_size=5&until=2999-01-01T00:00:00Z");
  await ask("GET", `/events/${happened}`);
  const [mail] = await ask("GET", `/courier/messages?page_size=5&recipient=${email}`);
  await ask("GET", `/courier/messages/${mail.id}`);
  const { invitation } = await ask("POST", "/invitations", { recipient: { address: "guest@example.org" } });
  for (const filter of ["", "&state=pending", "&state=expired", "&state=accepted", "&recipient=guest@example.org"])
    await ask("GET", `/invitations?page_size=5${filter}`);
  await ask("GET", `/invitations/${invitation.id}`);
  await ask("POST", `/invitations/${invitation.id}/resend`);
  await ask("POST", `/invitations/${invitation.id}/revoke`);
  const { token } = await ask("POST", "/invitations", { recipient: { address: "friend@example.org" }, send: false });
  const form = await begin(server, "registration", {}, `?invitation=${token}`);
  assert.equal((await submit(server, form, { method: "password", password, traits: {} }, {})).status, 200);
  await ask("DELETE", `/identities/${id}/credentials/password`).catch(() => undefined);
  await ask("DELETE", `/identities/${id}`);
}

/** Searches that an index helps. Others look at so many accounts for a page, whatever there are. */
function searches(id: string): Record<string, string>[] {
  return [
    { order_by: "created_at" },
    { order_by: "updated_at desc" },
    { order_by: "last_sign_in_at desc" },
    { order_by: "id desc" },
    { filter: 'created_at > "2999-01-01"' },
    { filter: 'created_at > "2999-01-01"', order_by: "created_at desc" },
    { filter: 'last_sign_in_at > "2999-01-01"', order_by: "created_at" },
    ...["state = inactive", "schema_id = other", `id = ${id}`, "external_id = eve", "has_factor = totp"].map(
      (filter) => ({
        filter,
        order_by: "created_at desc",
      }),
    ),
    { filter: "organization_id = 00000000-0000-7000-8000-000000000000" },
    { filter: 'identifier = "eve@example.org" AND state = active' },
    { filter: 'traits.email = "eve@example.org"' },
    { filter: "traits.email : ev*", order_by: "created_at" },
    { filter: 'traits.email = "eve@example.org" OR external_id = "eve"', order_by: "last_sign_in_at desc" },
  ];
}

async function keepHouse(server: TestServer): Promise<void> {
  const { db } = server.app;
  await readEvents(reach(db), { after: accounts, limit: 50 });
  for (const name of [email, "nobody@example.org"]) {
    await identityByAnyName(reach(db), name);
    await findCredentialsBehind(reach(db) as Context, name);
  }
  await identitiesPageWithCredentials(reach(db), { after: firstId, limit: 5 });
  await identitiesDue(db, server.now());
  const keepMs = 365 * 86_400_000;
  const keep = { keepMs, keepMessagesMs: keepMs, keepDeliveriesMs: keepMs, keepEventsMs: keepMs };
  await cleanUp(db, { batchSize: 10, tablePauseMs: 0, ...keep });
  await forgetEvents(reach(db), 1, 10);
  const { body: tenant } = await server.adminClient.post("/admin/tenants", { slug: "acme", hosts: ["acme.example"] });
  await server.native.get("/self-service/login/api", { headers: { host: "acme.example" } });
  await server.adminClient.get("/admin/tenants?page_size=5");
  await server.adminClient.delete(`/admin/tenants/${tenant.id}`);
  const { id } = await server.createPerson({ email: "viewer@example.org", password: "correct-horse-battery-9" });
  await standIn(server, id);
  assert.equal((await server.admin("PUT", `/admin/administrators/${id}`, { json: { role: "viewer" } })).status, 200);
  assert.equal((await server.adminClient.delete(`/admin/identities/${id}`)).status, 204);
}

/** Signs support in as somebody, once to be signed out, once to lose the session by a role. */
async function standIn(server: TestServer, id: string): Promise<void> {
  const { body: key } = await server.adminClient.post("/admin/api-keys", { name: "support", scopes: ["*"] });
  const headers = { authorization: `Bearer ${key.secret}` };
  for (const end of ["at once", "later"]) {
    const asked = { json: { reason: "Ticket" }, headers };
    const { body } = await server.admin("POST", `/admin/identities/${id}/impersonation`, asked);
    const browser = server.spa();
    assert.equal((await browser.get(body.impersonation_link)).status, 200, JSON.stringify(body));
    const { body: session } = await browser.get("/sessions/whoami");
    if (end === "at once") await server.adminClient.delete(`/admin/sessions/${session.id}`);
  }
}

/** What no step leads to, and why nothing has to. */
const unheard: readonly { readonly name: RegExp; readonly why: string }[] = [
  { name: /^session_ends$/, why: "An example in a comment." },
  { name: /^(insert|delete)_probe$/, why: "One row, by its key." },
  { name: /^(cleanup_delete|purge)_/, why: "Rows by their keys, which were just found." },
  { name: /^sessions_to_(disable|delete)$/, why: "All sessions are meant, 5000 at a time." },
  { name: /^(budget|throttle_none)/, why: "A few throttles, by their keys." },
  { name: /^(spend_challenge|claim_test_login|flow_take_back_try)$/, why: "One flow, by its key." },
  { name: /^schema_migrations$/, why: "One row for each migration, read now and then by the clock." },
  { name: /^add_hourly_count$/, why: "One row, by its key, within a second." },
  { name: /^server_facts$/, why: "No table is read." },
  { name: /_cache_leases?$/, why: "One row for each server." },
  { name: /tenant|^count_provider_change$/, why: "Tables that grow with tenants." },
  { name: /^(claim|make|write)_gauge$/, why: "One row, by its key." },
  { name: /^phone_/, why: "A command that an operator runs once walks through all of them." },
  {
    name: /subscription/,
    why: "Few subscribe, and what they wait for is found by its line: `test/subscriptions/` goes there.",
  },
  {
    name: /^(grown|look_at)_/,
    why: "Asks the catalogue which tables an import has made grow, and has PostgreSQL look at a sample of them.",
  },
  { name: /^courier_attempts$/, why: "The attempts of one message, found as an administrator is shown them." },
];

/** Whoever writes a statement adds a step that leads to it. PostgreSQL alone knows statements by their names. */
function assertAllHeard(sql: readonly string[]): void {
  const names = new Set(sql.map(nameOf));
  const root = resolve(import.meta.dirname, "../../src");
  const written = readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .flatMap((file) => [...readFileSync(join(root, file), "utf8").matchAll(/\bstatement\(\s*(?:"(\w+)"|`([^`]+)`)/g)])
    .map(([, plain, template]) => plain ?? template!.replaceAll(/\$\{[^}]*\}/g, "\\w+"));
  const missing = written.filter(
    (name) =>
      !unheard.some((one) => one.name.test(name)) &&
      ![...names].some((one) => one !== undefined && new RegExp(`^${name}$`).test(one)),
  );
  assert.deepEqual(missing, []);
}
