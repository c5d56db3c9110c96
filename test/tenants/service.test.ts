import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { SessionService } from "#gen/ostiary/public/v1/session_service_pb.js";
import { TenantService } from "#gen/ostiary/admin/v1/tenant_service_pb.js";
import { IdentityService } from "#gen/ostiary/admin/v1/identity_service_pb.js";
import { ErrorReason, OstiaryError } from "../../sdk/index.js";
import type { Config } from "../../src/config/config.ts";
import { fixedConfig } from "../../src/config/watch.ts";
import type { Connection } from "../../src/db/connection.ts";
import { find } from "../../src/db/query.ts";
import { tableOf } from "../../src/db/table.ts";
import type { Table } from "../../src/db/table.ts";
import { entities } from "../../src/orm.ts";
import { noteWritten, writtenTree } from "../../src/config/written.ts";
import { hourlyCounts } from "../../src/statistics/entities.ts";
import { writeCounts } from "../../src/statistics/tally.ts";
import { collectingLog } from "../support/log.ts";
import { written } from "../support/mapper.ts";
import { onEachDatabase, onTwoServers } from "../support/servers.ts";
import { startServer } from "../support/server.ts";
import { until } from "../support/courier.ts";
import { ofTenants } from "../support/tenancy.ts";
import { makePerson, makeTenant, signIn, worldOf } from "./world.ts";
import type { TenantWorld } from "./world.ts";

const password = "correct-horse-battery-1";

onEachDatabase("a tenant is made, shown, changed and listed, and its secrets are shown to nobody", async (server) => {
  const config = { session: { lifespan: "1h" }, secrets: { cookie: ["a-secret-of-acme-alone"] } };
  const made = await server.adminClient.post("/admin/tenants", { slug: "acme", hosts: ["Login.Acme.Example"], config });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  const { id } = made.body;
  assert.equal(made.location, `http://admin.example.org/tenants/${id}`);
  assert.deepEqual([made.body.state, made.body.hosts], ["active", ["login.acme.example"]]);
  assert.deepEqual(made.body.config, { session: { lifespan: "1h" }, secrets: { cookie: ["***"] } });
  assert.deepEqual((await server.adminClient.get("/admin/tenants/acme")).body, made.body, "by its slug as by its id");

  const changed = await server.admin("PATCH", `/admin/tenants/${id}`, {
    json: { slug: "acme-2", config: { ...made.body.config, session: { lifespan: "2h" } } },
  });
  assert.equal(changed.status, 200, JSON.stringify(changed.body));
  assert.deepEqual(
    [changed.body.slug, changed.body.hosts, changed.body.config.session],
    ["acme-2", ["login.acme.example"], { lifespan: "2h" }],
  );
  const { body: all } = await server.adminClient.get("/admin/tenants");
  assert.deepEqual(all.map(({ slug }: { slug: string }) => slug).toSorted(), ["acme-2", "default"]);
});

onEachDatabase("a secret that is sent back as it was shown stays what it was", async (server) => {
  const acme = await makeTenant(server, "acme", { secrets: { cookie: ["a-secret-of-acme-alone"] } });
  await makePerson(acme, "pat@example.org", password);
  const { session_token: token } = await signIn(acme, "pat@example.org", password);
  const { body } = await server.adminClient.get(`/admin/tenants/${acme.id}`);
  assert.equal(
    (await server.admin("PATCH", `/admin/tenants/${acme.id}`, { json: { config: body.config } })).status,
    200,
  );
  assert.equal((await acme.get("/sessions/whoami", { headers: { "x-session-token": token } })).status, 200);
  assert.ok(await signIn(acme, "pat@example.org", password));
});

onEachDatabase("no two tenants share a slug or a host", async (server) => {
  await makeTenant(server, "acme");
  const create = (json: object) => server.adminClient.post("/admin/tenants", json);
  assert.equal((await create({ slug: "acme", hosts: [] })).status, 409);
  assert.equal((await create({ slug: "globex", hosts: ["acme.example"] })).status, 409);
  assert.equal(
    (await server.adminClient.get("/admin/tenants/globex")).status,
    404,
    "nothing is left of what was refused",
  );
  assert.equal((await create({ slug: "default", hosts: [] })).status, 409);
});

onEachDatabase("what cannot be served is refused with its reason", async (server) => {
  const reasonOf = async (json: object) => {
    const { status, body } = await server.adminClient.post("/admin/tenants", json);
    assert.equal(status, 400, JSON.stringify(body));
    return body.error.reason as string;
  };
  assert.match(await reasonOf({ slug: "Acme Inc" }), /A slug has 1 to 63/);
  assert.match(await reasonOf({ slug: "acme", hosts: ["https://acme.example/"] }), /is not the name of a host/);
  assert.match(await reasonOf({ slug: "acme", config: { dsn: "memory" } }), /dsn: is the server's/);
  assert.match(await reasonOf({ slug: "acme", config: { session: { lifespan: "soon" } } }), /session\.lifespan/);
  const broken = {
    default_schema_id: "x",
    schemas: [{ id: "x", url: `base64://${Buffer.from("{").toString("base64")}` }],
  };
  assert.match(await reasonOf({ slug: "acme", config: { identity: broken } }), /is no JSON/);
});

onEachDatabase("an unknown tenant is not found, whatever else is wrong with the call", async (server) => {
  const named = { headers: { "x-tenant": "nobody" } };
  for (const path of ["/admin/identities", "/admin/identities/not-an-id", "/admin/sessions"])
    assert.equal((await server.admin("GET", path, named)).status, 404, path);
  assert.equal((await server.admin("POST", "/admin/identities", { ...named, raw: "{" })).status, 404);
  const admin = createClient(IdentityService, createGrpcTransport({ baseUrl: server.adminUrl }));
  const error = await admin.listIdentities({}, named).then(() => assert.fail(), OstiaryError.from);
  assert.equal(error.reason, ErrorReason.NOT_FOUND);
});

onEachDatabase("gRPC names a tenant in its metadata, and calls it by its authority", async (server) => {
  const acme = await makeTenant(server, "acme");
  await makePerson(acme, "pat@example.org", password);
  const { session_token: token } = await signIn(acme, "pat@example.org", password);
  const admin = createClient(IdentityService, createGrpcTransport({ baseUrl: server.adminUrl }));
  assert.equal((await admin.listIdentities({}, { headers: { "x-tenant": "acme" } })).identities.length, 1);
  assert.equal((await admin.listIdentities({})).identities.length, 0);
  const sessions = createClient(SessionService, createGrpcTransport({ baseUrl: server.publicUrl }));
  const headers = { "x-session-token": token, "x-forwarded-host": acme.host };
  assert.equal((await sessions.toSession({}, { headers })).session?.active, true);
  await assert.rejects(sessions.toSession({}, { headers: { "x-session-token": token } }));
});

onEachDatabase("an inactive tenant serves nobody, and is there as it was when it is active again", async (server) => {
  const acme = await makeTenant(server, "acme");
  await makePerson(acme, "pat@example.org", password);
  const { session_token: token } = await signIn(acme, "pat@example.org", password);
  const whoami = () => acme.get("/sessions/whoami", { headers: { "x-session-token": token } });
  await server.admin("PATCH", `/admin/tenants/${acme.id}`, { json: { state: "inactive" } });
  assert.equal((await whoami()).status, 404);
  assert.equal((await acme.admin("GET", "/admin/identities")).body.length, 1, "its administrators see it");
  await server.admin("PATCH", `/admin/tenants/${acme.id}`, { json: { state: "active" } });
  assert.equal((await whoami()).status, 200);
});

onEachDatabase("a tenant is deleted in two steps, with all that belongs to it and nothing else", async (server) => {
  const [acme, globex] = [await makeTenant(server, "acme"), await makeTenant(server, "globex")];
  for (const tenant of [acme, globex]) await makePerson(tenant, "pat@example.org", password);
  await signIn(acme, "pat@example.org", password);
  const remove = () => server.adminClient.delete(`/admin/tenants/${acme.id}`);
  assert.equal((await remove()).status, 400, "while it is active");
  await server.admin("PATCH", `/admin/tenants/${acme.id}`, { json: { state: "inactive" } });
  assert.equal((await remove()).status, 204);
  assert.equal((await server.adminClient.get(`/admin/tenants/${acme.id}`)).status, 404);
  assert.equal((await acme.admin("GET", "/admin/identities")).status, 404);
  const tables = entities.map((entity): Table => tableOf(entity)).filter(({ name }) => ofTenants.includes(name));
  const left = ({ id }: TenantWorld) =>
    Promise.all(tables.map((table) => find({ db: server.app.db, tenant: { id } }, table, (query) => query)));
  assert.deepEqual((await left(acme)).flat(), [], "no row of any table");
  assert.ok((await left(globex)).flat().length > 3);
  assert.ok(await signIn(globex, "pat@example.org", password));
  const again = await makeTenant(server, "acme");
  assert.deepEqual(
    (await again.admin("GET", "/admin/identities")).body,
    [],
    "its slug and host are free, and nobody is there",
  );
});

onEachDatabase("what is counted of a tenant while it is deleted is not left behind", async (server) => {
  const acme = await makeTenant(server, "acme");
  const { db } = server.app;
  const reach = { db, tenant: { id: acme.id } };
  const countsLeft = () => find(reach, hourlyCounts, (query) => query);
  const add = (connection: Connection) =>
    writeCounts({ ...reach, db: connection }, new Map([["480000/login/password", 2]]));
  await add(db);
  await add(db);
  assert.deepEqual(
    (await countsLeft()).map(({ count }) => Number(count)),
    [4],
  );
  await server.admin("PATCH", `/admin/tenants/${acme.id}`, { json: { state: "inactive" } });
  const told: string[] = [];
  let removal: Promise<unknown> | undefined;
  await db.transaction(async (tx) => {
    await add(tx);
    removal = server.adminClient.delete(`/admin/tenants/${acme.id}`).then(({ status }) => told.push(`${status}`));
    await pause(200);
    told.push("counted");
  });
  await removal;
  assert.deepEqual(told, ["counted", "204"], "the deletion waits for what is under way");
  await add(db);
  assert.deepEqual(await countsLeft(), [], "nothing comes after it");
});

test("programs and keys that a tenant's own settings name are read when they are written, and refused by the setting", async (t) => {
  const broken = { api: { claims_mapper_url: written("{ claims: {") } };
  const server = await startServer(t, {
    config: { session: { whoami: { tokenizer: { templates: broken } } } },
    log: collectingLog().log,
  });
  const refusal = async (config: object) => {
    const answer = await server.adminClient.post("/admin/tenants", { slug: `t-${randomUUID()}`, config });
    return answer.status === 201 ? undefined : `${answer.status} ${answer.body.error.reason}`;
  };
  const templates = (named: object) => ({ session: { whoami: { tokenizer: { templates: named } } } });
  const provider = (mapper: object) => ({
    selfservice: {
      methods: {
        oidc: {
          enabled: true,
          config: {
            providers: [{ id: "acme", provider: "google", client_id: "c", client_secret: "s", ...mapper }],
          },
        },
      },
    },
  });
  const cel = { claims_mapper_language: "cel" };
  const cases: readonly (readonly [object, RegExp])[] = [
    [templates(broken), /400 .*templates\.api\.claims_mapper_url: The mapper cannot be read at line 1, column 12/],
    [
      templates({ own: { ...cel, claims_mapper_url: written('{"claims":\n person}') } }),
      /templates\.own\.claims_mapper_url: The mapper cannot be read at line 2, column 2: .*person/,
    ],
    [templates({ api: cel }), /templates\.api\.claims_mapper_url: The mapper cannot be read/],
    [templates({ own: { jwks_url: written('{"keys": []}') } }), /templates\.own\.jwks_url: /],
    [provider({ mapper_url: written("{ identity: {") }), /providers\[0\]\.mapper_url: .*line 1, column 14/],
    [
      provider({ mapper_url: written('{"identity": person}'), mapper_language: "cel" }),
      /providers\[0\]\.mapper_url: .*line 1, column 14: .*person/,
    ],
  ];
  for (const [config, sentence] of cases) assert.match((await refusal(config)) ?? "accepted", sentence);
  const good = { own: { ...cel, claims_mapper_url: written('{"claims": {"aud": "acme"}}') } };
  assert.equal(await refusal(templates(good)), undefined, "what the file's own template is keeps no tenant out");

  const { body: made } = await server.adminClient.post("/admin/tenants", { slug: "acme", config: templates(good) });
  const changed = await server.admin("PATCH", `/admin/tenants/${made.id}`, { json: { config: templates(broken) } });
  assert.match(changed.body.error.reason, /templates\.api\.claims_mapper_url/);
});

test("the default tenant is neither changed nor deleted", async (t) => {
  const server = await startServer(t);
  assert.equal((await server.admin("PATCH", "/admin/tenants/default", { json: { state: "inactive" } })).status, 400);
  assert.equal((await server.adminClient.delete("/admin/tenants/default")).status, 400);
});

test("tenants are listed page by page", async (t) => {
  const server = await startServer(t);
  for (const slug of ["a", "b", "c", "d"]) await makeTenant(server, slug);
  const client = createClient(TenantService, createGrpcTransport({ baseUrl: server.adminUrl }));
  const slugs: string[] = [];
  for (let pageToken = "", more = true; more; more = pageToken !== "") {
    const page = await client.listTenants({ pageSize: 2, pageToken });
    assert.ok(page.tenants.length <= 2);
    slugs.push(...page.tenants.map(({ slug }) => slug));
    pageToken = page.nextPageToken;
  }
  assert.deepEqual(slugs, ["a", "b", "c", "d", "default"]);
});

onTwoServers(
  "what one server changes of a tenant takes effect on every other",
  async (one, other) => {
    const acme = await makeTenant(one, "acme");
    const elsewhere = worldOf(other, acme.id, acme.host);
    await until(async () =>
      (await elsewhere.get("/self-service/login/api")).body.ui.action.startsWith("http://acme.example/"),
    );
    await one.admin("PATCH", `/admin/tenants/${acme.id}`, {
      json: { config: { serve: { public: { base_url: "https://login.acme.example/" } } } },
    });
    await until(async () =>
      (await elsewhere.get("/self-service/login/api")).body.ui.action.startsWith("https://login.acme.example/"),
    );
    await one.admin("PATCH", `/admin/tenants/${acme.id}`, { json: { state: "inactive" } });
    await until(async () => (await elsewhere.get("/self-service/login/api")).status === 404);
  },
  {},
);

test("tenants outlast a restart in development, where nobody has configured a secret", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "ostiary-tenants-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  /** Each start makes up a secret of its own. */
  const store = (config: Config) =>
    fixedConfig(
      noteWritten({ ...config, secrets: { ...config.secrets, cookie: [randomUUID()] } }, writtenTree(config)),
    );
  const options = { dsn: `sqlite://${folder}/people.sqlite`, config: { secrets: { cookie: [], cipher: [] } }, store };
  const before = await startServer(t, options);
  const { id, host } = await makeTenant(before, "acme", { session: { lifespan: "1h" } });
  await before.app.close();
  const after = worldOf(await startServer(t, options), id, host);
  assert.equal((await after.get("/self-service/login/api")).status, 200);
});
