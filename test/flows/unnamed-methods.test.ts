import assert from "node:assert/strict";
import { test } from "node:test";
import { LoginService } from "#gen/ostiary/public/v1/login_service_pb.js";
import { RecoveryService } from "#gen/ostiary/public/v1/recovery_service_pb.js";
import { RegistrationService } from "#gen/ostiary/public/v1/registration_service_pb.js";
import { VerificationService } from "#gen/ostiary/public/v1/verification_service_pb.js";
import { csrfTokenOf, messageIds } from "../support/client.ts";
import type { Json } from "../support/client.ts";
import { codeSchema, encoded } from "../support/config.ts";
import type { ConfigTree } from "../support/config.ts";
import { codeIn, mailTo } from "../support/mailbox.ts";
import { begin, nodeOf, password, signedIn, signInNatively, submit } from "../support/person.ts";
import { onEachDatabase } from "../support/servers.ts";
import { startServer } from "../support/server.ts";
import { callAll, createWorlds } from "../support/worlds.ts";

const email = "pat@example.org";
const withCodes = (code: ConfigTree, more: ConfigTree = {}, flows: ConfigTree = {}): { config: ConfigTree } => ({
  config: {
    courier: { smtp: { connection_uri: "smtp://127.0.0.1:1/?disable_starttls=true" } },
    identity: { default_schema_id: "person", schemas: [{ id: "person", url: encoded(codeSchema) }] },
    selfservice: {
      methods: {
        code: { enabled: true, ...code },
        link: { enabled: true },
        totp: { enabled: true },
        lookup_secret: { enabled: true },
      },
      flows: { recovery: { enabled: true }, verification: { enabled: true }, ...flows },
    },
    ...more,
  },
});

/** What is wrong with a form, node by node. */
const complaints = ({ ui }: Json) => [
  ...(ui.messages ?? []).map(({ id }: Json) => id),
  ...ui.nodes.flatMap(({ attributes, messages }: Json) => messages.map(({ id }: Json) => `${attributes.name} ${id}`)),
];

onEachDatabase(
  "the button of an address says by itself that a code is to go there: to confirm who one is, and as second factor",
  async (server) => {
    const pat = await signedIn(server);
    const flow = await begin(server, "login", pat.headers, "?refresh=true");
    assert.equal(nodeOf(flow, "address").attributes.value, email);
    const asked = await submit(server, flow, { address: email }, pat.headers);
    assert.deepEqual(
      [asked.status, asked.body.state, asked.body.active, messageIds(asked.body)],
      [400, "sent_email", "code", [1010025]],
    );
    const entered = await submit(
      server,
      flow,
      { address: email, code: codeIn(await mailTo(server, email)) },
      pat.headers,
    );
    assert.equal(entered.status, 200, JSON.stringify(entered.body));
  },
  withCodes({ passwordless_enabled: true }, { feature_flags: { refresh_login_choose_address: true } }),
);

test("a browser that presses the button of an address sends nothing else", async (t) => {
  const flags = { feature_flags: { refresh_login_choose_address: true } };
  const server = await startServer(t, withCodes({ passwordless_enabled: true }, flags));
  await server.createPerson({ email, password });
  const html = server.browser();
  const begun = async (query: string) => {
    const { location } = await html.get(`/self-service/login/browser${query}`);
    const { body } = await html.get(`/self-service/login/flows?id=${new URL(location!).searchParams.get("flow")}`, {
      accept: "application/json",
    });
    return { flow: body, csrf_token: csrfTokenOf(body) };
  };
  const first = await begun("");
  await html.send("POST", first.flow.ui.action, {
    form: { method: "password", identifier: email, password, csrf_token: first.csrf_token },
  });
  const again = await begun("?refresh=true");
  await html.send("POST", again.flow.ui.action, { form: { address: email, csrf_token: again.csrf_token } });
  const { body: asking } = await html.get(`/self-service/login/flows?id=${again.flow.id}`, {
    accept: "application/json",
  });
  assert.deepEqual([asking.state, messageIds(asking)], ["sent_email", [1010025]]);
});

test("a field that only one method has says which is meant", async (t) => {
  const server = await startServer(t, withCodes({ passwordless_enabled: true }));
  const { body: signUp } = await server.native.get("/self-service/registration/api");
  const done = await server.native.post(signUp.ui.action, { password, traits: { email } });
  assert.equal(done.status, 200, JSON.stringify(done.body));
  const { body: login } = await server.native.get("/self-service/login/api");
  for (const method of [undefined, null, ""]) {
    const missed = await server.native.post(login.ui.action, { method, identifier: email, password: "not hers" });
    assert.deepEqual(messageIds(missed.body), [4000006], String(method));
  }
  const headers = await signInNatively(server, email);
  const settings = await begin(server, "settings", headers);
  assert.deepEqual(complaints((await submit(server, settings, { totp_code: "000000" }, headers)).body), [
    "totp_code 4000008",
  ]);
  assert.deepEqual(complaints((await submit(server, settings, { password: "short" }, headers)).body), [
    "password 4000032",
  ]);
  const recovery = await begin(server, "recovery", {});
  await submit(server, recovery, { method: "code", email }, {});
  assert.deepEqual(messageIds((await submit(server, recovery, { code: "000000" }, {})).body), [4060006]);
  const verification = await begin(server, "verification", {});
  await submit(server, verification, { method: "code", email }, {});
  assert.deepEqual(messageIds((await submit(server, verification, { code: "000000" }, {})).body), [4070006]);
});

test("fields of two methods, of a method that is off, or of all of them, say nothing", async (t) => {
  const server = await startServer(t, withCodes({ passwordless_enabled: true }, {}, {}));
  const headers = (await signedIn(server)).headers;
  const settings = await begin(server, "settings", headers);
  const both = await submit(server, settings, { password: "another horse 7", totp_code: "123456" }, headers);
  assert.deepEqual([both.status, messageIds(both.body)], [400, [4010004]]);
  const { body: login } = await server.native.get("/self-service/login/api");
  for (const body of [
    {},
    { identifier: email },
    { password: "", identifier: email },
    { totp_code: "123456" },
    { traits: { email } },
  ]) {
    const { status, body: answer } = await server.native.post(login.ui.action, body);
    assert.deepEqual([status, messageIds(answer)], [400, [4010002]], JSON.stringify(body));
  }
});

test("what is wrong with the traits comes first at sign-up, whatever the method", async (t) => {
  const server = await startServer(t, withCodes({ passwordless_enabled: true }));
  const { body: flow } = await server.native.get("/self-service/registration/api");
  const say = async (body: object) => complaints((await server.native.post(flow.ui.action, body)).body);
  for (const method of [undefined, "", "smoke-signal", "totp", "password"]) {
    assert.deepEqual(await say({ method, traits: {}, password }), ["traits.email 4000002"], method);
    assert.deepEqual(await say({ method, traits: { email, x: 1 }, password }), ["traits 4000001"], method);
  }
  assert.deepEqual(await say({ traits: { email: "no address" } }), ["traits.email 4000040"]);
  assert.deepEqual(await say({ traits: { email } }), [4010003]);
  assert.deepEqual(await say({ method: "smoke-signal", traits: { email } }), [4010003]);
  assert.deepEqual(await say({ traits: { email: "no\0address" } }), [4010003]);
  const form = await server.native.send("POST", flow.ui.action, { form: { "traits.email": "", password } });
  assert.deepEqual(complaints(form.body), ["traits.email 4000002"]);
});

test("where codes alone sign in, a name is enough to be sent one, and nobody is told who has an account", async (t) => {
  const style = { login: { style: "identifier_first" } };
  const mitigated = { security: { account_enumeration: { mitigate: true } } };
  const withPassword = withCodes({ passwordless_enabled: true }, mitigated, style);
  const alone = structuredClone(withPassword) as { config: { selfservice: { methods: Json } } };
  alone.config.selfservice.methods.password = { enabled: false };
  const server = await startServer(t, alone as never);
  await server.adminClient.post("/admin/identities", { schema_id: "person", traits: { email } });
  const name = async (identifier: string, at = server) => {
    const { body: flow } = await at.native.get("/self-service/login/api");
    return (await at.native.post(flow.ui.action, { method: "identifier_first", identifier })).body;
  };
  const [known, unknown] = [await name(email), await name("nobody@example.org")];
  for (const flow of [known, unknown])
    assert.deepEqual([flow.state, flow.active, messageIds(flow)], ["sent_email", "code", [1010014]]);
  const code = codeIn(await mailTo(server, email));
  assert.equal((await server.native.post(known.ui.action, { method: "code", identifier: email, code })).status, 200);
  const choosing = await startServer(t, withPassword);
  await choosing.createPerson({ email, password });
  assert.equal((await name(email, choosing)).state, "choose_method");
});

test("methods that Kratos names and that are not built are refused as switched off", async (t) => {
  const server = await startServer(t, withCodes({ passwordless_enabled: true }));
  const { headers } = await signedIn(server);
  const kinds = {
    login: ["oidc", "saml", "deviceauthn"],
    registration: ["oidc", "saml"],
    settings: ["oidc", "saml", "deviceauthn"],
  };
  for (const [kind, methods] of Object.entries(kinds))
    for (const method of methods) {
      const own = kind === "settings" ? headers : {};
      const { status, body } = await submit(
        server,
        await begin(server, kind, own as never),
        { method, provider: "x", traits: { email } },
        own as never,
      );
      assert.deepEqual([status, body.error?.code], [404, 404], `${kind} ${method}`);
    }
});

test("a submission without a method is answered alike by every protocol", async (t) => {
  const worlds = await createWorlds(t);
  for (const { server, ids } of worlds)
    for (const kind of ["login", "registration", "recovery", "verification"])
      ids.set(`@${kind}`, (await begin(server, kind, {})).id);
  const calls = [
    [LoginService.method.updateLoginFlow, "@login", [4010002]],
    [RegistrationService.method.updateRegistrationFlow, "@registration", [4000002]],
    [RecoveryService.method.updateRecoveryFlow, "@recovery", [4010005]],
    [VerificationService.method.updateVerificationFlow, "@verification", [4010006]],
  ] as const;
  for (const [method, flow, told] of calls)
    for (const outcome of await callAll(worlds, "public", { method, tree: { flow, submission: {} } }))
      if (outcome) assert.deepEqual(outcome.messages, told, method.name);
});
