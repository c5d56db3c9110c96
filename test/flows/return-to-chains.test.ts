import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { test } from "node:test";
import { Client, csrfTokenOf } from "../support/client.ts";
import type { Json } from "../support/client.ts";
import { codeIn, linkIn, mailTo, mailsTo } from "../support/mailbox.ts";
import { startServer } from "../support/server.ts";
import type { TestServer } from "../support/server.ts";

const password = "correct horse battery";
const page = (name: string) => ({ ui_url: `http://app.example.org/${name}` });
const configOf = (use: "code" | "link") => ({
  courier: { smtp: { connection_uri: "smtp://127.0.0.1:1/?disable_starttls=true" } },
  selfservice: {
    methods: { code: { enabled: true, passwordless_enabled: true }, link: { enabled: true } },
    flows: {
      login: {
        ...page("login"),
        after: {
          code: { hooks: [{ hook: "require_verified_address" }] },
          password: { hooks: [{ hook: "require_verified_address" }] },
        },
      },
      registration: { ...page("registration"), after: { password: { hooks: [{ hook: "show_verification_ui" }] } } },
      settings: { ...page("settings"), privileged_session_max_age: "1h" },
      recovery: { enabled: true, use, ...page("recovery") },
      verification: { enabled: true, use, ...page("verification") },
    },
  },
});

interface Walk {
  readonly server: TestServer;
  readonly browser: Client;
  readonly email: string;
  readonly use: "code" | "link";
}

const flowOf = async (browser: Client, location: string | null): Promise<Json> => {
  const { pathname, searchParams } = new URL(location!);
  return (
    await browser.get(`/self-service${pathname}/flows?id=${searchParams.get("flow")}`, { accept: "application/json" })
  ).body;
};

async function begin({ browser }: Walk, kind: string, returnTo: string): Promise<Json> {
  const { location } = await browser.get(`/self-service/${kind}/browser?return_to=${encodeURIComponent(returnTo)}`);
  return flowOf(browser, location);
}

const submit = (browser: Client, flow: Json, form: Record<string, string>) =>
  browser.send("POST", flow.ui.action, { form: { csrf_token: csrfTokenOf(flow), ...form } });

/** Lets a flow run out, and goes on with the one that takes its place. */
async function outwait({ server, browser }: Walk, flow: Json, form: Record<string, string>): Promise<Json> {
  server.advance(3_600_001);
  return flowOf(browser, (await submit(browser, flow, form)).location);
}

/** Proves an address in a flow that has sent something; says where the form leads then. */
async function prove({ server, browser, email, use }: Walk, flow: Json, after?: Json): Promise<string> {
  const mail = await mailTo(server, email, { after });
  if (use === "link") await browser.get(linkIn(mail).href);
  else await browser.send("POST", flow.ui.action, { form: { method: "code", code: codeIn(mail) } });
  return (await browser.get(`/self-service/verification/flows?id=${flow.id}`, { accept: "application/json" })).body.ui
    .action;
}

const person = (walk: Walk) => walk.server.createPerson({ email: walk.email, password });
const byPassword = ({ email }: Walk) => ({ method: "password", identifier: email, password });

/** Every chain of flows: each says where it leads in the end. */
const chains: Readonly<Record<string, (walk: Walk, returnTo: string) => Promise<string | null>>> = {
  async verification(walk, returnTo) {
    await person(walk);
    const flow = await begin(walk, "verification", returnTo);
    await submit(walk.browser, flow, { method: walk.use, email: walk.email });
    return prove(walk, flow);
  },
  async "verification that ran out"(walk, returnTo) {
    await person(walk);
    const first = await begin(walk, "verification", returnTo);
    const flow = await outwait(walk, first, { method: walk.use, email: walk.email });
    await submit(walk.browser, flow, { method: walk.use, email: walk.email });
    return prove(walk, flow);
  },
  async "sign-up, verification"(walk, returnTo) {
    const flow = await begin(walk, "registration", returnTo);
    const { location } = await submit(walk.browser, flow, { method: "password", password, "traits.email": walk.email });
    return prove(walk, await flowOf(walk.browser, location));
  },
  async "sign-up that ran out, verification"(walk, returnTo) {
    const form = { method: "password", password, "traits.email": walk.email };
    const flow = await outwait(walk, await begin(walk, "registration", returnTo), form);
    return prove(walk, await flowOf(walk.browser, (await submit(walk.browser, flow, form)).location));
  },
  async "sign-in that wants a verified address, verification"(walk, returnTo) {
    await person(walk);
    const flow = await begin(walk, "login", returnTo);
    const { location } = await submit(walk.browser, flow, byPassword(walk));
    return prove(walk, await flowOf(walk.browser, location));
  },
  async "recovery, settings"(walk, returnTo) {
    await person(walk);
    const flow = await begin(walk, "recovery", returnTo);
    return settle(walk, await recover(walk, flow));
  },
  async "recovery that ran out, settings"(walk, returnTo) {
    await person(walk);
    const first = await begin(walk, "recovery", returnTo);
    return settle(walk, await recover(walk, await outwait(walk, first, { method: walk.use, email: walk.email })));
  },
  async "recovery by a code that was used, recovery, settings"(walk, returnTo) {
    await person(walk);
    const first = await begin(walk, "recovery", returnTo);
    await recover(walk, first);
    const other: Walk = { ...walk, browser: walk.server.browser() };
    const mail = await mailTo(walk.server, walk.email);
    const again =
      walk.use === "link"
        ? await other.browser.get(linkIn(mail).href)
        : await other.browser.send("POST", first.ui.action, { form: { method: "code", code: codeIn(mail) } });
    return settle(other, await recover(other, await flowOf(other.browser, again.location)));
  },
};

async function recover(walk: Walk, flow: Json): Promise<Json> {
  const before = (await mailsTo(walk.server, walk.email)).at(-1);
  await submit(walk.browser, flow, { method: walk.use, email: walk.email });
  const mail = await mailTo(walk.server, walk.email, { after: before });
  const done =
    walk.use === "link"
      ? await walk.browser.get(linkIn(mail).href)
      : await walk.browser.send("POST", flow.ui.action, { form: { method: "code", code: codeIn(mail) } });
  return flowOf(walk.browser, done.location);
}

const settle = async ({ browser }: Walk, flow: Json) =>
  (await submit(browser, flow, { method: "password", password: `another horse ${randomInt(1e9)}` })).location;

const letters = ["a", "/", "?", "&", "=", "%20", "+", "%C3%BC", ";", ".", "-", "return_to=", "flow="];
const anyPath = () =>
  `/${Array.from({ length: randomInt(1, 9) }, () => letters[randomInt(letters.length)]!)
    .join("")
    .replaceAll(/^\/+|\/{2,}/g, "")}`;

for (const use of ["code", "link"] as const)
  test(`wherever somebody wanted to go, each chain of flows leads there, by ${use}`, async (t) => {
    const server = await startServer(t, { config: configOf(use) });
    let people = 0;
    for (const [name, chain] of Object.entries(chains))
      for (let round = 0; round < 3; round++) {
        const returnTo = round === 0 ? "http://app.example.org/deep?x=1&y=%26" : anyPath();
        const walk = { server, browser: server.browser(), email: `person-${++people}@example.org`, use };
        const end = await chain(walk, returnTo);
        assert.equal(end, new URL(returnTo, "http://app.example.org/").href, `${name}: ${returnTo}`);
      }
  });

test("a second factor on the way to the settings leads on to them, and they to where somebody wanted to go", async (t) => {
  const { courier, selfservice } = configOf("code");
  const flows = { ...selfservice.flows, login: page("login") };
  const server = await startServer(t, {
    config: {
      courier,
      identity: coded,
      selfservice: { methods: { code: { enabled: true, mfa_enabled: true } }, flows },
    },
  });
  const end = "http://app.example.org/deep?x=1&y=%26";
  const walk: Walk = { server, browser: server.browser(), email: "ada@example.org", use: "code" };
  await person(walk);
  await submit(walk.browser, await begin(walk, "login", end), byPassword(walk));
  const refused = await walk.browser.get(`/self-service/settings/browser?return_to=${encodeURIComponent(end)}`);
  assert.equal(await settle(walk, await flowOf(walk.browser, await secondFactor(walk, refused.location!))), end);
  const lost: Walk = { ...walk, browser: server.browser() };
  const flow = await begin(lost, "recovery", end);
  await submit(lost.browser, flow, { method: "code", email: lost.email });
  const recovered = await lost.browser.send("POST", flow.ui.action, {
    form: { method: "code", code: codeIn(await mailTo(server, lost.email, { type: "recovery_code_valid" })) },
  });
  const id = new URL(recovered.location!).searchParams.get("flow");
  const { body } = await lost.browser.get(`/self-service/settings/flows?id=${id}`, { accept: "application/json" });
  assert.equal(body.error.id, "session_aal2_required");
  assert.equal(await secondFactor(lost, body.redirect_browser_to), recovered.location);
  assert.equal(await settle(lost, await flowOf(lost.browser, recovered.location)), end);
});

/** Follows a browser through the server, as far as it leads by itself. */
async function follow(browser: Client, location: string | null): Promise<string> {
  let at = location!;
  for (let steps = 0; at.includes("/self-service/") && steps < 5; steps++) at = (await browser.get(at)).location!;
  return at;
}

test("signing in by code, confirming who one is, and links of administrators lead to where somebody wanted to go", async (t) => {
  const { courier, selfservice } = configOf("code");
  const flows = { ...selfservice.flows, login: page("login") };
  const server = await startServer(t, { config: { courier, identity: coded, selfservice: { ...selfservice, flows } } });
  const end = "http://app.example.org/deep?x=1&y=%26";
  const walk: Walk = { server, browser: server.browser(), email: "ada@example.org", use: "code" };
  const { id } = await person(walk);
  const login = await begin(walk, "login", end);
  await submit(walk.browser, login, { method: "code", identifier: walk.email });
  const code = codeIn(await mailTo(server, walk.email, { type: "login_code_valid" }));
  const { location } = await submit(walk.browser, login, { method: "code", identifier: walk.email, code });
  assert.equal(location, end);
  server.advance(3_600_001);
  const settings = await begin(walk, "settings", end);
  const stale = await submit(walk.browser, settings, {
    method: "password",
    password: `another horse ${randomInt(1e9)}`,
  });
  const confirm = await flowOf(walk.browser, await follow(walk.browser, stale.location));
  const confirmed = await submit(walk.browser, confirm, byPassword(walk));
  assert.equal(await follow(walk.browser, confirmed.location), end);
  const { body } = await server.adminClient.post(`/admin/recovery/link?return_to=${encodeURIComponent(end)}`, {
    identity_id: id,
  });
  const invited: Walk = { ...walk, browser: server.browser() };
  const opened = await invited.browser.get(body.recovery_link);
  assert.equal(await settle(invited, await flowOf(invited.browser, opened.location)), end);
});

test("a profile that is changed leads to where somebody wanted to go, and its verification too", async (t) => {
  const { courier, selfservice } = configOf("code");
  const settings = { ...selfservice.flows.settings, after: { profile: { hooks: [{ hook: "show_verification_ui" }] } } };
  const server = await startServer(t, {
    config: {
      courier,
      selfservice: { ...selfservice, flows: { ...selfservice.flows, login: page("login"), settings } },
    },
  });
  const end = "http://app.example.org/deep?x=1&y=%26";
  const walk: Walk = { server, browser: server.browser(), email: "ada@example.org", use: "code" };
  await person(walk);
  await submit(walk.browser, await begin(walk, "login", end), byPassword(walk));
  const changed: Walk = { ...walk, email: "lovelace@example.org" };
  const { location } = await submit(walk.browser, await begin(walk, "settings", end), {
    method: "profile",
    "traits.email": changed.email,
  });
  // Browsers go on at once; the verification that has begun waits for who follows the mail, and leads to the same place.
  assert.equal(location, end);
  const id = linkIn(await mailTo(server, changed.email)).searchParams.get("flow");
  const { body: flow } = await walk.browser.get(`/self-service/verification/flows?id=${id}`, {
    accept: "application/json",
  });
  assert.equal(await prove(changed, flow), end);
});

/** Proves the second factor in the flow that a browser is sent to; answers with where it is sent on. */
async function secondFactor({ server, browser, email }: Walk, url: string): Promise<string> {
  const before = (await mailsTo(server, email)).at(-1);
  const flow = await flowOf(browser, (await browser.get(url)).location);
  const { location } = await submit(browser, flow, {
    method: "code",
    code: codeIn(await mailTo(server, email, { after: before })),
  });
  return location!.includes("/self-service/") ? (await browser.get(location!)).location! : location!;
}

const traits = {
  type: "object",
  properties: {
    email: {
      type: "string",
      format: "email",
      "ory.sh/kratos": {
        credentials: { password: { identifier: true }, code: { identifier: true, via: "email" } },
        recovery: { via: "email" },
      },
    },
  },
};
const schema = { $id: "https://example.org/coded.schema.json", type: "object", properties: { traits } };
const coded = {
  default_schema_id: "person",
  schemas: [{ id: "person", url: `base64://${Buffer.from(JSON.stringify(schema)).toString("base64")}` }],
};
