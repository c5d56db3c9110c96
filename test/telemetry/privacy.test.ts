import assert from "node:assert/strict";
import { test } from "node:test";
import { csrfTokenOf } from "../support/client.ts";
import type { Json } from "../support/client.ts";
import { mergeTrees } from "../support/config.ts";
import { hook, startTarget } from "../support/hook-target.ts";
import { startCollector, tracedBy } from "../support/otlp/collector.ts";
import { openPost, typedCode } from "../support/post.ts";
import { startServer } from "../support/server.ts";

const email = "ada.lovelace@example.org";
const secrets = { password: "correct horse battery staple", next: "an even better horse", wrong: "no horse at all" };

test("traces tell what has happened, and nothing that anybody typed, was sent or could sign in by", async (t) => {
  const collector = await startCollector(t);
  const post = await openPost(t);
  const target = await startTarget(t);
  const server = await startServer(t, {
    config: mergeTrees(mergeTrees(post.config, tracedBy(collector)), {
      selfservice: {
        methods: { code: { enabled: true } },
        flows: {
          recovery: { enabled: true, ui_url: "http://app.example.org/recovery" },
          settings: { ui_url: "http://app.example.org/settings", after: { hooks: [hook(`${target.url}/path-token`)] } },
        },
      },
    }),
  });
  const app = server.spa();
  const submit = async (kind: string, body: Json): Promise<Json> => {
    const { body: flow } = await app.get(`/self-service/${kind}/browser`);
    const csrf_token = csrfTokenOf(flow);
    return { csrf_token, ...(await app.post(flow.ui.action, { ...body, csrf_token })).body, action: flow.ui.action };
  };
  const { identity } = await submit("registration", {
    method: "password",
    password: secrets.password,
    traits: { email },
  });
  const settled = await submit("settings", { method: "password", password: secrets.next });
  const cookies = [...app.cookies.values()];
  app.cookies.clear();
  const { csrf_token } = await submit("login", { method: "password", identifier: email, password: secrets.wrong });
  const native = (await server.native.get("/self-service/login/api")).body.ui.action;
  const signedIn = await server.native.post(native, { method: "password", identifier: email, password: secrets.next });
  await server.native.get("/sessions/whoami", { headers: { "x-session-token": signedIn.body.session_token } });
  const recovery = await submit("recovery", { method: "code", email });
  const code = typedCode(await post.next());
  await app.post(recovery.action, { method: "code", code, csrf_token: recovery.csrf_token });
  await server.app.close();
  const spans = collector.spans();
  const names = new Set(spans.flatMap(({ events }) => events.map((event) => event.name)));
  for (const name of [
    ...["IdentityCreated", "RegistrationInitiated", "RegistrationSucceeded", "SessionIssued", "SettingsSucceeded"],
    ...["LoginInitiated", "LoginFailed", "LoginSucceeded", "SessionChecked", "RecoverySucceeded"],
    ...["WebhookDelivered", "WebhookSucceeded", "CourierMessageDispatched"],
  ])
    assert.ok(names.has(name), `${name} is not among ${[...names].join(", ")}`);
  const passed = spans.flatMap(({ events }) => events).find(({ name }) => name === "LoginSucceeded")!;
  assert.deepEqual(
    [
      passed.attributes["IdentityID"],
      passed.attributes["SelfServiceMethodUsed"],
      passed.attributes["SelfServiceFlowType"],
    ],
    [identity.id, "password", "api"],
  );
  const sent = JSON.stringify(spans);
  const hidden = {
    ...secrets,
    email,
    name: "lovelace",
    code,
    csrf_token,
    settledToken: settled.csrf_token,
    session: signedIn.body.session_token,
    path: "path-token",
    ...Object.fromEntries(cookies.map((value, at) => [`cookie ${at}`, value])),
  };
  for (const [what, value] of Object.entries(hidden)) {
    assert.ok(value.length >= 5, what);
    assert.ok(!isIn(sent, value) && !isIn(sent, encodeURIComponent(value)), `${what} is in ${whereIn(spans, value)}`);
  }
});

/** As a word of its own: six digits are part of many an id. */
const isIn = (text: string, value: string) =>
  new RegExp(`(?<![\\w-])${value.replaceAll(/[^\w]/g, "\\$&")}(?![\\w-])`).test(text);

const whereIn = (spans: readonly { readonly name: string }[], value: string) =>
  spans.find((span) => JSON.stringify(span).includes(value))?.name;
