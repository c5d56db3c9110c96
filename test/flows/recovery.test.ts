import assert from "node:assert/strict";
import { test } from "node:test";
import { answersAbout } from "../support/answers-about.ts";
import { csrfTokenOf, messageIds } from "../support/client.ts";
import type { Json } from "../support/client.ts";
import type { ConfigTree } from "../support/config.ts";
import { codeIn, linkIn, mailTo, mailsTo } from "../support/mailbox.ts";
import { onEachDatabase } from "../support/servers.ts";
import { startServer } from "../support/server.ts";
import type { TestServer } from "../support/server.ts";

const email = "ada@example.org";
const recovering = (
  changes: ConfigTree = {},
  flags: ConfigTree = { use_continue_with_transitions: true },
): { config: ConfigTree } => ({
  config: {
    courier: { smtp: { connection_uri: "smtp://127.0.0.1:1/?disable_starttls=true" } },
    feature_flags: flags,
    selfservice: {
      methods: { code: { enabled: true }, link: { enabled: true } },
      flows: {
        settings: { ui_url: "http://app.example.org/settings" },
        recovery: { enabled: true, ui_url: "http://app.example.org/recovery", ...changes },
      },
    },
  },
});
const ada = (server: TestServer) => server.createPerson({ email, password: "correct horse battery" });
const wrong = (code: string) => code.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10));
const nodeNames = (flow: Json) => flow.ui.nodes.map(({ attributes }: Json) => `${attributes.name}:${attributes.type}`);
const values = (flow: Json, name: string) =>
  flow.ui.nodes
    .filter(({ attributes }: Json) => attributes.name === name)
    .map(({ attributes }: Json) => attributes.value);

onEachDatabase(
  "somebody gets back in by a code, sets a password, and ends all other sessions",
  async (server) => {
    await ada(server);
    const { body: login } = await server.native.get("/self-service/login/api");
    const before = await server.native.post(login.ui.action, {
      method: "password",
      identifier: email,
      password: "correct horse battery",
    });
    const { body: flow } = await server.native.get("/self-service/recovery/api");
    const asked = await server.native.post(flow.ui.action, { method: "code", email });
    assert.deepEqual([asked.status, asked.body.state, messageIds(asked.body)], [200, "sent_email", [1060003]]);
    const code = codeIn(await mailTo(server, email, { type: "recovery_code_valid" }));
    const missed = await server.native.post(flow.ui.action, { method: "code", code: wrong(code) });
    assert.deepEqual([missed.status, messageIds(missed.body)], [200, [4060006]]);
    const done = await server.native.post(flow.ui.action, { method: "code", code });
    assert.equal(done.body.state, "passed_challenge");
    const [keep, settings] = done.body.continue_with;
    const headers = { "x-session-token": keep.ory_session_token };
    const { body: me } = await server.native.get("/sessions/whoami", { headers });
    assert.deepEqual(
      me.authentication_methods.map(({ method }: Json) => method),
      ["code_recovery"],
    );
    assert.equal(me.identity.verifiable_addresses[0].verified, true);
    const old = { "x-session-token": before.body.session_token };
    assert.equal((await server.native.get("/sessions/whoami", { headers: old })).status, 401);
    const { body: form } = await server.native.get(`/self-service/settings/flows?id=${settings.flow.id}`, { headers });
    assert.deepEqual(messageIds(form), [1060001]);
    const set = await server.native.post(
      form.ui.action,
      { method: "password", password: "another horse battery" },
      { headers },
    );
    assert.equal(set.body.state, "success");
    const again = await server.native.post(flow.ui.action, { method: "code", code });
    assert.equal(again.status, 400);
    assert.equal(again.body.error.details.continue_with[0].action, "show_recovery_ui");
  },
  recovering({ after: { hooks: [{ hook: "revoke_active_sessions" }] } }),
);

onEachDatabase(
  "of many who bring the right code at once, one gets in",
  async (server) => {
    await ada(server);
    const { body: flow } = await server.native.get("/self-service/recovery/api");
    await server.native.post(flow.ui.action, { method: "code", email });
    const code = codeIn(await mailTo(server, email));
    const answers = await Promise.all(
      Array.from({ length: 16 }, () => server.native.post(flow.ui.action, { method: "code", code })),
    );
    assert.equal(answers.filter(({ body }) => body.state === "passed_challenge").length, 1);
    assert.equal((await server.admin("GET", "/admin/sessions")).body.length, 1);
  },
  recovering(),
);

onEachDatabase(
  "whether anybody has an address shows in no answer",
  async (server) => {
    await ada(server);
    assert.equal(
      await answersAbout(server, "recovery", "nobody@example.org"),
      await answersAbout(server, "recovery", email),
    );
    assert.deepEqual(await mailsTo(server, "nobody@example.org"), []);
  },
  recovering(),
);

test("browsers are led to their settings, or where they wanted to go", async (t) => {
  const server = await startServer(t, recovering());
  await ada(server);
  for (const [query, target] of [
    ["", /^http:\/\/app\.example\.org\/settings\?flow=/],
    ["&skip_settings=true", /^http:\/\/app\.example\.org\/home$/],
  ] as const) {
    const before = (await mailsTo(server, email)).at(-1);
    const browser = server.browser();
    const start = await browser.get(`/self-service/recovery/browser?return_to=/home${query}`);
    const id = new URL(start.location!).searchParams.get("flow");
    const { body: flow } = await browser.get(`/self-service/recovery/flows?id=${id}`, { accept: "application/json" });
    await browser.send("POST", flow.ui.action, { form: { csrf_token: csrfTokenOf(flow), method: "code", email } });
    const code = codeIn(await mailTo(server, email, { after: before }));
    // A browser sends the hidden field of the form as well as the button.
    const typed = [
      ["csrf_token", csrfTokenOf(flow)],
      ["code", code],
      ["method", "code"],
      ["method", "code"],
    ];
    const done = await browser.send("POST", flow.ui.action, { form: new URLSearchParams(typed) });
    assert.match(done.location!, target);
    assert.equal((await browser.get("/sessions/whoami", { accept: "application/json" })).status, 200);
    const again = await browser.get("/self-service/recovery/browser");
    assert.equal(again.status, 302);
  }
});

test("without transitions, clients of JSON are told to change the page", async (t) => {
  const server = await startServer(t, recovering({}, {}));
  await ada(server);
  const spa = server.spa();
  const { body: flow } = await spa.get("/self-service/recovery/browser");
  await spa.post(flow.ui.action, { method: "code", email, csrf_token: csrfTokenOf(flow) });
  const code = codeIn(await mailTo(server, email));
  const done = await spa.post(flow.ui.action, { method: "code", code });
  assert.equal(done.status, 422);
  assert.match(done.body.redirect_browser_to, /settings\?flow=/);
  const again = await spa.post(flow.ui.action, { method: "code", code });
  assert.equal(again.status, 303);
  assert.deepEqual(messageIds((await spa.get(again.location!)).body), [4060001]);
});

onEachDatabase(
  "a link lets in once, in whichever browser, and not those who only look",
  async (server) => {
    await ada(server);
    const { body: flow } = await server.native.get("/self-service/recovery/api");
    const asked = await server.native.post(flow.ui.action, { method: "link", email });
    assert.deepEqual(messageIds(asked.body), [1060002]);
    const link = linkIn(await mailTo(server, email, { type: "recovery_valid" })).href;
    const phone = server.browser();
    assert.equal(
      (await phone.get(link, { headers: { "sec-purpose": "prefetch" } })).headers
        .getSetCookie()
        .some((one) => one.startsWith("ory_kratos_session")),
      false,
    );
    assert.equal((await phone.send("HEAD", link)).headers.has("set-cookie"), false);
    const opened = await phone.get(link);
    assert.match(opened.location!, /settings\?flow=/);
    assert.equal(
      (await phone.get("/sessions/whoami", { accept: "application/json" })).body.authentication_methods[0].method,
      "link_recovery",
    );
    const other = server.browser();
    const again = await other.get(link);
    const id = new URL(again.location!).searchParams.get("flow");
    assert.deepEqual(
      messageIds((await other.get(`/self-service/recovery/flows?id=${id}`, { accept: "application/json" })).body),
      [4060004],
    );
  },
  recovering({ use: "link" }),
);

onEachDatabase(
  "of many who open one link at once, one gets in",
  async (server) => {
    await ada(server);
    const { body: flow } = await server.native.get("/self-service/recovery/api");
    await server.native.post(flow.ui.action, { method: "link", email });
    const link = linkIn(await mailTo(server, email, { type: "recovery_valid" })).href;
    const answers = await Promise.all(Array.from({ length: 12 }, () => server.browser().get(link)));
    assert.equal(answers.filter(({ location }) => location?.includes("/settings?flow=")).length, 1);
    assert.equal(
      answers.filter(({ headers }) => headers.getSetCookie().some((one) => one.startsWith("ory_kratos_session")))
        .length,
      1,
    );
  },
  recovering({ use: "link" }),
);

onEachDatabase(
  "a code is no token of a link: that door gives nobody more tries",
  async (server) => {
    await ada(server);
    const { body: flow } = await server.native.get("/self-service/recovery/api");
    await server.native.post(flow.ui.action, { method: "code", email });
    const code = codeIn(await mailTo(server, email));
    const { location } = await server.browser().get(`/self-service/recovery?flow=${flow.id}&token=${code}`);
    assert.match(location!, /\/recovery\?flow=/);
    assert.equal((await server.native.post(flow.ui.action, { method: "code", code })).body.state, "passed_challenge");
  },
  recovering(),
);

test("administrators let people in by a code or a link, and that proves no address", async (t) => {
  const server = await startServer(t, recovering());
  const { id } = await ada(server);
  const made = await server.adminClient.post("/admin/recovery/code", { identity_id: id, expires_in: "20m" });
  assert.equal(made.status, 201);
  const flowId = new URL(made.body.recovery_link).searchParams.get("flow");
  const browser = server.browser();
  const { body: flow } = await browser.get(`/self-service/recovery/flows?id=${flowId}`, { accept: "application/json" });
  assert.deepEqual(nodeNames(flow), ["code:text", "method:submit"]);
  const done = await browser.send("POST", flow.ui.action, { form: { method: "code", code: made.body.recovery_code } });
  assert.match(done.location!, /settings\?flow=/);
  assert.equal((await server.admin("GET", `/admin/identities/${id}`)).body.verifiable_addresses[0].verified, false);
  const link = await server.adminClient.post("/admin/recovery/link?return_to=/home", { identity_id: id });
  const other = server.browser();
  assert.match((await other.get(link.body.recovery_link)).location!, /settings\?flow=/);
  for (const wish of [
    { identity_id: id, expires_in: "-1h" },
    { identity_id: id, expires_in: "soon" },
    { identity_id: "x" },
  ])
    assert.equal((await server.adminClient.post("/admin/recovery/code", wish)).status, 400);
  assert.equal((await server.adminClient.post("/admin/recovery/code", {})).status, 404);
});

test("a disabled account is written to no more, and its code opens nothing", async (t) => {
  const server = await startServer(t, recovering());
  const { id } = await ada(server);
  const { body: flow } = await server.native.get("/self-service/recovery/api");
  await server.native.post(flow.ui.action, { method: "code", email });
  const code = codeIn(await mailTo(server, email));
  const patch = [{ op: "replace", path: "/state", value: "inactive" }];
  await server.adminClient.send("PATCH", `/admin/identities/${id}`, { json: patch });
  const tried = await server.native.post(flow.ui.action, { method: "code", code });
  assert.deepEqual(messageIds(tried.body), [4010011]);
  const { body: next } = await server.native.get("/self-service/recovery/api");
  await server.native.post(next.ui.action, { method: "code", email });
  assert.equal((await mailsTo(server, email)).length, 1);
});

onEachDatabase(
  "what was sent to an address that has left the account opens it no more",
  async (server) => {
    const { id } = await ada(server);
    const sent = async (method: "code" | "link", after?: Awaited<ReturnType<typeof mailTo>>) => {
      const { body: flow } = await server.native.get("/self-service/recovery/api");
      await server.native.post(flow.ui.action, { method, email });
      return { flow, mail: await mailTo(server, email, { after }) };
    };
    const byCode = await sent("code");
    const byLink = await sent("link", byCode.mail);
    const moved = [{ op: "replace", path: "/traits/email", value: "ada@elsewhere.example" }];
    await server.adminClient.send("PATCH", `/admin/identities/${id}`, { json: moved });
    const tried = await server.native.post(byCode.flow.ui.action, { method: "code", code: codeIn(byCode.mail) });
    assert.deepEqual(messageIds(tried.body), [4060006]);
    const { location } = await server.browser().get(linkIn(byLink.mail).href);
    assert.match(location!, /\/recovery\?flow=/);
    assert.deepEqual((await server.admin("GET", "/admin/sessions")).body, []);
  },
  recovering(),
);

const twoAddresses = {
  $id: "https://example.org/two.schema.json",
  type: "object",
  properties: {
    traits: {
      type: "object",
      properties: {
        name: { type: "string", "ory.sh/kratos": { credentials: { password: { identifier: true } } } },
        home: {
          type: "string",
          format: "email",
          "ory.sh/kratos": { recovery: { via: "email" }, verification: { via: "email" } },
        },
        work: { type: "string", format: "email", "ory.sh/kratos": { recovery: { via: "email" } } },
      },
    },
  },
};

test("people choose among their addresses, shown in part, and type the chosen one in full", async (t) => {
  const { config } = recovering({}, { choose_recovery_address: true, use_continue_with_transitions: true });
  const url = `base64://${Buffer.from(JSON.stringify(twoAddresses)).toString("base64")}`;
  const server = await startServer(t, {
    config: { ...config, identity: { default_schema_id: "two", schemas: [{ id: "two", url }] } },
  });
  const traits = { name: "grace", home: "grace@home.example", work: "hopper@work.example" };
  await server.adminClient.post("/admin/identities", { schema_id: "two", traits });
  const { body: flow } = await server.native.get("/self-service/recovery/api");
  assert.equal(flow.state, "recovery_awaiting_address");
  const say = async (members: object) =>
    (await server.native.post(flow.ui.action, { method: "code", ...members })).body;
  const choice = await say({ recovery_address: "grace" });
  assert.deepEqual([choice.state, messageIds(choice)], ["recovery_awaiting_address_choice", [1060006]]);
  assert.ok(!/grace@home|hopper@work/.test(JSON.stringify(choice)));
  const labels = choice.ui.nodes
    .filter(({ attributes }: Json) => attributes.name === "recovery_select_address")
    .map(({ meta }: Json) => meta.label.text);
  assert.deepEqual(labels.toSorted(), ["gr****@home.example", "ho****@work.example"]);
  const digest = values(choice, "recovery_select_address")[labels.indexOf("ho****@work.example")];
  const full = await say({ recovery_address: "grace", recovery_select_address: digest });
  assert.deepEqual([full.state, messageIds(full)], ["recovery_confirming_address", [1060005]]);
  const guessed = await say({ recovery_address: "grace", recovery_confirm_address: "hoover@work.example" });
  assert.equal(guessed.state, "recovery_awaiting_code");
  assert.equal(
    (await mailsTo(server, "hoover@work.example")).length + (await mailsTo(server, "hopper@work.example")).length,
    0,
  );
  const back = await say({ screen: "previous" });
  assert.equal(back.state, "recovery_awaiting_address_choice");
  await say({ recovery_select_address: digest });
  const waiting = await say({ recovery_confirm_address: "Hopper@work.example" });
  assert.deepEqual([waiting.state, messageIds(waiting)], ["recovery_awaiting_code", [1060004]]);
  const done = await say({ code: codeIn(await mailTo(server, "hopper@work.example")) });
  assert.equal(done.state, "passed_challenge");
});

test("a text message lets somebody back in, and channels find its code by Kratos' name", async (t) => {
  const { config } = recovering({}, { choose_recovery_address: true, use_continue_with_transitions: true });
  const phone = {
    type: "string",
    format: "tel",
    "ory.sh/kratos": { recovery: { via: "sms" }, verification: { via: "sms" } },
  };
  const schema = { $id: "x", type: "object", properties: { traits: { type: "object", properties: { phone } } } };
  const url = `base64://${Buffer.from(JSON.stringify(schema)).toString("base64")}`;
  const server = await startServer(t, {
    config: { ...config, identity: { default_schema_id: "phone", schemas: [{ id: "phone", url }] } },
  });
  await server.adminClient.post("/admin/identities", { schema_id: "phone", traits: { phone: "+49 (151) 2345-6789" } });
  const { body: flow } = await server.native.get("/self-service/recovery/api");
  const sent = await server.native.post(flow.ui.action, { method: "code", recovery_address: "+49 151 2345 6789" });
  assert.deepEqual(
    [sent.body.state, sent.body.ui.messages[0].context],
    ["recovery_awaiting_code", { masked_address: "+49****89" }],
  );
  const mail = await mailTo(server, "+4915123456789", { type: "recovery_code_valid" });
  assert.equal(mail.templateData.verification_code, codeIn(mail));
  const done = await server.native.post(flow.ui.action, { method: "code", code: codeIn(mail) });
  assert.equal(done.body.state, "passed_challenge");
});
