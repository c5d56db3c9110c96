import assert from "node:assert/strict";
import { test } from "node:test";
import { fieldOf, kratosOf } from "../support/kratos.ts";
import { keyConfig, newAuthenticator } from "../support/keys.ts";
import { startServer } from "../support/server.ts";

const email = "kim@example.org";

test("Kratos' own client signs up with a passkey, adds another, signs in by both, and removes all but one", async (t) => {
  const server = await startServer(t, { config: keyConfig() });
  const kratos = kratosOf(server);
  const { frontend } = kratos;
  const [first, second] = [newAuthenticator(), newAuthenticator()];
  const { data: form } = await frontend.createNativeRegistrationFlow();
  const passkey_register = first.create(JSON.parse(fieldOf(form, "passkey_create_data")).credentialOptions);
  const updateRegistrationFlowBody = { method: "passkey" as const, traits: { email }, passkey_register };
  const { data: registered } = await frontend.updateRegistrationFlow({ flow: form.id, updateRegistrationFlowBody });
  const xSessionToken = registered.session_token!;

  const begin = async () => (await frontend.createNativeSettingsFlow({ xSessionToken })).data;
  const settle = (flow: string, body: { passkey_settings_register: string } | { passkey_remove: string }) =>
    frontend.updateSettingsFlow({ flow, xSessionToken, updateSettingsFlowBody: { method: "passkey", ...body } });
  const settings = await begin();
  assert.throws(() => fieldOf(settings, "webauthn_register_trigger"), /no field/, "security keys take a browser");
  const options = JSON.parse(fieldOf(settings, "passkey_create_data"));
  await settle(settings.id, { passkey_settings_register: second.create(options) });

  const signIn = async (key: typeof first) => {
    const { data: login } = await frontend.createNativeLoginFlow();
    const passkey_login = key.get(JSON.parse(fieldOf(login, "passkey_challenge")));
    return (
      await frontend.updateLoginFlow({ flow: login.id, updateLoginFlowBody: { method: "passkey", passkey_login } })
    ).data;
  };
  for (const key of [first, second])
    assert.deepEqual(
      (await signIn(key)).session.authentication_methods?.map(({ method }) => method),
      ["passkey"],
    );

  const both = await begin();
  const { data: left } = await settle(both.id, { passkey_remove: fieldOf(both, "passkey_remove") });
  await assert.rejects(signIn(first), { status: 400 });
  await assert.rejects(settle(left.id, { passkey_remove: fieldOf(left, "passkey_remove") }), { status: 400 });
  await signIn(second);
});
