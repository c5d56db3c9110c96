import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { throttles } from "../../src/throttle/entities.ts";
import type { Json } from "../support/client.ts";
import { runIn } from "../support/command-line.ts";
import type { ConfigTree } from "../support/config.ts";
import { password } from "../support/person.ts";
import { rowsOf } from "../support/rows.ts";
import { onEachDatabase } from "../support/servers.ts";
import { startServer } from "../support/server.ts";
import type { TestServer } from "../support/server.ts";

const email = "ada@example.org";

async function explain(server: TestServer, identifier = email): Promise<Json> {
  const { status, body } = await server.adminClient.post("/admin/explain-login", { identifier });
  assert.equal(status, 200, JSON.stringify(body));
  return body;
}

const findingOf = (answer: Json, aspect: string): Json => answer.findings.find((one: Json) => one.aspect === aspect);
const methodOf = (answer: Json, method: string, factor = 1): Json =>
  answer.methods.find((one: Json) => one.method === method && one.factor === factor);

async function start(t: TestContext, config: ConfigTree = {}) {
  const server = await startServer(t, { config });
  const person = await server.createPerson({ email, password });
  return { server, id: person.id as string };
}

async function guess(server: TestServer, secret: string): Promise<Json> {
  const { body: flow } = await server.native.get("/self-service/login/api");
  return server.native.post(flow.ui.action, { method: "password", identifier: email, password: secret });
}

onEachDatabase("whoever can sign in is told by what, and how the account was found", async (server) => {
  const { id } = await server.createPerson({ email, password });
  for (const identifier of [email, " Ada@Example.org ", id]) {
    const answer = await explain(server, identifier);
    assert.equal(answer.can_sign_in, true);
    assert.equal(answer.summary, "They can sign in by password.");
    assert.equal(answer.account.id, id);
    assert.equal(answer.account.state, "active");
  }
  const { account, methods } = await explain(server);
  assert.deepEqual(account.found_by, ["password identifier", "verifiable address", "recovery address"]);
  assert.deepEqual(methods[0], {
    method: "password",
    factor: 1,
    enabled: true,
    set_up: true,
    usable: true,
    reason: "The account has a password.",
  });
  assert.equal(findingOf(await explain(server, id), "account").severity, "warning");
});

test("nobody is told to be nobody, with what may be done", async (t) => {
  const { server } = await start(t);
  const answer = await explain(server, "eve@example.org");
  assert.equal(answer.can_sign_in, false);
  assert.equal(answer.account, undefined);
  assert.match(findingOf(answer, "account").cure, /sign up/);
  assert.equal((await server.adminClient.post("/admin/explain-login", {})).status, 400);
});

test("a disabled account, a missing password and a method that is off are each told with their cure", async (t) => {
  const { server, id } = await start(t);
  await server.admin("PATCH", `/admin/identities/${id}`, {
    json: [{ op: "replace", path: "/state", value: "inactive" }],
  });
  const disabled = await explain(server);
  assert.equal(disabled.can_sign_in, false);
  assert.match(disabled.summary, /disabled/);
  assert.match(findingOf(disabled, "state").cure, /active/);
  assert.equal(disabled.findings[0].aspect, "state", "obstacles come first");

  const { body: bare } = await server.adminClient.post("/admin/identities", {
    schema_id: "person",
    traits: { email: "bare@example.org" },
  });
  assert.ok(bare.id);
  const without = await explain(server, "bare@example.org");
  assert.equal(without.can_sign_in, false);
  assert.equal(methodOf(without, "password").reason, "The account has no password.");
  assert.equal(findingOf(without, "method").severity, "error");

  const off = await start(t, { selfservice: { methods: { password: { enabled: false } } } });
  const refused = await explain(off.server);
  assert.equal(refused.can_sign_in, false);
  assert.equal(methodOf(refused, "password").enabled, false);
  assert.match(methodOf(refused, "password").cure, /selfservice\.methods\.password\.enabled/);
});

onEachDatabase("guesses that are used up are told with their end, and looking spends none", async (server) => {
  await server.createPerson({ email, password });
  for (let tries = 0; tries < 12; tries++) await guess(server, `wrong-${tries}`);
  const before = await rowsOf(server.app.db, throttles);
  const answer = await explain(server);
  assert.deepEqual(await rowsOf(server.app.db, throttles), before);
  const until = Date.parse(methodOf(answer, "password").throttled_until);
  assert.ok(until > server.now().getTime() && until < server.now().getTime() + 3_600_000);
  assert.equal(answer.can_sign_in, false);
  assert.equal((await guess(server, password)).status, 429);
  server.advance(until - server.now().getTime() + 1000);
  assert.equal((await explain(server)).can_sign_in, true);
  assert.equal((await guess(server, password)).status, 200);
});

test("a hundred failures in a row end all guesses, whatever time goes by", async (t) => {
  const { server } = await start(t, {
    selfservice: { methods: { password: { config: { throttle: { per_account: { in_a_row: 3, at_once: 10 } } } } } },
  });
  for (let tries = 0; tries < 3; tries++) await guess(server, `wrong-${tries}`);
  const { usable, throttled_until, reason, cure } = methodOf(await explain(server), "password");
  assert.deepEqual([usable, throttled_until], [false, undefined]);
  assert.match(reason, /in a row/);
  assert.match(cure, /recover/);
});

test("second factors: one that serves, one that is off, and one that is asked for in vain", async (t) => {
  const strict = { session: { whoami: { required_aal: "highest_available" } } };
  const { server, id } = await start(t, { ...strict, selfservice: { methods: { totp: { enabled: true } } } });
  assert.match(findingOf(await explain(server), "assurance").reason, /No second factor is asked for/);
  const totp = { config: { totp_url: "otpauth://totp/x?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP" } };
  const { body: identity } = await server.admin("GET", `/admin/identities/${id}`);
  const put = await server.admin("PUT", `/admin/identities/${id}`, {
    json: { schema_id: "person", state: "active", traits: identity.traits, credentials: { totp } },
  });
  assert.equal(put.status, 200, JSON.stringify(put.body));
  const answer = await explain(server);
  assert.equal(methodOf(answer, "totp", 2).usable, true);
  assert.match(findingOf(answer, "assurance").reason, /which the account has: totp/);
  assert.equal(answer.can_sign_in, true);
});

test("a verified address that is demanded, and hooks that may refuse", async (t) => {
  const url = "https://hook.example.org/login";
  const body = `base64://${Buffer.from("function(ctx) ctx").toString("base64")}`;
  const hooks = [
    { hook: "require_verified_address" },
    { hook: "web_hook", config: { id: "risk", url, body, method: "POST", response: { parse: true } } },
  ];
  const { server, id } = await start(t, { selfservice: { flows: { login: { after: { password: { hooks } } } } } });
  const answer = await explain(server);
  assert.equal(answer.can_sign_in, false);
  assert.equal(findingOf(answer, "address").severity, "error");
  assert.match(findingOf(answer, "hook").reason, /^The web hook risk runs after password: it may refuse/);
  const path = "/verifiable_addresses/0/verified";
  await server.admin("PATCH", `/admin/identities/${id}`, { json: [{ op: "replace", path, value: true }] });
  assert.equal((await explain(server)).can_sign_in, true);
});

test("messages that never left are told", async (t) => {
  const { server } = await start(t, {
    courier: { inbox: false, message_retries: 0, worker: { pull_wait: "50ms" } },
    "watch-courier": true,
    selfservice: {
      methods: { code: { enabled: true } },
      flows: { recovery: { enabled: true, ui_url: "http://app.example.org/recovery" } },
    },
  });
  const { body: flow } = await server.native.get("/self-service/recovery/api");
  await server.native.post(flow.ui.action, { method: "code", email });
  for (let looks = 0; looks < 100; looks++) {
    const { body } = await server.admin("GET", "/admin/courier/messages?status=abandoned");
    if (body.length) break;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const { reason, severity } = findingOf(await explain(server), "message");
  assert.equal(severity, "warning");
  assert.match(reason, /given up: courier\.smtp\.connection_uri is not set/);
});

test("the command line explains, and its exit code says yes or no", async (t) => {
  const { server } = await start(t);
  const run = (...words: string[]) => runIn({ KRATOS_ADMIN_URL: server.adminUrl }, "explain-login", ...words);
  const yes = await run(email);
  assert.equal(yes.code, 0, yes.err);
  assert.match(yes.out, /^They can sign in by password\.\n/);
  assert.match(yes.out, /^usable {4}password {6}first factor\. The account has a password\.$/m);
  const no = await run("eve@example.org");
  assert.equal(no.code, 1);
  assert.match(no.out, /^error {5}account .*\n {24}> Look for a slip/m);
  assert.equal(JSON.parse((await run(email, "--format", "json")).out).can_sign_in, true);
  assert.match((await run()).err, /Missing required argument 'identifier'/);
});
