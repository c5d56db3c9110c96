import assert from "node:assert/strict";
import { test } from "node:test";
import { csrfTokenOf, messageIds } from "../support/client.ts";
import type { Json } from "../support/client.ts";
import { mergeTrees } from "../support/config.ts";
import type { ConfigTree } from "../support/config.ts";
import { codeIn, mailTo, mailsTo } from "../support/mailbox.ts";
import { atOnce } from "../support/person.ts";
import { onEachDatabase, onTwoServers } from "../support/servers.ts";
import { startServer } from "../support/server.ts";
import type { TestServer } from "../support/server.ts";

const email = "ada@example.org";
const password = "correct horse battery";
const encoded = (traits: object) =>
  `base64://${Buffer.from(JSON.stringify({ $id: "x", type: "object", properties: { traits: { type: "object", properties: traits, additionalProperties: false } } })).toString("base64")}`;
const address = (via: "email" | "sms", format: string) => ({
  type: "string",
  format,
  title: via,
  "ory.sh/kratos": {
    credentials: { password: { identifier: true }, code: { identifier: true, via } },
    verification: { via },
  },
});
const byCode = (
  code: ConfigTree = { passwordless_enabled: true },
  more: ConfigTree = {},
  flows: ConfigTree = {},
): { config: ConfigTree } => ({
  config: {
    courier: {
      smtp: { connection_uri: "smtp://127.0.0.1:1/?disable_starttls=true" },
      channels: [
        {
          id: "sms",
          type: "http",
          request_config: { url: "http://127.0.0.1:1/", method: "POST", body: "base64://e30=" },
        },
      ],
    },
    identity: {
      default_schema_id: "person",
      schemas: [{ id: "person", url: encoded({ email: address("email", "email"), phone: address("sms", "tel") }) }],
    },
    selfservice: {
      methods: { code: { enabled: true, ...code } },
      flows: { registration: { after: { code: { hooks: [{ hook: "session" }] } } }, ...flows },
    },
    ...more,
  },
});
const ada = (server: TestServer) => server.createPerson({ email, password });
const wrong = (code: string) => code.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10));
const names = (flow: Json) => flow.ui.nodes.map(({ attributes }: Json) => `${attributes.name}:${attributes.type}`);

onEachDatabase(
  "a code signs in, once, and verifies the address that it went to",
  async (server) => {
    await ada(server);
    const { body: flow } = await server.native.get("/self-service/login/api");
    const asked = await server.native.post(flow.ui.action, { method: "code", identifier: "ADA@example.org" });
    assert.deepEqual([asked.status, asked.body.state, messageIds(asked.body)], [400, "sent_email", [1010014]]);
    const code = codeIn(await mailTo(server, email, { type: "login_code_valid" }));
    const enter = (typed: string) =>
      server.native.post(flow.ui.action, { method: "code", identifier: email, code: typed });
    assert.deepEqual(messageIds((await enter(wrong(code))).body), [4010008]);
    const many = await Promise.all(Array.from({ length: 3 }, () => enter(code)));
    const done = many.filter(({ status }) => status === 200);
    assert.equal(done.length, 1);
    const { session } = done[0]!.body;
    assert.deepEqual(
      session.authentication_methods.map(({ method, aal }: Json) => [method, aal]),
      [["code", "aal1"]],
    );
    const headers = { "x-session-token": done[0]!.body.session_token };
    assert.equal(
      (await server.native.get("/sessions/whoami", { headers })).body.identity.verifiable_addresses[0].verified,
      true,
    );
  },
  byCode(),
);

onEachDatabase(
  "a code that was sent to an address opens nothing once it has left the account",
  async (server) => {
    const { id } = await ada(server);
    const { body: flow } = await server.native.get("/self-service/login/api");
    await server.native.post(flow.ui.action, { method: "code", identifier: email });
    const code = codeIn(await mailTo(server, email));
    const moved = [{ op: "replace", path: "/traits/email", value: "ada@elsewhere.example" }];
    await server.adminClient.send("PATCH", `/admin/identities/${id}`, { json: moved });
    const tried = await server.native.post(flow.ui.action, { method: "code", identifier: email, code });
    assert.deepEqual(messageIds(tried.body), [4010008]);
  },
  byCode(),
);

test("another code makes the first one worthless, and no number of codes buys more tries", async (t) => {
  const server = await startServer(t, byCode());
  await ada(server);
  const { body: flow } = await server.native.get("/self-service/login/api");
  const say = (members: object) =>
    server.native.post(flow.ui.action, { method: "code", identifier: email, ...members });
  await say({});
  const first = await mailTo(server, email);
  await say({ resend: "code" });
  const second = await mailTo(server, email, { after: first });
  for (let tries = 0; tries < 5; tries++)
    assert.deepEqual(messageIds((await say({ code: codeIn(first) })).body), [4010008]);
  assert.deepEqual(messageIds((await say({ code: codeIn(second) })).body), [4000001]);
});

test("nobody is told who has an account, where that is wanted", async (t) => {
  const open = await startServer(t, byCode());
  const { body: flow } = await open.native.get("/self-service/login/api");
  const refused = await open.native.post(flow.ui.action, { method: "code", identifier: "nobody@example.org" });
  assert.deepEqual(messageIds(refused.body), [4000035]);
  const server = await startServer(
    t,
    byCode({ passwordless_enabled: true }, { security: { account_enumeration: { mitigate: true } } }),
  );
  await ada(server);
  const ask = async (identifier: string) => {
    const { body: begun } = await server.native.get("/self-service/login/api");
    const { body } = await server.native.post(begun.ui.action, { method: "code", identifier });
    const guess = await server.native.post(begun.ui.action, { method: "code", identifier, code: "000000" });
    return JSON.stringify([body, guess.body])
      .replaceAll(begun.id, "ID")
      .replaceAll(identifier, "NAME")
      .replaceAll(/"\d{4}-\d\d-\d\dT[^"]+"/g, "TIME");
  };
  assert.equal(await ask("nobody@example.org"), await ask(email));
});

onEachDatabase(
  "a code signs up, by mail and by text message, with the number in its one form",
  async (server) => {
    for (const [traits, recipient] of [
      [{ email }, email],
      [{ phone: "+49 151 2345 6789" }, "+4915123456789"],
    ] as const) {
      const { body: flow } = await server.native.get("/self-service/registration/api");
      const asked = await server.native.post(flow.ui.action, { method: "code", traits });
      assert.deepEqual([asked.status, asked.body.state, messageIds(asked.body)], [400, "sent_email", [1040005]]);
      const mail = await mailTo(server, recipient, { type: "registration_code_valid" });
      const other = await server.native.post(flow.ui.action, {
        method: "code",
        traits: { email: "eve@example.org" },
        code: codeIn(mail),
      });
      assert.deepEqual(messageIds(other.body), [4000036]);
      const missed = await server.native.post(flow.ui.action, { method: "code", traits, code: wrong(codeIn(mail)) });
      assert.deepEqual(messageIds(missed.body), [4040003]);
      const done = await server.native.post(flow.ui.action, { method: "code", traits, code: codeIn(mail) });
      assert.equal(done.status, 200);
      const [shown] = done.body.identity.verifiable_addresses;
      assert.deepEqual([shown.value, shown.verified, shown.status], [recipient, true, "completed"]);
      const { body: login } = await server.native.get("/self-service/login/api");
      await server.native.post(login.ui.action, { method: "code", identifier: recipient });
      const code = codeIn(await mailTo(server, recipient, { type: "login_code_valid" }));
      assert.equal(
        (await server.native.post(login.ui.action, { method: "code", identifier: recipient, code })).status,
        200,
      );
    }
  },
  byCode(),
);

onTwoServers(
  "of 64 who bring one code at once, at two servers over one database, one is signed in",
  async (one, other) => {
    await ada(one);
    const { body: flow } = await one.native.get("/self-service/login/api");
    await one.native.post(`/self-service/login?flow=${flow.id}`, { method: "code", identifier: email });
    const code = codeIn(await mailTo(one, email));
    const answers = await atOnce(64, (index) =>
      [one, other][index % 2]!.native.post(`/self-service/login?flow=${flow.id}`, {
        method: "code",
        identifier: email,
        code,
      }),
    );
    assert.equal(answers.filter(({ status }) => status === 200).length, 1);
  },
  byCode({ passwordless_enabled: true, config: { max_submissions: 100 } }),
);

test("in two steps, a sign-up by code leads back to the other methods", async (t) => {
  const server = await startServer(
    t,
    byCode({ passwordless_enabled: true }, {}, { registration: { style: "profile_first" } }),
  );
  const { body: flow } = await server.native.get("/self-service/registration/api");
  await server.native.post(flow.ui.action, { method: "profile", traits: { email } });
  const sent = await server.native.post(flow.ui.action, { method: "code", traits: { email } });
  assert.ok(names(sent.body).includes("screen:submit"));
  const back = await server.native.post(flow.ui.action, {
    method: "code",
    traits: { email },
    screen: "credential-selection",
  });
  assert.equal(back.body.state, "choose_method");
  assert.ok(names(back.body).includes("password:password"));
});

onEachDatabase(
  "a code is the second factor, sent at once where there is one address",
  async (server) => {
    await ada(server);
    const { body: login } = await server.native.get("/self-service/login/api");
    const { body: signedIn } = await server.native.post(login.ui.action, {
      method: "password",
      identifier: email,
      password,
    });
    const headers = { "x-session-token": signedIn.session_token };
    assert.equal((await server.native.get("/sessions/whoami", { headers })).body.error.id, "session_aal2_required");
    const { body: flow } = await server.native.get("/self-service/login/api?aal=aal2", { headers });
    assert.deepEqual([flow.state, flow.active, messageIds(flow)], ["sent_email", "code", [1010025]]);
    const code = codeIn(await mailTo(server, email));
    const foreign = await server.native.post(
      flow.ui.action,
      { method: "code", address: "eve@example.org", resend: "code" },
      { headers },
    );
    assert.deepEqual(messageIds(foreign.body), [4000035]);
    const done = await server.native.post(flow.ui.action, { method: "code", code }, { headers });
    assert.equal(done.body.session.authenticator_assurance_level, "aal2");
    assert.deepEqual(
      done.body.session.authentication_methods.map(({ method, aal }: Json) => [method, aal]),
      [
        ["password", "aal1"],
        ["code", "aal2"],
      ],
    );
  },
  byCode({ mfa_enabled: true }, { session: { whoami: { required_aal: "highest_available" } } }),
);

onEachDatabase(
  "with several addresses people choose, or the client chooses for them",
  async (server) => {
    const traits = { email, phone: "+4915123456789" };
    await server.adminClient.post("/admin/identities", {
      schema_id: "person",
      traits,
      credentials: { password: { config: { password } } },
    });
    const { body: login } = await server.native.get("/self-service/login/api");
    const { body: signedIn } = await server.native.post(login.ui.action, {
      method: "password",
      identifier: email,
      password,
    });
    const headers = { "x-session-token": signedIn.session_token };
    const { body: flow } = await server.native.get("/self-service/login/api?aal=aal2", { headers });
    const buttons = flow.ui.nodes
      .filter(({ attributes }: Json) => attributes.name === "address")
      .map(({ attributes }: Json) => attributes.value);
    assert.deepEqual(buttons.toSorted(), ["+4915123456789", email]);
    const { body: chosen } = await server.native.get("/self-service/login/api?aal=aal2&via=phone", { headers });
    assert.equal(chosen.state, "sent_email");
    await mailTo(server, "+4915123456789");
    assert.deepEqual(await mailsTo(server, email), []);
  },
  byCode({ mfa_enabled: true }),
);

test("a second factor by code does not go to somebody else's address, nor to one that nobody has", async (t) => {
  for (const fallback of [false, true]) {
    const server = await startServer(
      t,
      byCode({ mfa_enabled: true, config: { missing_credential_fallback_enabled: fallback } }),
    );
    const traits = { email, phone: "+4915123456789" };
    await server.adminClient.post("/admin/identities", {
      schema_id: "person",
      traits,
      credentials: { password: { config: { password } } },
    });
    await server.createPerson({ email: "eve@example.org", password });
    const { body: login } = await server.native.get("/self-service/login/api");
    const { body: signedIn } = await server.native.post(login.ui.action, {
      method: "password",
      identifier: email,
      password,
    });
    const headers = { "x-session-token": signedIn.session_token };
    const { body: flow } = await server.native.get("/self-service/login/api?aal=aal2", { headers });
    for (const other of [{ address: "eve@example.org" }, { identifier: "nobody@example.org" }]) {
      const { status, body } = await server.native.post(flow.ui.action, { method: "code", ...other }, { headers });
      // Where addresses without a credential of their own will do, it is the address that is unknown, not the credential.
      assert.deepEqual([status, messageIds(body)], [400, [fallback ? 4010010 : 4000035]]);
    }
    assert.deepEqual(await mailsTo(server, "eve@example.org"), []);
  }
});

onEachDatabase(
  "where e-mail is no second factor, codes go to phones alone",
  async (server) => {
    const phone = "+4915123456789";
    await server.adminClient.post("/admin/identities", {
      schema_id: "person",
      traits: { email, phone },
      credentials: { password: { config: { password } } },
    });
    await server.createPerson({ email: "bob@example.org", password });
    const signIn = async (identifier: string) => {
      const { body: login } = await server.native.get("/self-service/login/api");
      const { body } = await server.native.post(login.ui.action, { method: "password", identifier, password });
      const headers = { "x-session-token": body.session_token as string };
      return {
        headers,
        whoami: await server.native.get("/sessions/whoami", { headers }),
        second: await server.native.get("/self-service/login/api?aal=aal2", { headers }),
      };
    };
    const hers = await signIn(email);
    assert.equal(hers.whoami.body.error.id, "session_aal2_required");
    assert.equal(hers.second.body.state, "sent_email");
    const { body: refused } = await server.native.post(
      hers.second.body.ui.action,
      { method: "code", address: email, resend: "code" },
      { headers: hers.headers },
    );
    assert.deepEqual(messageIds(refused), [4000035]);
    const code = codeIn(await mailTo(server, phone));
    assert.deepEqual(await mailsTo(server, email), []);
    const done = await server.native.post(
      hers.second.body.ui.action,
      { method: "code", code },
      { headers: hers.headers },
    );
    assert.equal(done.body.session.authenticator_assurance_level, "aal2");
    // Who has no phone has no second factor, and is asked for none.
    const his = await signIn("bob@example.org");
    assert.equal(his.whoami.status, 200);
    assert.ok(!JSON.stringify(his.second.body).includes("sent_email"));
    assert.deepEqual(await mailsTo(server, "bob@example.org"), []);
  },
  byCode({ mfa_enabled: true, mfa_channels: ["sms"] }, { session: { whoami: { required_aal: "highest_available" } } }),
);

onEachDatabase(
  "who has only the first factor cannot have codes sent elsewhere to pass by the second one that is set up",
  async (server) => {
    const key = { totp: { config: { totp_url: "otpauth://totp/ada?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP" } } };
    await server.adminClient.post("/admin/identities", {
      traits: { email },
      credentials: { password: { config: { password } }, ...key },
    });
    await server.adminClient.post("/admin/identities", {
      traits: { email: "bob@example.org" },
      credentials: { password: { config: { password } } },
    });
    const change = async (identifier: string, traits: object) => {
      const { body: login } = await server.native.get("/self-service/login/api");
      const { body } = await server.native.post(login.ui.action, { method: "password", identifier, password });
      const headers = { "x-session-token": body.session_token as string };
      const { body: flow } = await server.native.get("/self-service/settings/api", { headers });
      const answer = await server.native.post(flow.ui.action, { method: "profile", traits }, { headers });
      return [answer.status, answer.body.error?.id];
    };
    assert.deepEqual(await change(email, { email: "eve@example.org" }), [403, "session_aal2_required"]);
    assert.deepEqual(await change(email, { email, phone: "+4915123456789" }), [403, "session_aal2_required"]);
    assert.deepEqual(await change(email, { email }), [200, undefined]);
    assert.deepEqual(
      await change("bob@example.org", { email: "bob@example.com" }),
      [200, undefined],
      "codes alone keep nobody from it",
    );
  },
  {
    config: mergeTrees(byCode({ mfa_enabled: true }).config, {
      selfservice: { methods: { totp: { enabled: true } }, flows: { settings: { required_aal: "aal1" } } },
    }),
  },
);

test("identifier first, a code is sent at once to whoever has nothing else", async (t) => {
  const server = await startServer(
    t,
    byCode(
      { passwordless_enabled: true },
      {},
      { login: { style: "identifier_first", ui_url: "http://app.example.org/login" } },
    ),
  );
  await server.adminClient.post("/admin/identities", { schema_id: "person", traits: { email } });
  const { body: flow } = await server.native.get("/self-service/login/api");
  const sent = await server.native.post(flow.ui.action, { method: "identifier_first", identifier: email });
  assert.deepEqual([sent.body.state, messageIds(sent.body)], ["sent_email", [1010014]]);
  const code = codeIn(await mailTo(server, email));
  assert.equal((await server.native.post(flow.ui.action, { method: "code", identifier: email, code })).status, 200);
});

test("whoever confirms who they are cannot do so as somebody else", async (t) => {
  const server = await startServer(t, byCode());
  await ada(server);
  await server.createPerson({ email: "eve@example.org", password });
  const spa = server.spa();
  const { body: login } = await spa.get("/self-service/login/browser");
  await spa.post(login.ui.action, { method: "password", identifier: email, password, csrf_token: csrfTokenOf(login) });
  const { body: flow } = await spa.get("/self-service/login/browser?refresh=true");
  const say = (members: object) =>
    spa.post(flow.ui.action, { method: "code", csrf_token: csrfTokenOf(flow), ...members });
  assert.deepEqual(messageIds((await say({ identifier: "eve@example.org" })).body), [4000035]);
  const sent = await say({ identifier: email });
  assert.deepEqual(messageIds(sent.body), [1010025]);
  const done = await say({ identifier: email, code: codeIn(await mailTo(server, email)) });
  assert.deepEqual(
    done.body.session.authentication_methods.map(({ method }: Json) => method),
    ["password", "code"],
  );
});

test("people without a credential of codes get one, where the configuration falls back on their address", async (t) => {
  const traits = {
    email: {
      type: "string",
      format: "email",
      "ory.sh/kratos": { credentials: { password: { identifier: true } }, verification: { via: "email" } },
    },
  };
  for (const fallback of [true, false]) {
    const code = { passwordless_enabled: true, config: { missing_credential_fallback_enabled: fallback } };
    const server = await startServer(
      t,
      byCode(code, { identity: { default_schema_id: "person", schemas: [{ id: "person", url: encoded(traits) }] } }),
    );
    await ada(server);
    const { body: flow } = await server.native.get("/self-service/login/api");
    const { body } = await server.native.post(flow.ui.action, { method: "code", identifier: email });
    assert.equal(body.state, fallback ? "sent_email" : "choose_method");
  }
});
