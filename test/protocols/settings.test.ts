import assert from "node:assert/strict";
import { test } from "node:test";
import { Configuration, FrontendApi } from "@ory/kratos-client";
import type { SettingsFlow } from "@ory/kratos-client";
import { generateSync } from "otplib";
import { password } from "../support/person.ts";
import { startServer } from "../support/server.ts";

const methods = { totp: { enabled: true }, lookup_secret: { enabled: true } };

/** What a text of a settings form carries for programs. */
const contextOf = <Context>({ ui }: SettingsFlow, id: string): Context => {
  const node = ui.nodes.find(({ attributes }) => "id" in attributes && attributes.id === id);
  return (node!.attributes as unknown as { text: { context: Context } }).text.context;
};

test("Kratos' own client changes an account, sets second factors up and signs in by them, natively", async (t) => {
  const server = await startServer(t, { config: { selfservice: { methods } } });
  await server.createPerson({ email: "kim@example.org", password });
  const kratos = new FrontendApi(new Configuration({ basePath: server.publicUrl }));
  const codeOf = (secret: string) => generateSync({ secret, epoch: Math.floor(server.now().getTime() / 1000) });

  const signIn = async (identifier: string, secret: string) => {
    const { data: flow } = await kratos.createNativeLoginFlow();
    const updateLoginFlowBody = { method: "password" as const, identifier, password: secret };
    return (await kratos.updateLoginFlow({ flow: flow.id, updateLoginFlowBody })).data.session_token!;
  };
  const settle = async (
    xSessionToken: string,
    updateSettingsFlowBody: Parameters<typeof kratos.updateSettingsFlow>[0]["updateSettingsFlowBody"],
    flow?: string,
  ) => {
    const id = flow ?? (await kratos.createNativeSettingsFlow({ xSessionToken })).data.id;
    return (await kratos.updateSettingsFlow({ flow: id, xSessionToken, updateSettingsFlowBody })).data;
  };

  const first = await signIn("kim@example.org", password);
  const named = await settle(first, {
    method: "profile",
    traits: { email: "kim@example.net", name: { first: "Kim" } },
  });
  assert.deepEqual(named.identity.traits, { email: "kim@example.net", name: { first: "Kim" } });
  await settle(first, { method: "password", password: "another-horse-battery-9" });
  await assert.rejects(signIn("kim@example.net", password), { status: 400 });

  const { data: form } = await kratos.createNativeSettingsFlow({ xSessionToken: first });
  const { secret } = contextOf<{ secret: string }>(form, "totp_secret_key");
  assert.equal((await settle(first, { method: "totp", totp_code: codeOf(secret) }, form.id)).state, "success");
  const made = await settle(first, { method: "lookup_secret", lookup_secret_regenerate: true });
  const { secrets } = contextOf<{ secrets: { context: { secret: string } }[] }>(made, "lookup_secret_codes");
  assert.equal(
    (await settle(first, { method: "lookup_secret", lookup_secret_confirm: true }, made.id)).state,
    "success",
  );

  server.advance(30_000);
  const factors = [
    { method: "totp" as const, totp_code: codeOf(secret) },
    { method: "lookup_secret" as const, lookup_secret: secrets[0]!.context.secret },
  ];
  for (const updateLoginFlowBody of factors) {
    const xSessionToken = await signIn("kim@example.net", "another-horse-battery-9");
    await assert.rejects(kratos.toSession({ xSessionToken }), { status: 403 });
    const { data: flow } = await kratos.createNativeLoginFlow({ xSessionToken, aal: "aal2" });
    const { data } = await kratos.updateLoginFlow({ flow: flow.id, xSessionToken, updateLoginFlowBody });
    const { data: session } = await kratos.toSession({ xSessionToken: data.session_token! });
    assert.equal(session.authenticator_assurance_level, "aal2");
    assert.deepEqual(
      session.authentication_methods?.map(({ method }) => method),
      ["password", updateLoginFlowBody.method],
    );
  }
});
