import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { mergeTrees, personSchema } from "../support/config.ts";
import { kratosOf, messagesOf, signIn } from "../support/kratos.ts";
import { password } from "../support/person.ts";
import { openPost, typedCode } from "../support/post.ts";
import { startServer } from "../support/server.ts";

const email = "kim@example.org";

const schema = structuredClone(personSchema);
const credentials = { password: { identifier: true }, code: { identifier: true, via: "email" } };
Object.assign(schema.properties.traits.properties.email["ory.sh/kratos"], { credentials });

const config = {
  feature_flags: { use_continue_with_transitions: true },
  identity: { schemas: [{ id: "person", url: `base64://${Buffer.from(JSON.stringify(schema)).toString("base64")}` }] },
  selfservice: {
    methods: { code: { enabled: true, passwordless_enabled: true } },
    flows: {
      recovery: { enabled: true, ui_url: "http://app.example.org/recovery" },
      verification: { enabled: true, ui_url: "http://app.example.org/verification" },
      registration: { after: { code: { hooks: [{ hook: "session" }] } } },
    },
  },
};

async function start(t: TestContext) {
  const post = await openPost(t);
  const server = await startServer(t, { config: mergeTrees(config, post.config) });
  return { server, post, kratos: kratosOf(server), code: async () => typedCode(await post.next()) };
}

test("Kratos' own client gets in by the code of a mail, and sets another password", async (t) => {
  const { server, kratos, code } = await start(t);
  const { frontend } = kratos;
  await server.createPerson({ email, password });
  const { data: flow } = await frontend.createNativeRecoveryFlow();
  const submit = async (body: { email: string } | { code: string }) =>
    (await frontend.updateRecoveryFlow({ flow: flow.id, updateRecoveryFlowBody: { method: "code", ...body } })).data;
  assert.deepEqual(messagesOf(await submit({ email })), [1060003]);
  const sent = await code();
  assert.deepEqual(messagesOf(await submit({ code: "000000" })), [4060006]);
  const { state, continue_with: next = [] } = await submit({ code: sent });
  assert.equal(state, "passed_challenge");
  const [token, settings] = next;
  assert.ok(token?.action === "set_ory_session_token" && settings?.action === "show_settings_ui");
  const xSessionToken = token.ory_session_token;
  const updateSettingsFlowBody = { method: "password" as const, password: "another-horse-battery-9" };
  const { data } = await frontend.updateSettingsFlow({ flow: settings.flow.id, xSessionToken, updateSettingsFlowBody });
  assert.equal(data.state, "success");
  await signIn(kratos, email, "another-horse-battery-9");
});

test("Kratos' own client verifies an address by the code of a mail", async (t) => {
  const { server, kratos, code } = await start(t);
  const { frontend, identity } = kratos;
  const { id } = await server.createPerson({ email, password });
  const { data: flow } = await frontend.createNativeVerificationFlow();
  const submit = async (body: { email: string } | { code: string }) =>
    (await frontend.updateVerificationFlow({ flow: flow.id, updateVerificationFlowBody: { method: "code", ...body } }))
      .data;
  assert.deepEqual(messagesOf(await submit({ email })), [1080003]);
  const sent = await code();
  assert.deepEqual(messagesOf(await submit({ code: "000000" })), [4070006]);
  assert.equal((await submit({ code: sent })).state, "passed_challenge");
  assert.equal((await identity.getIdentity({ id })).data.verifiable_addresses?.[0]?.verified, true);
});

test("Kratos' own client signs up and in by codes alone, and its owner looks at what was sent", async (t) => {
  const { kratos, code } = await start(t);
  const { frontend, courier } = kratos;
  const { data: form } = await frontend.createNativeRegistrationFlow();
  const signUp = (more: object) =>
    frontend.updateRegistrationFlow({
      flow: form.id,
      updateRegistrationFlowBody: { method: "code", traits: { email }, ...more },
    });
  await assert.rejects(signUp({}), { status: 400 });
  const { data: registered } = await signUp({ code: await code() });
  assert.ok(registered.session_token);

  const { data: login } = await frontend.createNativeLoginFlow();
  const enter = (more: object) =>
    frontend.updateLoginFlow({
      flow: login.id,
      updateLoginFlowBody: { method: "code", identifier: email, ...more } as never,
    });
  await assert.rejects(enter({}), { status: 400 });
  const { data } = await enter({ code: await code() });
  assert.deepEqual(
    data.session.authentication_methods?.map(({ method }) => method),
    ["code"],
  );

  const { data: messages } = await courier.listCourierMessages({ recipient: email });
  assert.deepEqual(messages.map(({ template_type: type }) => type).toSorted(), [
    "login_code_valid",
    "registration_code_valid",
  ]);
  assert.equal((await courier.getCourierMessage({ id: messages[0]!.id })).data.recipient, email);
});
