import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import type { DoctorFinding } from "../../src/doctor/finding.ts";
import { courierMessages } from "../../src/courier/entities.ts";
import { insert } from "../../src/db/query.ts";
import type { Json } from "../support/client.ts";
import { runIn } from "../support/command-line.ts";
import { mergeTrees, wholeTree } from "../support/config.ts";
import type { ConfigTree } from "../support/config.ts";
import { createMigrated, createScratch, databases } from "../support/databases.ts";
import { freePort } from "../support/free-port.ts";
import { startMailServer } from "../support/mail-server.ts";
import { startMessageService } from "../support/message-service.ts";
import { startOpenidProvider } from "../support/openid-provider.ts";
import { reach } from "../support/rows.ts";
import { startServer } from "../support/server.ts";
import { written } from "../support/mapper.ts";

/** Has the doctor look at a configuration, and answers with what is found of an aspect. */
async function consult(t: TestContext, config: ConfigTree, ...flags: string[]) {
  const folder = mkdtempSync(join(tmpdir(), "ostiary-doctor-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "kratos.yml");
  const whole = mergeTrees(wholeTree({ dsn: `sqlite://${join(folder, "none.sqlite")}` }), config);
  writeFileSync(file, JSON.stringify(whole));
  const ran = await runIn({ UV_THREADPOOL_SIZE: "64" }, "doctor", "-c", file, "--format", "json", ...flags);
  assert.equal(ran.err, "");
  const findings = JSON.parse(ran.out) as DoctorFinding[];
  return { code: ran.code, findings, about: (aspect: string) => findings.filter((one) => one.aspect === aspect) };
}

const reasons = (findings: readonly DoctorFinding[]) =>
  findings.map(({ severity, reason }) => `${severity} ${reason}`).join("\n");

for (const dialect of databases)
  test(`a database that answers, one that lacks migrations, and one that is not there (${dialect})`, async (t) => {
    const scratch = await createMigrated(dialect);
    t.after(() => scratch.drop());
    const good = await consult(t, { dsn: scratch.dsn });
    assert.match(reasons(good.about("database")), /ok \w+ \S+.* answers.*\nok All migrations have run/);
    const bare = await createScratch(dialect);
    t.after(() => bare.drop());
    // SQLite's file is made by the first who opens it.
    if (dialect === "sqlite") return;
    assert.match(reasons((await consult(t, { dsn: bare.dsn })).about("database")), /^error Migrations have yet to run/);
    assert.match(reasons(good.about("clock")), /^ok/);
    const gone = await consult(t, { dsn: scratch.dsn.replace(/:(5432|3306)/, `:${await freePort()}`) });
    assert.equal(gone.code, 1);
    assert.match(reasons(gone.about("database")), /^error The database cannot be used/);
  });

test("a database that does not exist yet is not made by looking", async (t) => {
  const first = await consult(t, {});
  assert.match(reasons(first.about("database")), /^note .* does not exist yet/);
  assert.match(
    reasons((await consult(t, { dsn: "sqlite:///nowhere/at/all.sqlite" })).about("database")),
    /does not exist|cannot be used/,
  );
});

test("mail servers: one that lets in, one that refuses the password, one that is not there", async (t) => {
  const open = await startMailServer(t);
  const strict = await startMailServer(t, {
    authOptional: false,
    onAuth: (_auth, _session, done) => done(new Error("wrong password")),
  });
  const smtp = (uri: string) => ({ courier: { smtp: { connection_uri: uri, from_address: "a@example.org" } } });
  const via = async (uri: string) => reasons((await consult(t, smtp(uri))).about("courier"));
  assert.match(
    await via(`smtp://127.0.0.1:${open.port}/?disable_starttls=true`),
    /ok The mail server 127\.0\.0\.1 takes mail/,
  );
  assert.match(
    await via(`smtp://ada:x@127.0.0.1:${strict.port}/?disable_starttls=true`),
    /^error The mail server 127\.0\.0\.1 cannot be used/,
  );
  assert.match(await via(`smtp://127.0.0.1:${await freePort()}/?disable_starttls=true`), /^error .*ECONNREFUSED/);
  assert.equal(open.count(), 0);
});

test("hooks, channels and pages that answer, or do not; nothing is told to them", async (t) => {
  const service = await startMessageService(t);
  const dead = `http://127.0.0.1:${await freePort()}`;
  const body = `base64://${Buffer.from("function(ctx) ctx").toString("base64")}`;
  const hooks = [
    { hook: "web_hook", config: { url: `${service.url}/hook`, method: "POST", body } },
    { hook: "web_hook", config: { url: `${dead}/hook`, method: "POST", body } },
  ];
  const channel = { id: "sms", type: "http", request_config: { url: `${service.url}/sms`, method: "POST" } };
  const { about } = await consult(t, {
    courier: { channels: [channel] },
    selfservice: { flows: { login: { ui_url: `${dead}/login`, after: { password: { hooks } } } } },
  });
  assert.match(reasons(about("hooks")), new RegExp(`error ${dead} does not answer`));
  assert.match(reasons([...about("hooks"), ...about("courier")]), new RegExp(`ok ${service.url} answers`));
  assert.deepEqual(
    service.received.map(({ method, url, body: sent }) => `${method} ${url} ${sent}`),
    ["HEAD / "],
  );
});

test("providers are asked for their discovery, and mappers are read", async (t) => {
  const upstream = await startOpenidProvider(t);
  const provider = (id: string, issuer_url: string) => ({
    id,
    provider: "generic",
    client_id: "site",
    client_secret: "site-secret",
    issuer_url,
    mapper_url: written("{ identity: { traits: {} } }"),
  });
  const dead = `http://127.0.0.1:${await freePort()}`;
  const providers = [provider("good", upstream.issuer), provider("gone", dead)];
  const { about } = await consult(t, { selfservice: { methods: { oidc: { enabled: true, config: { providers } } } } });
  assert.match(reasons(about("providers")), /error gone cannot be used[\s\S]*ok good answers/);
});

test("schemas that cannot be read, and what is not looked at with --offline", async (t) => {
  const wrong = { identity: { schemas: [{ id: "person", url: "file:///nowhere/person.schema.json" }] } };
  const { code, about } = await consult(t, wrong);
  assert.equal(code, 1);
  assert.match(reasons(about("files")), /^error identity\.schemas\[0\]\.url/);
  const { findings } = await consult(t, wrong, "--offline");
  assert.ok(findings.every(({ aspect }) => !["files", "database", "server"].includes(aspect)));
});

test("a configuration that no server starts with, and --strict", async (t) => {
  const refused = await consult(t, { serve: { public: { port: "x" } } });
  assert.equal(refused.code, 1);
  assert.match(reasons(refused.about("configuration")), /serve\.public\.port/);
  const warned = { serve: { public: { cors: { enabled: true, allowed_origins: ["https://x.example.org"] } } } };
  const lax = await consult(t, warned, "--offline");
  assert.ok(lax.findings.some(({ severity }) => severity === "warning"));
  assert.equal(lax.code, lax.findings.some(({ severity }) => severity === "error") ? 1 : 0);
  assert.equal((await consult(t, warned, "--offline", "--strict")).code, 1);
});

test("a server examines itself: it answers, and nobody delivers", async (t) => {
  const server = await startServer(t);
  const then = new Date(server.now().getTime() - 3_600_000);
  const message = {
    id: "00000000-0000-7000-8000-000000000001",
    createdAt: then,
    updatedAt: then,
    status: "queued" as const,
    type: "email" as const,
    channel: "email",
    recipient: "ada@example.org",
    templateType: "login_code_valid" as const,
    templateData: {},
    requestHeaders: {},
    subject: "",
    body: "",
    htmlBody: null,
    sendCount: 0,
    dueAt: then,
    leaseId: null,
    traceparent: null,
  };
  await insert(reach(server.app.db), courierMessages, [message]);
  const { status, body } = await server.admin("GET", "/admin/doctor");
  assert.equal(status, 200, JSON.stringify(body));
  const courier = body.find((one: Json) => one.aspect === "courier" && one.severity === "error");
  assert.match(courier.reason, /Messages have waited since .*: nobody delivers them/);
  assert.ok(body.some((one: Json) => one.aspect === "database" && one.severity === "ok"));
});
