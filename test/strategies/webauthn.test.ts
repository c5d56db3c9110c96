import assert from "node:assert/strict";
import { csrfTokenOf, messageIds } from "../support/client.ts";
import type { Client, Json } from "../support/client.ts";
import type { Authenticator, Twist } from "../support/authenticator.ts";
import {
  addKey,
  appOrigin,
  begin,
  keyConfig,
  newAuthenticator,
  nodeNames,
  signInByPassword,
  signUpWithKey,
  signedIn,
  submit,
  valueOf,
  whoami,
} from "../support/keys.ts";
import { onEachDatabase } from "../support/servers.ts";
import type { TestServer } from "../support/server.ts";

const second = { config: keyConfig() };
const alone = { config: keyConfig({ selfservice: { methods: { webauthn: { config: { passwordless: true } } } } }) };
const silent = {
  config: keyConfig({
    security: { account_enumeration: { mitigate: true } },
    selfservice: { methods: { webauthn: { config: { passwordless: true } } } },
  }),
};

const idsOf = (list: Json[] = []) => list.map(({ id }) => id);
const idOf = (key: Authenticator) => key.keys.at(-1)!.id.toString("base64url");
const requestOf = (flow: Json) => JSON.parse(valueOf(flow, "webauthn_login_trigger"));
const hexOf = (key: Authenticator) => key.keys.at(-1)!.id.toString("hex");

async function climb(client: Client, key: Authenticator, twist: Twist = {}) {
  const flow = await begin(client, "login", "?aal=aal2");
  return submit(client, "login", flow, { method: "webauthn", webauthn_login: key.get(requestOf(flow), twist) });
}

async function signUp(server: TestServer, key: Authenticator, email: string) {
  const client = server.spa();
  return { client, answer: await signUpWithKey(client, key, email) };
}

/** The first half of signing in by a key alone: the name. */
async function named(client: Client, identifier: string) {
  const flow = await begin(client, "login");
  const answer = await submit(client, "login", flow, { method: "webauthn", identifier });
  const { body: next } = await client.get(`/self-service/login/flows?id=${flow.id}`);
  return { answer, next };
}

onEachDatabase(
  "a security key is added in settings, and steps a session up to the second level",
  async (server) => {
    const client = await signedIn(server, "pat@example.org");
    const key = newAuthenticator();
    const added = await addKey(client, key, "my blue key");
    assert.deepEqual([added.status, messageIds(added.body)], [200, [1050001]]);
    assert.equal((await whoami(client)).authenticator_assurance_level, "aal2");
    const remove = added.body.ui.nodes.find((node: Json) => node.attributes.name === "webauthn_remove");
    assert.equal(remove.attributes.value, hexOf(key));
    assert.equal(remove.meta.label.context.display_name, "my blue key");

    const elsewhere = await signInByPassword(server, "pat@example.org");
    assert.equal((await whoami(elsewhere)).authenticator_assurance_level, "aal1");
    const flow = await begin(elsewhere, "login", "?aal=aal2");
    assert.deepEqual(
      flow.ui.messages.map(({ id }: Json) => id),
      [1010004],
    );
    assert.deepEqual(nodeNames(flow), [
      "csrf_token",
      "identifier",
      "webauthn_login",
      "webauthn_script",
      "webauthn_login_trigger",
    ]);
    assert.deepEqual(idsOf(requestOf(flow).publicKey.allowCredentials), [idOf(key)]);
    const wrong = await submit(elsewhere, "login", flow, {
      method: "webauthn",
      webauthn_login: key.get(requestOf(flow), { challenge: "AAAA" }),
    });
    assert.deepEqual(messageIds(wrong.body), [4000043]);
    assert.equal(
      (await submit(elsewhere, "login", flow, { method: "webauthn", webauthn_login: key.get(requestOf(flow)) })).status,
      200,
    );
    const { authenticator_assurance_level: level, authentication_methods: methods } = await whoami(elsewhere);
    assert.deepEqual([level, methods.map(({ method }: Json) => method)], ["aal2", ["password", "webauthn"]]);
  },
  second,
);

onEachDatabase(
  "a key in settings is asked for its name, and is still good when it comes with one",
  async (server) => {
    const client = await signedIn(server, "pat@example.org");
    const flow = await begin(client, "settings");
    const answer = newAuthenticator().create(JSON.parse(valueOf(flow, "webauthn_register_trigger")));
    const nameless = await submit(client, "settings", flow, {
      method: "webauthn",
      webauthn_register: answer,
      webauthn_register_displayname: "",
    });
    const field = nameless.body.ui.nodes.find((node: Json) => node.attributes.name === "webauthn_register_displayname");
    assert.deepEqual([nameless.status, idsOf(field.messages)], [400, [4000002]]);
    const named = await submit(client, "settings", flow, {
      method: "webauthn",
      webauthn_register: answer,
      webauthn_register_displayname: "blue",
    });
    assert.deepEqual([named.status, messageIds(named.body)], [200, [1050001]]);
  },
  second,
);

onEachDatabase(
  "of several keys each is one, and none is another person's",
  async (server) => {
    const [pat, sam] = [await signedIn(server, "pat@example.org"), await signedIn(server, "sam@example.org")];
    const [one, two, strange] = [newAuthenticator(), newAuthenticator(), newAuthenticator()];
    await addKey(pat, one, "one");
    const { body: added } = await addKey(pat, two, "two");
    await addKey(sam, strange, "strange");
    const { excludeCredentials, user } = JSON.parse(valueOf(added, "webauthn_register_trigger")).publicKey;
    assert.deepEqual(idsOf(excludeCredentials), [idOf(one), idOf(two)]);
    assert.ok(!Buffer.from(user.id, "base64url").toString().includes("pat"));
    for (const key of [one, two])
      assert.equal((await climb(await signInByPassword(server, "pat@example.org"), key)).status, 200);
    assert.deepEqual(
      messageIds((await climb(await signInByPassword(server, "pat@example.org"), strange)).body),
      [4000043],
    );
    assert.deepEqual(
      messageIds((await addKey(sam, newAuthenticator(), "theirs", { id: one.keys[0]!.id })).body),
      [4000007],
    );

    const left = await submit(pat, "settings", await begin(pat, "settings"), {
      method: "webauthn",
      webauthn_remove: hexOf(one),
    });
    assert.equal(left.status, 200);
    assert.deepEqual(messageIds((await climb(await signInByPassword(server, "pat@example.org"), one)).body), [4000043]);
    assert.deepEqual(
      messageIds((await submit(pat, "settings", left.body, { method: "webauthn", webauthn_remove: hexOf(one) })).body),
      [4000001],
    );
    assert.equal(
      (await submit(pat, "settings", left.body, { method: "webauthn", webauthn_remove: hexOf(two) })).status,
      200,
      "the last second factor may go",
    );
  },
  second,
);

onEachDatabase(
  "a form that was made for one person does not step another's session up",
  async (server) => {
    const [pats, sams] = [newAuthenticator(), newAuthenticator()];
    await addKey(await signedIn(server, "pat@example.org"), pats, "pat's");
    await addKey(await signedIn(server, "sam@example.org"), sams, "sam's");
    const client = await signInByPassword(server, "pat@example.org");
    const flow = await begin(client, "login", "?aal=aal2");
    const other = await signInByPassword(server, "sam@example.org");
    const name = "ory_kratos_session";
    client.cookies.set(name, other.cookies.get(name)!);
    const answer = await submit(client, "login", flow, {
      method: "webauthn",
      webauthn_login: sams.get(requestOf(flow)),
    });
    assert.deepEqual(messageIds(answer.body), [4000043]);
    assert.equal((await whoami(client)).authenticator_assurance_level, "aal1");
  },
  second,
);

onEachDatabase(
  "somebody without a key has none to show",
  async (server) => {
    const client = await signedIn(server, "pat@example.org");
    const flow = await begin(client, "login", "?aal=aal2");
    assert.deepEqual(nodeNames(flow), ["csrf_token"]);
    const answer = await submit(client, "login", flow, { method: "webauthn", webauthn_login: "{}" });
    assert.deepEqual(messageIds(answer.body), [4000013]);
  },
  second,
);

onEachDatabase(
  "of 64 right answers of a key at once, one steps the session up",
  async (server) => {
    const key = newAuthenticator();
    await addKey(await signedIn(server, "pat@example.org"), key, "key");
    const client = await signInByPassword(server, "pat@example.org");
    const flow = await begin(client, "login", "?aal=aal2");
    const webauthn_login = key.get(requestOf(flow));
    const answers = await Promise.all(
      Array.from({ length: 64 }, () => submit(client, "login", flow, { method: "webauthn", webauthn_login })),
    );
    assert.equal(answers.filter(({ status }) => status === 200).length, 1);
  },
  second,
);

onEachDatabase(
  "a person signs up with a security key alone, and signs in by name and key",
  async (server) => {
    const key = newAuthenticator();
    const { answer } = await signUp(server, key, "pat@example.org");
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    assert.equal(answer.body.session.authenticator_assurance_level, "aal1");

    const client = server.spa();
    const { answer: asked, next } = await named(client, "PAT@example.org");
    assert.equal(asked.status, 422);
    assert.equal(asked.body.error.id, "browser_location_change_required");
    assert.equal(asked.body.redirect_browser_to, `${appOrigin}/login?flow=${next.id}`);
    assert.deepEqual(messageIds(next), [1010012]);
    assert.deepEqual(nodeNames(next), [
      "csrf_token",
      "identifier",
      "webauthn_login",
      "webauthn_script",
      "webauthn_login_trigger",
    ]);
    const signed = await submit(client, "login", next, {
      method: "webauthn",
      identifier: "pat@example.org",
      webauthn_login: key.get(requestOf(next)),
    });
    assert.equal(signed.status, 200, JSON.stringify(signed.body));
    assert.equal((await whoami(client)).identity.traits.email, "pat@example.org");

    const { identity } = answer.body;
    const { body } = await server.adminClient.get(`/admin/identities/${identity.id}?include_credential=webauthn`);
    const { credentials, user_handle } = body.credentials.webauthn.config;
    assert.equal(Buffer.from(user_handle, "base64").toString("hex"), identity.id.replaceAll("-", ""));
    assert.deepEqual(
      [credentials[0].is_passwordless, credentials[0].display_name, credentials[0].authenticator.sign_count],
      [true, "first", 1],
    );
  },
  alone,
);

onEachDatabase(
  "browsers without scripts of their own are sent on, and back",
  async (server) => {
    const key = newAuthenticator();
    await signUp(server, key, "pat@example.org");
    const client = server.browser();
    const id = new URL((await client.get("/self-service/login/browser")).location!).searchParams.get("flow");
    const shown = async () =>
      (await client.get(`/self-service/login/flows?id=${id}`, { accept: "application/json" })).body;
    const post = async (form: Record<string, string>) => {
      const flow = await shown();
      return client.send("POST", `/self-service/login?flow=${id}`, {
        form: { csrf_token: csrfTokenOf(flow), ...form },
      });
    };
    assert.ok(
      (await shown()).ui.nodes.some(
        ({ group, attributes }: Json) => group === "webauthn" && attributes.name === "method",
      ),
    );
    assert.deepEqual(
      [(await post({ method: "webauthn", identifier: "nobody@example.org" })).status, messageIds(await shown())],
      [303, [4000015]],
    );
    const { status, location } = await post({ method: "webauthn", identifier: "pat@example.org" });
    assert.deepEqual([status, location], [303, `${appOrigin}/login?flow=${id}`]);
    // The script submits the form without the button: what it filled in says what is meant.
    const signed = await post({ identifier: "pat@example.org", webauthn_login: key.get(requestOf(await shown())) });
    assert.deepEqual([signed.status, signed.location], [303, `${appOrigin}/`]);
  },
  alone,
);

onEachDatabase(
  "a session is confirmed by the key, which is the last way in and stays",
  async (server) => {
    const key = newAuthenticator();
    const { client } = await signUp(server, key, "pat@example.org");
    const flow = await begin(client, "login", "?refresh=true");
    assert.equal(
      (await submit(client, "login", flow, { method: "webauthn", webauthn_login: key.get(requestOf(flow)) })).status,
      200,
    );
    const settings = await begin(client, "settings");
    const [only] = settings.ui.nodes.filter((node: Json) => node.attributes.name === "webauthn_remove");
    assert.equal(only.attributes.disabled, true);
    assert.deepEqual(
      messageIds(
        (await submit(client, "settings", settings, { method: "webauthn", webauthn_remove: hexOf(key) })).body,
      ),
      [4000001],
    );
    await addKey(client, newAuthenticator(), "another");
    assert.equal(
      (
        await submit(client, "settings", await begin(client, "settings"), {
          method: "webauthn",
          webauthn_remove: hexOf(key),
        })
      ).status,
      200,
    );
  },
  alone,
);

onEachDatabase(
  "keys that sign in alone do not serve as second factors, nor the other way round",
  async (server) => {
    const [factor, sole] = [newAuthenticator(), newAuthenticator()];
    const maker = await signUp(server, sole, "made@example.org");
    const { body: made } = await server.adminClient.get(
      `/admin/identities/${maker.answer.body.identity.id}?include_credential=webauthn`,
    );
    const [kept] = made.credentials.webauthn.config.credentials;
    await server.adminClient.delete(`/admin/identities/${made.id}`);
    const options = { publicKey: { rp: { id: "example.org" }, user: { id: "AAAA" }, challenge: "AAAA" } };
    factor.create(options);
    const mixed = [kept, { ...kept, id: factor.keys[0]!.id.toString("base64"), is_passwordless: false }];
    const { user_handle } = made.credentials.webauthn.config;
    await server.adminClient.post("/admin/identities", {
      schema_id: "person",
      traits: { email: "pat@example.org" },
      credentials: { webauthn: { config: { credentials: mixed, user_handle } } },
    });
    const { next } = await named(server.spa(), "pat@example.org");
    assert.deepEqual(idsOf(requestOf(next).publicKey.allowCredentials), [idOf(sole)]);
  },
  alone,
);

onEachDatabase(
  "who has an account does not show: everybody seems to have a key",
  async (server) => {
    const key = newAuthenticator();
    await signUp(server, key, "pat@example.org");
    const ask = async (name: string) => {
      const client = server.spa();
      const { answer, next } = await named(client, name);
      const { publicKey } = requestOf(next);
      const signed = await submit(client, "login", next, {
        method: "webauthn",
        identifier: name,
        webauthn_login: key.get(requestOf(next), {
          outerId: Buffer.from(publicKey.allowCredentials[0].id, "base64url"),
          userHandle: null,
          signs: () => Buffer.from("no"),
        }),
      });
      return {
        status: answer.status,
        names: nodeNames(next),
        messages: messageIds(next),
        allow: publicKey.allowCredentials,
        told: messageIds(signed.body),
      };
    };
    const [known, unknown, again] = [
      await ask("pat@example.org"),
      await ask("nobody@example.org"),
      await ask(" Nobody@example.org"),
    ];
    assert.deepEqual({ ...known, allow: 0 }, { ...unknown, allow: 0 });
    assert.deepEqual(unknown.told, [4000043]);
    assert.deepEqual(unknown.allow, again.allow);
    assert.notDeepEqual(unknown.allow, (await ask("somebody@example.org")).allow);
  },
  silent,
);

onEachDatabase(
  "security keys are for browsers",
  async (server) => {
    await signedIn(server, "pat@example.org");
    const flow = await begin(server.native, "login", "", "api");
    assert.ok(!nodeNames(flow).some((name) => name.startsWith("webauthn")));
    const { status, body } = await server.native.post(`/self-service/login?flow=${flow.id}`, {
      method: "webauthn",
      identifier: "pat@example.org",
    });
    assert.deepEqual([status, messageIds(body)], [400, [4010002]]);
  },
  alone,
);

/** Signs somebody up by a form of HTML, which a script submits: no button was pressed, what it wrote says the method. */
async function signUpByForm(
  server: TestServer,
  email: string,
  fill: (flow: Json) => readonly (readonly [string, string])[],
) {
  const client = server.browser();
  const start = await client.get("/self-service/registration/browser");
  const { body: flow } = await client.get(
    `/self-service/registration/flows?id=${new URL(start.location!).searchParams.get("flow")}`,
    { accept: "application/json" },
  );
  const form = new URLSearchParams({ csrf_token: csrfTokenOf(flow), "traits.email": email });
  for (const [name, value] of fill(flow)) form.append(name, value);
  const done = await client.send("POST", flow.ui.action, { form });
  assert.deepEqual([done.status, done.location], [303, "http://app.example.org/"]);
  const { body: session } = await client.get("/sessions/whoami", { accept: "application/json" });
  return session.authentication_methods.map(({ method }: Json) => method);
}

const newKey = (flow: Json) => newAuthenticator().create(JSON.parse(valueOf(flow, "webauthn_register_trigger")));
const newPasskey = (flow: Json) =>
  newAuthenticator().create(JSON.parse(valueOf(flow, "passkey_create_data")).credentialOptions);

onEachDatabase(
  "a page that draws the field of the answer twice signs people up as well",
  async (server) => {
    for (const [at, order] of [(answer: string) => [answer, ""], (answer: string) => ["", answer]].entries()) {
      const methods = await signUpByForm(server, `twice-${at}@example.org`, (flow) =>
        order(newKey(flow)).map((value) => ["webauthn_register", value]),
      );
      assert.deepEqual(methods, ["webauthn"]);
    }
  },
  alone,
);

onEachDatabase(
  "a page that says true in hidden fields without a value signs people up by what was filled in",
  async (server) => {
    const byPasskey = await signUpByForm(server, "passkey@example.org", (flow) => [
      ["webauthn_register", "true"],
      ["passkey_register", newPasskey(flow)],
    ]);
    const byKey = await signUpByForm(server, "key@example.org", (flow) => [
      ["passkey_register", "true"],
      ["webauthn_register", newKey(flow)],
    ]);
    assert.deepEqual([byPasskey, byKey], [["passkey"], ["webauthn"]]);
  },
  alone,
);
