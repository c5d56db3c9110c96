import assert from "node:assert/strict";
import { test } from "node:test";
import { csrfTokenOf, messageIds } from "../support/client.ts";
import type { Json } from "../support/client.ts";
import type { ConfigTree } from "../support/config.ts";
import { codeIn, linkIn, mailTo, mailsTo } from "../support/mailbox.ts";
import { onEachDatabase } from "../support/servers.ts";
import { startServer } from "../support/server.ts";

const email = "ada@example.org";
const password = "correct horse battery";
const verifying = (flows: ConfigTree = {}): { config: ConfigTree } => ({
  config: {
    courier: { smtp: { connection_uri: "smtp://127.0.0.1:1/?disable_starttls=true" } },
    selfservice: {
      methods: { code: { enabled: true }, link: { enabled: true } },
      flows: { verification: { enabled: true, ui_url: "http://app.example.org/verification" }, ...flows },
    },
  },
});
const shown = verifying({
  registration: { after: { password: { hooks: [{ hook: "show_verification_ui" }, { hook: "session" }] } } },
});

onEachDatabase(
  "who signs up gets a code for the new address, and is led to where it is entered",
  async (server) => {
    const { body: flow } = await server.native.get("/self-service/registration/api");
    const { body } = await server.native.post(flow.ui.action, { method: "password", password, traits: { email } });
    assert.deepEqual(
      body.continue_with.map(({ action }: Json) => action),
      ["show_verification_ui", "set_ory_session_token"],
    );
    const { id, verifiable_address: address, url } = body.continue_with[0].flow;
    assert.deepEqual([address, url], [email, undefined]);
    assert.equal(body.identity.verifiable_addresses[0].status, "sent");
    const code = codeIn(await mailTo(server, email));
    const { body: verification } = await server.native.get(`/self-service/verification/flows?id=${id}`);
    assert.deepEqual([verification.state, messageIds(verification)], ["sent_email", [1080003]]);
    const done = await server.native.post(verification.ui.action, { method: "code", code });
    assert.equal(done.body.state, "passed_challenge");
    const headers = { "x-session-token": body.session_token };
    assert.equal(
      (await server.native.get("/sessions/whoami", { headers })).body.identity.verifiable_addresses[0].verified,
      true,
    );
  },
  shown,
);

onEachDatabase(
  "a sign-up that is refused sends nothing",
  async (server) => {
    await server.createPerson({ email, password });
    const { body: flow } = await server.native.get("/self-service/registration/api");
    const { status } = await server.native.post(flow.ui.action, { method: "password", password, traits: { email } });
    assert.equal(status, 400);
    assert.deepEqual(await mailsTo(server, email), []);
  },
  shown,
);

test("where somebody wants to go after verification survives the sign-up", async (t) => {
  for (const use of ["code", "link"]) {
    const flows = { verification: { enabled: true, use, ui_url: "http://app.example.org/verification" } };
    const server = await startServer(t, {
      config: {
        ...shown.config,
        selfservice: {
          ...(shown.config["selfservice"] as ConfigTree),
          flows: { ...((shown.config["selfservice"] as ConfigTree)["flows"] as ConfigTree), ...flows },
        },
      },
    });
    for (const [query, end] of [
      ["return_to=/after", "http://app.example.org/after"],
      ["return_to=/after&after_verification_return_to=/verified", "http://app.example.org/verified"],
    ]) {
      const address = `ada-${end!.length}@example.org`;
      const browser = server.browser();
      const start = await browser.get(`/self-service/registration/browser?${query}`);
      const id = new URL(start.location!).searchParams.get("flow");
      const { body: flow } = await browser.get(`/self-service/registration/flows?id=${id}`, {
        accept: "application/json",
      });
      const form = { csrf_token: csrfTokenOf(flow), method: "password", password, "traits.email": address };
      const { location } = await browser.send("POST", flow.ui.action, { form });
      assert.match(location!, /^http:\/\/app\.example\.org\/verification\?flow=/);
      const { searchParams } = new URL(location!);
      const seen = () =>
        browser.get(`/self-service/verification/flows?id=${searchParams.get("flow")}`, { accept: "application/json" });
      const { body: verification } = await seen();
      const mail = await mailTo(server, address);
      if (use === "link") await browser.get(linkIn(mail).href);
      else await browser.send("POST", verification.ui.action, { form: { method: "code", code: codeIn(mail) } });
      assert.equal((await seen()).body.ui.action, end);
    }
  }
});

test("a native client says so by the URL, as does a sign-in; what is out of bounds leads nowhere", async (t) => {
  const server = await startServer(t, shown);
  for (const [query, end] of [
    ["after_verification_return_to=/verified", "http://app.example.org/verified"],
    ["return_to=/after&after_verification_return_to=/verified", "http://app.example.org/verified"],
    ["return_to=/after&after_verification_return_to=https://evil.example/", "http://app.example.org/after"],
  ]) {
    const address = `ada-${query!.length}@example.org`;
    const { body: flow } = await server.native.get(`/self-service/registration/api?${query}`);
    const { body: done } = await server.native.post(flow.ui.action, {
      method: "password",
      password,
      traits: { email: address },
    });
    const verification = done.continue_with.find(({ action }: Json) => action === "show_verification_ui").flow;
    const sent = { method: "code", code: codeIn(await mailTo(server, address)) };
    const { body: proved } = await server.native.post(`/self-service/verification?flow=${verification.id}`, sent);
    assert.equal(proved.ui.action, end, query);
  }
});

test("a browser may not be sent just anywhere after verification", async (t) => {
  const server = await startServer(t, shown);
  const { status } = await server
    .spa()
    .get("/self-service/registration/browser?after_verification_return_to=https://evil.example/");
  assert.equal(status, 400);
});

onEachDatabase(
  "who has no verified address is turned away, and sent something to verify one",
  async (server) => {
    await server.createPerson({ email, password });
    const { body: flow } = await server.native.get("/self-service/login/api");
    const sent = { method: "password", identifier: email, password };
    const refused = await server.native.post(flow.ui.action, sent);
    assert.deepEqual(
      [refused.status, refused.body.error.id, refused.body.error.code],
      [403, "session_verified_address_required", 400],
    );
    const [{ action, flow: verification }] = refused.body.error.details.continue_with;
    assert.deepEqual([action, verification.verifiable_address], ["show_verification_ui", email]);
    assert.deepEqual((await server.admin("GET", "/admin/sessions")).body, []);
    const code = codeIn(await mailTo(server, email));
    await server.native.post(`/self-service/verification?flow=${verification.id}`, { method: "code", code });
    assert.equal((await server.native.post(flow.ui.action, sent)).status, 200);
  },
  verifying({ login: { after: { password: { hooks: [{ hook: "require_verified_address" }] } } } }),
);

test("sign-in can begin a verification, and lead to it", async (t) => {
  const hooks = [{ hook: "verification" }, { hook: "show_verification_ui" }];
  const server = await startServer(
    t,
    verifying({ login: { ui_url: "http://app.example.org/login", after: { password: { hooks } } } }),
  );
  await server.createPerson({ email, password });
  const { body: flow } = await server.native.get("/self-service/login/api");
  const { body } = await server.native.post(flow.ui.action, { method: "password", identifier: email, password });
  assert.deepEqual(
    body.continue_with.map(({ action }: Json) => action),
    ["show_verification_ui"],
  );
  await mailTo(server, email, { type: "verification_code_valid" });
});

onEachDatabase(
  "an address that settings bring is verified like one of a sign-up",
  async (server) => {
    await server.createPerson({ email, password });
    const { body: login } = await server.native.get("/self-service/login/api");
    const { body: signedIn } = await server.native.post(login.ui.action, {
      method: "password",
      identifier: email,
      password,
    });
    const headers = { "x-session-token": signedIn.session_token };
    const { body: flow } = await server.native.get("/self-service/settings/api", { headers });
    const next = "countess@example.org";
    const { status, body } = await server.native.post(
      flow.ui.action,
      { method: "profile", traits: { email: next } },
      { headers },
    );
    assert.equal(status, 200);
    assert.deepEqual(
      body.continue_with.map(({ action }: Json) => action),
      ["show_verification_ui"],
    );
    assert.equal(body.identity.verifiable_addresses[0].status, "sent");
    const code = codeIn(await mailTo(server, next));
    await server.native.post(`/self-service/verification?flow=${body.continue_with[0].flow.id}`, {
      method: "code",
      code,
    });
    const { body: me } = await server.native.get("/sessions/whoami", { headers });
    assert.equal(me.identity.verifiable_addresses[0].verified, true);
  },
  verifying({
    settings: {
      ui_url: "http://app.example.org/settings",
      after: { profile: { hooks: [{ hook: "show_verification_ui" }] } },
    },
  }),
);
