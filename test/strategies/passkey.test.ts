import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeCbor } from "../support/cbor.ts";
import { messageIds } from "../support/client.ts";
import type { Json } from "../support/client.ts";
import {
  addPasskey,
  begin,
  keyConfig,
  newAuthenticator,
  nodeNames,
  signInByPassword,
  signInWithPasskey,
  signUpWithPasskey,
  signedIn,
  submit,
  valueOf,
  whoami,
} from "../support/keys.ts";
import { startServer } from "../support/server.ts";
import { onEachDatabase } from "../support/servers.ts";

const options = { config: keyConfig() };

const stored = async (server: Json, id: string): Promise<Json> =>
  (await server.adminClient.get(`/admin/identities/${id}?include_credential=passkey`)).body.credentials.passkey;

onEachDatabase(
  "a person signs up with a passkey and signs in by it, saying no name",
  async (server) => {
    const key = newAuthenticator();
    const signedUp = await signUpWithPasskey(server.spa(), key, "pat@example.org");
    assert.equal(signedUp.status, 200, JSON.stringify(signedUp.body));
    assert.equal(signedUp.body.session.authentication_methods[0].method, "passkey");

    const client = server.spa();
    const answer = await signInWithPasskey(client, key);
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    const { identity, authenticator_assurance_level: level } = await whoami(client);
    assert.equal(identity.traits.email, "pat@example.org");
    assert.equal(level, "aal1");

    const { identifiers, config } = await stored(server, identity.id);
    assert.match(identifiers[0], /^[0-9A-Za-z]{64}$/);
    assert.equal(Buffer.from(config.user_handle, "base64").toString(), identifiers[0]);
    assert.equal(config.credentials[0].authenticator.sign_count, 1);
    assert.equal(config.credentials[0].attestation_type, "none");
    assert.deepEqual(config.credentials[0].flags, {
      user_present: true,
      user_verified: true,
      backup_eligible: false,
      backup_state: false,
    });
  },
  options,
);

onEachDatabase(
  "a session is confirmed by a passkey of its own account, and by no other",
  async (server) => {
    const [mine, other] = [newAuthenticator(), newAuthenticator()];
    const client = server.spa();
    await signUpWithPasskey(client, mine, "pat@example.org");
    await signUpWithPasskey(server.spa(), other, "sam@example.org");
    const flow = await begin(client, "login", "?refresh=true");
    const asked = JSON.parse(valueOf(flow, "passkey_challenge"));
    assert.deepEqual(
      asked.publicKey.allowCredentials.map(({ id }: Json) => id),
      [mine.keys[0]!.id.toString("base64url")],
    );
    assert.equal(valueOf(flow, "identifier"), "pat@example.org");
    assert.deepEqual(
      messageIds((await submit(client, "login", flow, { method: "passkey", passkey_login: other.get(asked) })).body),
      [4000043],
    );
    assert.equal(
      (await submit(client, "login", flow, { method: "passkey", passkey_login: mine.get(asked) })).status,
      200,
    );
  },
  options,
);

onEachDatabase(
  "passkeys are added and removed in settings, but never the last way in",
  async (server) => {
    const [first, second] = [newAuthenticator(), newAuthenticator()];
    const client = server.spa();
    const { body: signedUp } = await signUpWithPasskey(client, first, "pat@example.org");
    const before = await begin(client, "settings");
    const [only] = before.ui.nodes.filter((node: Json) => node.attributes.name === "passkey_remove");
    assert.equal(only.meta.label.context.display_name, "unnamed");
    assert.equal(only.attributes.disabled, true);
    const refused = await submit(client, "settings", before, {
      method: "passkey",
      passkey_remove: only.attributes.value,
    });
    assert.equal(refused.status, 400);
    assert.deepEqual(messageIds(refused.body), [4000001]);

    const added = await addPasskey(client, second);
    assert.deepEqual([added.status, messageIds(added.body)], [200, [1050001]]);
    const asked = JSON.parse(valueOf(added.body, "passkey_create_data")).publicKey;
    assert.equal(asked.excludeCredentials.length, 2);
    assert.equal(asked.user.name, "pat@example.org");
    assert.equal((await signInWithPasskey(server.spa(), second)).status, 200);

    const removed = await submit(client, "settings", await begin(client, "settings"), {
      method: "passkey",
      passkey_remove: only.attributes.value,
    });
    assert.equal(removed.status, 200);
    assert.equal((await stored(server, signedUp.identity.id)).config.credentials.length, 1);
    assert.deepEqual(messageIds((await signInWithPasskey(server.spa(), first)).body), [4000043]);
    assert.deepEqual(
      messageIds(
        (
          await submit(client, "settings", await begin(client, "settings"), {
            method: "passkey",
            passkey_remove: "ffff",
          })
        ).body,
      ),
      [4000001],
    );
  },
  options,
);

onEachDatabase(
  "somebody with a password may give up the only passkey",
  async (server) => {
    const client = await signedIn(server, "pat@example.org");
    const key = newAuthenticator();
    const { body: added } = await addPasskey(client, key);
    assert.equal(
      (await submit(client, "settings", added, { method: "passkey", passkey_remove: valueOf(added, "passkey_remove") }))
        .status,
      200,
    );
    assert.deepEqual(messageIds((await signInWithPasskey(server.spa(), key)).body), [4000015]);
  },
  options,
);

onEachDatabase(
  "a key that is registered is refused to everybody, its owner included",
  async (server) => {
    const [pat, sam] = [await signedIn(server, "pat@example.org"), await signedIn(server, "sam@example.org")];
    const [one, another] = [newAuthenticator(), newAuthenticator()];
    assert.equal((await addPasskey(pat, one)).status, 200);
    const { id } = one.keys[0]!;
    assert.deepEqual(messageIds((await addPasskey(pat, another, { id })).body), [4000007]);
    assert.deepEqual(messageIds((await addPasskey(sam, another, { id })).body), [4000007]);
    assert.deepEqual(
      messageIds((await signUpWithPasskey(server.spa(), another, "kim@example.org", { id })).body),
      [4000007],
    );
    assert.equal((await signInWithPasskey(server.spa(), one)).status, 200);
  },
  options,
);

onEachDatabase(
  "a key copied from Kratos signs in, and its count and flags are kept from then on",
  async (server) => {
    const maker = newAuthenticator();
    const { body: made } = await signUpWithPasskey(server.spa(), maker, "old@example.org");
    const { config } = await stored(server, made.identity.id);
    await server.adminClient.delete(`/admin/identities/${made.identity.id}`);
    const { flags: _, transport: __, ...key } = config.credentials[0];
    const { status, body } = await server.adminClient.post("/admin/identities", {
      schema_id: "person",
      traits: { email: "pat@example.org" },
      credentials: { passkey: { config: { credentials: [key], user_handle: config.user_handle } } },
    });
    assert.equal(status, 201, JSON.stringify(body));
    const client = server.spa();
    assert.equal((await signInWithPasskey(client, maker, { flags: { be: true, bs: true } })).status, 200);
    assert.equal((await whoami(client)).identity.traits.email, "pat@example.org");
    const [kept] = (await stored(server, body.id)).config.credentials;
    assert.deepEqual([kept.authenticator.sign_count, kept.flags.backup_state], [1, true]);
  },
  options,
);

onEachDatabase(
  "of 64 right answers to one challenge at once, one signs in",
  async (server) => {
    const key = newAuthenticator();
    await signUpWithPasskey(server.spa(), key, "pat@example.org");
    const client = server.spa();
    const flow = await begin(client, "login", "", "api");
    const native = server.native;
    const login = key.get(JSON.parse(valueOf(flow, "passkey_challenge")));
    const answers = await Promise.all(
      Array.from({ length: 64 }, () =>
        native.post(`/self-service/login?flow=${flow.id}`, { method: "passkey", passkey_login: login }),
      ),
    );
    assert.equal(answers.filter(({ status }) => status === 200).length, 1);
    for (const { body } of answers.filter(({ status }) => status !== 200))
      assert.deepEqual(messageIds(body), [4000043]);
  },
  options,
);

onEachDatabase(
  "native clients are given the data of passkeys and no script",
  async (server) => {
    for (const kind of ["login", "registration"]) {
      const flow = await begin(server.native, kind, "", "api");
      assert.ok(nodeNames(flow).includes("passkey_" + (kind === "login" ? "challenge" : "create_data")));
      assert.ok(!nodeNames(flow).includes("webauthn_script"));
      assert.ok(
        flow.ui.nodes.every(
          ({ attributes }: Json) => attributes.onclick === undefined && attributes.onload === undefined,
        ),
      );
    }
  },
  options,
);

test("a key that is broken or weak is refused when an administrator brings it along", async (t) => {
  const server = await startServer(t, options);
  const { body: made } = await signUpWithPasskey(server.spa(), newAuthenticator(), "old@example.org");
  const { config } = await stored(server, made.identity.id);
  await server.adminClient.delete(`/admin/identities/${made.identity.id}`);
  const [key] = config.credentials;
  const rsa = (n: Uint8Array, e: Uint8Array) =>
    encodeCbor(
      new Map<number, unknown>([
        [1, 3],
        [3, -257],
        [-1, n],
        [-2, e],
      ]),
    ).toString("base64");
  const broken: readonly (readonly [public_key: string, reason: RegExp])[] = [
    ["AAAA", /no map/],
    [key.public_key.slice(0, 40), /no map/],
    [rsa(Buffer.alloc(128, 0xff), Buffer.from([1, 0, 1])), /modulus is too short/],
    [rsa(Buffer.alloc(256, 0xff), Buffer.from([1])), /exponent is weak/],
    [
      encodeCbor(
        new Map<number, unknown>([
          [1, 2],
          [3, -7],
          [-1, 1],
          [-2, Buffer.alloc(32)],
          [-3, Buffer.alloc(32)],
        ]),
      ).toString("base64"),
      /no point/,
    ],
  ];
  const bring = (type: string, public_key: string) =>
    server.adminClient.post("/admin/identities", {
      schema_id: "person",
      traits: { email: "pat@example.org" },
      credentials: { [type]: { config: { ...config, credentials: [{ ...key, public_key }] } } },
    });
  for (const type of ["passkey", "webauthn"]) {
    for (const [public_key, reason] of broken) {
      const { status, body } = await bring(type, public_key);
      assert.equal(status, 400);
      assert.match(body.error.reason, reason);
    }
    const good = await bring(type, key.public_key);
    assert.equal(good.status, 201, JSON.stringify(good.body));
    const value = { ...key, public_key: broken[2]![0] };
    const patched = await server.adminClient.send("PATCH", `/admin/identities/${good.body.id}`, {
      json: [{ op: "replace", path: `/credentials/${type}/config/credentials/0`, value }],
    });
    assert.equal(patched.status, 400);
    assert.match(patched.body.error.reason, /modulus is too short/);
    await server.adminClient.delete(`/admin/identities/${good.body.id}`);
  }
});

onEachDatabase(
  "an administrator cannot bring a key along that somebody else has",
  async (server) => {
    const key = newAuthenticator();
    const { body: made } = await signUpWithPasskey(server.spa(), key, "pat@example.org");
    const { config } = await stored(server, made.identity.id);
    const { status } = await server.adminClient.post("/admin/identities", {
      schema_id: "person",
      traits: { email: "sam@example.org" },
      credentials: {
        passkey: { config: { ...config, user_handle: Buffer.from("another handle").toString("base64") } },
      },
    });
    assert.equal(status, 409);
  },
  options,
);

onEachDatabase(
  "a native client changes passkeys, and confirms a session by one",
  async (server) => {
    await server.createPerson({ email: "pat@example.org", password: "correct-horse-battery-9" });
    const login = await begin(server.native, "login", "", "api");
    const { body } = await server.native.post(`/self-service/login?flow=${login.id}`, {
      method: "password",
      identifier: "pat@example.org",
      password: "correct-horse-battery-9",
    });
    const headers = { "x-session-token": body.session_token };
    const { body: settings } = await server.native.get("/self-service/settings/api", { headers });
    const key = newAuthenticator();
    const added = await server.native.post(
      `/self-service/settings?flow=${settings.id}`,
      {
        method: "passkey",
        passkey_settings_register: key.create(JSON.parse(valueOf(settings, "passkey_create_data"))),
      },
      { headers },
    );
    assert.equal(added.status, 200, JSON.stringify(added.body));
    const { body: refresh } = await server.native.get("/self-service/login/api?refresh=true", { headers });
    const confirmed = await server.native.post(
      `/self-service/login?flow=${refresh.id}`,
      { method: "passkey", passkey_login: key.get(JSON.parse(valueOf(refresh, "passkey_challenge"))) },
      { headers },
    );
    assert.equal(confirmed.status, 200, JSON.stringify(confirmed.body));
    assert.deepEqual(
      confirmed.body.session.authentication_methods.map(({ method }: Json) => method),
      ["password", "passkey", "passkey"],
    );
  },
  options,
);

onEachDatabase(
  "where sign-in goes in steps, passkeys are offered on the first, and on the second to those who have one",
  async (server) => {
    const key = newAuthenticator();
    await signUpWithPasskey(server.spa(), key, "pat@example.org");
    await server.createPerson({ email: "sam@example.org", password: "correct-horse-battery-9" });
    assert.equal((await signInWithPasskey(server.spa(), key)).status, 200);
    const offered = async (identifier: string) => {
      const client = server.spa();
      const { body } = await submit(client, "login", await begin(client, "login"), {
        method: "identifier_first",
        identifier,
      });
      return nodeNames(body).filter((name) => name === "passkey_challenge" || name === "password");
    };
    assert.deepEqual(await offered("pat@example.org"), ["passkey_challenge"]);
    assert.deepEqual(await offered("sam@example.org"), ["password"]);
  },
  { config: keyConfig({ selfservice: { flows: { login: { style: "identifier_first" } } } }) },
);

onEachDatabase(
  "who has to try again is given another challenge by the form",
  async (server) => {
    const key = newAuthenticator();
    await server.createPerson({ email: "pat@example.org", password: "correct-horse-battery-9" });
    const client = server.spa();
    const taken = await signUpWithPasskey(client, key, "pat@example.org");
    assert.deepEqual([taken.status, messageIds(taken.body)], [400, [4000007]]);
    const { credentialOptions } = JSON.parse(valueOf(taken.body, "passkey_create_data"));
    const again = await submit(client, "registration", taken.body, {
      method: "passkey",
      traits: { email: "pat2@example.org" },
      passkey_register: key.create(credentialOptions),
    });
    assert.equal(again.status, 200, JSON.stringify(again.body.ui?.messages));

    const patch = [{ op: "replace", path: "/state", value: "inactive" }];
    await server.adminClient.send("PATCH", `/admin/identities/${again.body.identity.id}`, { json: patch });
    const other = server.spa();
    const disabled = await signInWithPasskey(other, key);
    assert.deepEqual([disabled.status, messageIds(disabled.body)], [400, [4010011]]);
    await server.adminClient.send("PATCH", `/admin/identities/${again.body.identity.id}`, {
      json: [{ ...patch[0], value: "active" }],
    });
    const asked = JSON.parse(valueOf(disabled.body, "passkey_challenge"));
    assert.equal(
      (await submit(other, "login", disabled.body, { method: "passkey", passkey_login: key.get(asked) })).status,
      200,
    );
  },
  options,
);

onEachDatabase(
  "a new passkey ends the other sessions if and only if it is kept",
  async (server) => {
    const [pat, sam] = [await signedIn(server, "pat@example.org"), await signedIn(server, "sam@example.org")];
    const elsewhere = await signInByPassword(server, "sam@example.org");
    const [key, own] = [newAuthenticator(), newAuthenticator()];
    assert.equal((await addPasskey(pat, key)).status, 200);
    // The unique key of the database refuses it, after the hook has run in the same transaction.
    assert.deepEqual(messageIds((await addPasskey(sam, own, { id: key.keys[0]!.id })).body), [4000007]);
    assert.ok(await whoami(elsewhere));
    const token = sam.cookies.get("ory_kratos_session");
    assert.equal((await addPasskey(sam, newAuthenticator())).status, 200);
    assert.equal(await whoami(elsewhere), undefined);
    assert.ok(await whoami(sam));
    assert.notEqual(sam.cookies.get("ory_kratos_session"), token);
  },
  {
    config: keyConfig({
      selfservice: { flows: { settings: { after: { passkey: { hooks: [{ hook: "revoke_active_sessions" }] } } } } },
    }),
  },
);
