import assert from "node:assert/strict";
import { test } from "node:test";
import { kratosOf, messagesOf, signIn } from "../support/kratos.ts";
import { password } from "../support/person.ts";
import { startServer } from "../support/server.ts";

const email = "kim@example.org";

test("Kratos' own client signs up and in, tells who it is, and ends sessions one by one", async (t) => {
  const server = await startServer(t);
  const kratos = kratosOf(server);
  const { frontend } = kratos;
  const { data: form } = await frontend.createNativeRegistrationFlow();
  const submit = (secret: string) =>
    frontend.updateRegistrationFlow({
      flow: form.id,
      updateRegistrationFlowBody: { method: "password", password: secret, traits: { email } },
    });
  await assert.rejects(submit("12345678"), { status: 400 });
  const { data: registered } = await submit(password);
  const first = registered.session_token!;
  assert.deepEqual(
    registered.continue_with?.map(({ action }) => action),
    ["set_ory_session_token"],
  );

  const { data: login } = await frontend.createNativeLoginFlow();
  const wrong = { method: "password" as const, identifier: email, password: "wrong" };
  await assert.rejects(frontend.updateLoginFlow({ flow: login.id, updateLoginFlowBody: wrong }), { status: 400 });
  assert.deepEqual(messagesOf((await frontend.getLoginFlow({ id: login.id })).data), [4000006]);

  const [second, third, fourth] = [
    await signIn(kratos, email),
    await signIn(kratos, email),
    await signIn(kratos, email),
  ];
  const { data: own } = await frontend.toSession({ xSessionToken: second });
  assert.equal(own.identity?.id, registered.identity.id);
  const { data: others } = await frontend.listMySessions({ xSessionToken: second });
  assert.equal(others.length, 3);
  assert.ok(
    others.every(({ id }) => id !== own.id),
    "the session that asks is not among them",
  );

  const { id } = (await frontend.toSession({ xSessionToken: third })).data;
  await frontend.disableMySession({ id, xSessionToken: second });
  await assert.rejects(frontend.toSession({ xSessionToken: third }), { status: 401 });
  // The one that had ended before counts as well.
  assert.equal((await frontend.disableMyOtherSessions({ xSessionToken: second })).data.count, 3);
  for (const xSessionToken of [first, fourth])
    await assert.rejects(frontend.toSession({ xSessionToken }), { status: 401 });
  await frontend.performNativeLogout({ performNativeLogoutBody: { session_token: second } });
  await assert.rejects(frontend.toSession({ xSessionToken: second }), { status: 401 });
});

test("Kratos' own client confirms an old sign-in before it changes a password", async (t) => {
  const server = await startServer(t, {
    config: { selfservice: { flows: { settings: { privileged_session_max_age: "10m" } } } },
  });
  const kratos = kratosOf(server);
  const { frontend } = kratos;
  await server.createPerson({ email, password });
  const xSessionToken = await signIn(kratos, email);
  server.advance(600_001);
  const { data: form } = await frontend.createNativeSettingsFlow({ xSessionToken });
  const change = (token: string) =>
    frontend.updateSettingsFlow({
      flow: form.id,
      xSessionToken: token,
      updateSettingsFlowBody: { method: "password", password: "another-horse-battery-9" },
    });
  const refused = await change(xSessionToken).catch(
    (error: { response: { status: number; data: { error: { id: string } } } }) => error.response,
  );
  assert.deepEqual(
    [refused.status, "error" in refused.data && refused.data.error.id],
    [403, "session_refresh_required"],
  );
  const { data: refresh } = await frontend.createNativeLoginFlow({ refresh: true, xSessionToken });
  const confirmed = { method: "password" as const, identifier: email, password };
  const { data } = await frontend.updateLoginFlow({ flow: refresh.id, xSessionToken, updateLoginFlowBody: confirmed });
  assert.equal((await change(data.session_token!)).data.state, "success");
  await signIn(kratos, email, "another-horse-battery-9");
});
