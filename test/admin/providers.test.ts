import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import type { Context } from "../../src/context.ts";
import { executedSql } from "../../src/db/executor.ts";
import { oidcProviders } from "../../src/provider/entities.ts";
import { configuredProviders } from "../../src/provider/find-provider.ts";
import { logUnreachable } from "../../src/provider/log-unreachable.ts";
import { defaultTenant } from "../../src/tenant.ts";
import { configOf } from "../support/config.ts";
import { until } from "../support/courier.ts";
import { collectingLog, silentLog, warningLog } from "../support/log.ts";
import { written } from "../support/mapper.ts";
import { rowsOf } from "../support/rows.ts";
import { startServer } from "../support/server.ts";
import type { TestServer } from "../support/server.ts";
import { onEachDatabase, onTwoServers } from "../support/servers.ts";
import { entryOf, socialConfig, withProvider } from "../support/social.ts";
import { makeTenant } from "../tenants/world.ts";

const mapper_url = written("local claims = std.extVar('claims'); { identity: { traits: { email: claims.email } } }");
const work = {
  ...{ id: "work", provider: "generic", client_id: "ostiary", client_secret: "of-the-work-provider" },
  ...{ issuer_url: "https://op.example", mapper_url },
};
const ofFile = { ...work, id: "google", provider: "google", issuer_url: undefined, client_secret: "of-the-file" };
const config = {
  selfservice: { methods: { oidc: { enabled: true, config: { providers: [ofFile, { ...ofFile, id: "github" }] } } } },
};

const parsed = configOf({ ...config, dsn: "memory" });

const findingsOf = async (server: TestServer, id: string, json: object = {}) => {
  const { status, body } = await server.admin("POST", `/admin/providers/${id}/test`, { json });
  assert.equal(status, 200, JSON.stringify(body));
  const faults = body.findings.filter(({ ok }: { ok: boolean }) => !ok);
  assert.equal(body.ok, faults.length === 0);
  return Object.fromEntries(faults.map(({ aspect, fault }: Record<string, string>) => [aspect, fault]));
};

/** The providers that a server offers, with the secrets by which it speaks to them. */
const offered = async (server: TestServer, tenant = defaultTenant): Promise<string[]> => {
  const ctx = { db: server.app.db, tenant, config: parsed, log: silentLog };
  const providers = await configuredProviders(ctx as unknown as Context);
  return providers.map(({ id, client_secret: secret }) => `${id} ${secret}`);
};

const beside = ["google of-the-file", "github of-the-file"];

onEachDatabase(
  "a provider is kept, shown without its secret, replaced, listed after those of the file, and removed",
  async (server) => {
    const { adminClient: admin, app } = server;
    const made = await admin.post("/admin/providers", work);
    assert.equal(made.status, 201, JSON.stringify(made.body));
    assert.equal(made.location, "http://admin.example.org/providers/work");
    assert.deepEqual(made.body.config, { ...work, client_secret: "***" });
    assert.equal(made.body.source, "database");
    assert.ok(made.body.created_at);
    assert.deepEqual((await admin.get("/admin/providers/work")).body, made.body);
    assert.deepEqual(await offered(server), [...beside, "work of-the-work-provider"]);

    const [row] = await rowsOf(app.db, oidcProviders);
    assert.doesNotMatch(JSON.stringify(row), /of-the-work-provider/, "the database does not know the secret");

    const changed = await server.admin("PUT", "/admin/providers/work", {
      json: { ...made.body.config, label: "Work", issuer_url: "https://other.example" },
    });
    assert.equal(changed.status, 200, JSON.stringify(changed.body));
    assert.deepEqual([changed.body.config.label, changed.body.config.client_secret], ["Work", "***"]);
    assert.deepEqual(await offered(server), [...beside, "work of-the-work-provider"], "the secret stays");

    const { body: all } = await admin.get("/admin/providers");
    assert.deepEqual(
      all.map(({ id, source }: { id: string; source: string }) => `${id} ${source}`),
      ["google file", "github file", "work database"],
    );
    assert.doesNotMatch(JSON.stringify(all), /of-the-/);

    assert.equal((await server.admin("DELETE", "/admin/providers/work")).status, 204);
    assert.equal((await server.admin("DELETE", "/admin/providers/work")).status, 404);
    assert.equal((await admin.get("/admin/providers/work")).status, 404);
    assert.deepEqual(await offered(server), beside);
  },
  { config },
);

onEachDatabase(
  "one that is kept by the id of one of the file takes its place until it is removed",
  async (server) => {
    const { adminClient: admin } = server;
    const refused = await server.admin("DELETE", "/admin/providers/google");
    assert.equal(refused.status, 400);
    assert.match(refused.body.error.reason, /is the configuration's/);
    assert.equal((await admin.post("/admin/providers", { ...work, id: "google" })).status, 201);
    assert.equal((await admin.post("/admin/providers", { ...work, id: "google" })).status, 409);
    assert.deepEqual(await offered(server), ["google of-the-work-provider", "github of-the-file"]);
    assert.equal((await server.admin("DELETE", "/admin/providers/google")).status, 204);
    assert.deepEqual(await offered(server), beside);
  },
  { config },
);

onEachDatabase(
  "what nobody could sign in by is refused with its reason, and nothing is kept of it",
  async (server) => {
    const reasonOf = async (provider: object) => {
      const { status, body } = await server.adminClient.post("/admin/providers", provider);
      assert.equal(status, 400, JSON.stringify(body));
      return String(body.error.reason);
    };
    assert.match(await reasonOf({ ...work, id: "a:b" }), /id: must be 1 to 64/);
    assert.match(await reasonOf({ ...work, client_secret: undefined }), /needs client_secret/);
    assert.match(await reasonOf({ ...work, client_secret: "***" }), /needs client_secret/);
    assert.match(await reasonOf({ ...work, provider: "geocities" }), /provider: must be one of/);
    assert.match(await reasonOf({ ...work, isuer_url: "https://op.example" }), /did you mean issuer_url/);
    assert.match(await reasonOf({ ...work, mapper_url: "file:///etc/passwd" }), /mapper_url: names a file/);
    assert.match(await reasonOf({ ...work, mapper_url: written("{ identity: ") }), /mapper_url: .*line 1/);
    assert.match(await reasonOf({ ...work, label: "x".repeat(70_000) }), /longer than 65536 characters/);
    assert.match(await reasonOf({ ...work, provider: "microsoft" }), /needs microsoft_tenant/);
    assert.equal((await server.adminClient.post("/admin/providers")).status, 400);
    assert.deepEqual(await offered(server), beside);
    const other = { ...work, id: "other" };
    assert.equal((await server.admin("PUT", "/admin/providers/other", { json: other })).status, 404);
    assert.equal((await server.adminClient.post("/admin/providers", work)).status, 201);
    const renamed = await server.admin("PUT", "/admin/providers/work", { json: other });
    assert.match(renamed.body.error.reason, /cannot be changed/);
  },
  { config },
);

onEachDatabase(
  "the providers of a tenant are nobody else's",
  async (server) => {
    const acme = await makeTenant(server, "acme");
    assert.equal((await acme.admin("POST", "/admin/providers", work)).status, 201);
    assert.equal((await server.adminClient.get("/admin/providers/work")).status, 404);
    assert.deepEqual(await offered(server), beside);
    assert.equal((await server.adminClient.post("/admin/providers", { ...work, label: "Another" })).status, 201);
    assert.equal((await acme.admin("GET", "/admin/providers/work")).body.config.label, undefined);
    assert.equal((await acme.admin("DELETE", "/admin/providers/work")).status, 204);
    assert.deepEqual(await offered(server), [...beside, "work of-the-work-provider"]);
  },
  { config },
);

onTwoServers(
  "a change is in effect on the other server within a second",
  async (one, other) => {
    assert.deepEqual(await offered(other), beside);
    assert.equal((await one.adminClient.post("/admin/providers", work)).status, 201);
    await until(async () => (await offered(other)).length === 3, 3000);
    const json = { ...work, client_secret: "a-newer-one" };
    assert.equal((await other.admin("PUT", "/admin/providers/work", { json })).status, 200);
    await until(async () => (await offered(one))[2] === "work a-newer-one", 3000);
    assert.equal((await one.admin("DELETE", "/admin/providers/work")).status, 204);
    await until(async () => (await offered(other)).length === 2, 3000);
  },
  { config },
);

onEachDatabase(
  "as long as nothing changes, what is kept is asked for once",
  async (server) => {
    const asked: string[] = [];
    const hear = (message: unknown) => asked.push((message as { sql: string }).sql);
    const asks = async () => {
      await offered(server);
      asked.length = 0;
      executedSql.subscribe(hear);
      for (let time = 0; time < 20; time++) await offered(server);
      executedSql.unsubscribe(hear);
      return asked.filter((sql) => sql.includes("oidc_providers"));
    };
    assert.deepEqual(await asks(), []);
    await server.adminClient.post("/admin/providers", work);
    assert.deepEqual(await asks(), []);
  },
  { config },
);

onEachDatabase(
  "many who make providers at once make no more than there may be, and none twice",
  async (server) => {
    const made = await Promise.all(
      Array.from({ length: 12 }, (_, at) =>
        server.adminClient.post("/admin/providers", { ...work, id: `work-${Math.floor(at / 2)}` }),
      ),
    );
    assert.deepEqual(made.map(({ status }) => status).toSorted(), [
      ...Array<number>(6).fill(201),
      ...Array<number>(6).fill(409),
    ]);
    assert.equal((await offered(server)).length, 8);
  },
  { config },
);

onEachDatabase(
  "a test says what is wrong with the settings, the keys and the mapper",
  async (server) => {
    const findings = (id: string, json: object) => findingsOf(server, id, json);
    assert.equal((await server.admin("POST", "/admin/providers/nobody/test", { json: {} })).status, 404);
    const amazon = { id: "amazon", provider: "amazon", client_id: "c", client_secret: "s", mapper_url };
    assert.match((await findings("amazon", { ...amazon, pkce: "auto" })).settings, /pkce: Amazon/);
    const both = await findings("amazon", { ...amazon, pkce: "auto", mapper_url: written("{") });
    assert.match(both.mapper, /line 1/);
    assert.match((await findings("amazon", { ...amazon, client_id: 7 })).settings, /client_id: must be a text/);
    const apple = { id: "apple", provider: "apple", client_id: "c", apple_team_id: "t", mapper_url };
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-384" });
    const pem = privateKey.export({ type: "pkcs8", format: "pem" });
    const keyed = { ...apple, apple_private_key_id: "k", apple_private_key: "MIGT…" };
    assert.match((await findings("apple", keyed)).keys, /cannot be read/);
    assert.match((await findings("apple", { ...keyed, apple_private_key: pem })).keys, /P-256/);
  },
  { config },
);

withProvider("a test says whether a provider answers, and whose keys it gives", async ({ server, openid }) => {
  assert.deepEqual(await findingsOf(server, "acme"), {});
  assert.equal((await server.adminClient.post("/admin/providers", entryOf(openid, { id: "work" }))).status, 201);
  assert.deepEqual(await findingsOf(server, "work"), {});
  const elsewhere = { ...entryOf(openid), issuer_url: `${openid.issuer}/elsewhere`, client_secret: "***" };
  assert.match((await findingsOf(server, "acme", elsewhere)).discovery, /could not be read/);
  openid.answer("with 503");
  assert.match((await findingsOf(server, "work")).discovery, /could not be read/);
  const { log, warnings } = warningLog();
  const told = configOf({ ...socialConfig([entryOf(openid)]), dsn: "memory" });
  await logUnreachable({ config: told, now: server.now }, log);
  openid.answer("as usual");
  await logUnreachable({ config: told, now: server.now }, log);
  assert.equal(warnings.length, 1);
  assert.match(warnings[0]!, /cannot be reached/);
});

onEachDatabase(
  "a provider whose settings let nobody in is told of at the start, with how to mend it",
  async (_server, t) => {
    const { log, events } = collectingLog();
    const amazon = { id: "amazon", provider: "amazon", client_id: "c", client_secret: "s", mapper_url };
    const apple = { ...amazon, id: "apple", provider: "apple", client_secret: undefined, apple_team_id: "t" };
    const broken = [
      { ...amazon, pkce: "auto" },
      { ...apple, apple_private_key_id: "k", apple_private_key: "MIGT" },
      { ...work, issuer_url: "https://op.example/.well-known/openid-configuration" },
      { ...amazon, id: "bridge", provider: "jackson" },
    ];
    await startServer(t, { log, config: socialConfig(broken) });
    assert.equal(events.length, 4);
    for (const expected of [
      /providers\[3\]\.issuer_url: .*jackson/,
      /providers\[0\]\.pkce: Amazon/,
      /providers\[1\]\.apple_private_key: /,
      /providers\[2\]\.issuer_url: /,
    ])
      assert.ok(
        events.some((event) => expected.test(event)),
        events.join("\n"),
      );
    assert.doesNotMatch(events.join(), /MIGT/);
  },
);
