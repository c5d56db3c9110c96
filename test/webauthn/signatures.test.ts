import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import type { Twist } from "../support/authenticator.ts";
import { messageIds } from "../support/client.ts";
import type { Json } from "../support/client.ts";
import {
  begin,
  keyConfig,
  newAuthenticator,
  signInWithPasskey,
  signUpWithPasskey,
  submit,
  valueOf,
} from "../support/keys.ts";
import { silentLog } from "../support/log.ts";
import { startServer } from "../support/server.ts";
import { onEachDatabase } from "../support/servers.ts";

const refused = 4000043;
const unreadable = 4000001;

/** What a browser or an authenticator may do wrong, by the steps of WebAuthn Level 3, section 7.2. */
const wrong: Readonly<Record<string, Twist>> = {
  "a key that was made, not used": { type: "webauthn.create" },
  "another challenge": { challenge: randomBytes(32).toString("base64url") },
  "the challenge in another alphabet": {
    clientData: (said) => said.replace(/"challenge":"[^"]+"/, '"challenge":"AAAA="'),
  },
  "another port": { origin: "http://app.example.org:8080" },
  "another scheme": { origin: "https://app.example.org" },
  "a domain above": { origin: "http://example.org" },
  "a domain below": { origin: "http://evil.app.example.org" },
  "a domain that only begins alike": { origin: "http://app.example.org.evil" },
  "a domain that looks alike": { origin: "http://аpp.example.org" },
  "no origin": { origin: "null" },
  "a frame of another site": { crossOrigin: true },
  "a frame of another site, by its name": { topOrigin: "http://evil.example" },
  "another site's authenticator data": { rpId: "evil.example" },
  "nobody present": { flags: { up: false } },
  "a backup of what cannot be backed up": { flags: { be: false, bs: true } },
  "what may be backed up all of a sudden": { flags: { be: true } },
  "a signature over something else": { signs: () => randomBytes(69) },
  "a signature cut short": { signature: (whole) => whole.subarray(0, -3) },
  "a signature with something behind it": { signature: (whole) => Buffer.concat([whole, Buffer.from([0])]) },
  "a signature that is none": { signature: () => Buffer.alloc(0) },
  "authenticator data cut short": { authenticatorData: (data) => data.subarray(0, 36) },
  "authenticator data with something behind it": {
    authenticatorData: (data) => Buffer.concat([data, Buffer.from([0])]),
  },
  "the handle of nobody, as bytes": { userHandle: randomBytes(64).toString("base64url") },
  "a key of another id": { outerId: randomBytes(32) },
  "client data with a mark in front": { clientData: (said) => `\uFEFF${said}` },
  "client data with a member twice": { clientData: (said) => said.replace("{", '{"origin":"http://evil.example",') },
  "client data that is a list": { clientData: () => "[]" },
  "client data that is no UTF-8": { clientData: () => Buffer.from([0x7b, 0xff, 0x7d]) },
  "client data of 32 KiB": { clientData: (said) => said.replace("}", `,"more":"${"x".repeat(32_768)}"}`) },
  "client data ten thousand deep": { clientData: () => "[".repeat(6000) + "]".repeat(6000) },
};

onEachDatabase(
  "a signature is refused that is not by this key, for this page, for this challenge",
  async (server, t) => {
    const key = newAuthenticator();
    assert.equal((await signUpWithPasskey(server.spa(), key, "pat@example.org")).status, 200);
    for (const [what, twist] of Object.entries(wrong))
      await t.test(what, async () => {
        const { status, body } = await signInWithPasskey(server.spa(), key, twist);
        const expected = what.startsWith("the handle of nobody") ? 4000015 : refused;
        assert.deepEqual([status, messageIds(body)], [400, [expected]]);
      });
    assert.equal((await signInWithPasskey(server.spa(), key)).status, 200, "the key works as it should");
  },
  { config: keyConfig() },
);

test("an answer that cannot be read is complained about in the form", async (t) => {
  const server = await startServer(t, { config: keyConfig() });
  const client = server.spa();
  const flow = await begin(client, "login");
  const key = newAuthenticator();
  await signUpWithPasskey(server.spa(), key, "pat@example.org");
  const good = key.get(JSON.parse(valueOf(flow, "passkey_challenge")));
  const { response, ...rest } = JSON.parse(good);
  const bad = [
    "{",
    "null",
    "[]",
    "{}",
    '"text"',
    "1e999",
    good.replace("{", '{"id":"AAAA",'),
    JSON.stringify({ ...rest, response: null }),
    JSON.stringify({ ...rest, type: "password", response }),
    JSON.stringify({ ...rest, id: "AAAA", response }),
    JSON.stringify({ ...rest, response: { ...response, signature: "no base64!" } }),
    JSON.stringify({ ...rest, response: { ...response, userHandle: 7 } }),
    JSON.stringify({ ...rest, id: "A".repeat(1366), rawId: "A".repeat(1366), response }),
    JSON.stringify({ ...rest, response }).replace('"response"', '"response":{},"response"'),
    `${"[".repeat(30_000)}${"]".repeat(30_000)}`,
  ];
  for (const passkey_login of bad) {
    const { status, body } = await submit(client, "login", flow, { method: "passkey", passkey_login });
    assert.deepEqual([status, messageIds(body)], [400, [unreadable]], passkey_login.slice(0, 80));
  }
  const huge = await submit(client, "login", flow, {
    method: "passkey",
    passkey_login: JSON.stringify({ ...rest, response: { ...response, clientDataJSON: "A".repeat(1 << 20) } }),
  });
  assert.equal(huge.status, 413, "submissions end at 64 KiB");
  assert.equal((await submit(client, "login", flow, { method: "passkey", passkey_login: good })).status, 200);
});

onEachDatabase(
  "a challenge counts for its flow, once, as long as the flow lives",
  async (server) => {
    const key = newAuthenticator();
    await signUpWithPasskey(server.spa(), key, "pat@example.org");
    const native = server.native;
    const [one, two] = [await begin(native, "login", "", "api"), await begin(native, "login", "", "api")];
    const asked = JSON.parse(valueOf(one, "passkey_challenge"));
    const login = (flow: Json, passkey_login: string) =>
      native.post(`/self-service/login?flow=${flow.id}`, { method: "passkey", passkey_login });
    assert.deepEqual(messageIds((await login(two, key.get(asked))).body), [refused]);
    const right = key.get(asked);
    assert.equal((await login(one, right)).status, 200);
    assert.deepEqual(messageIds((await login(one, right)).body), [refused]);
    server.advance(2 * 3_600_000);
    assert.equal((await login(two, key.get(JSON.parse(valueOf(two, "passkey_challenge"))))).status, 410);
  },
  { config: keyConfig() },
);

onEachDatabase(
  "a passkey of one account does not sign in another, whatever handle it comes with",
  async (server) => {
    const [mine, other] = [newAuthenticator(), newAuthenticator()];
    await signUpWithPasskey(server.spa(), mine, "pat@example.org");
    await signUpWithPasskey(server.spa(), other, "sam@example.org");
    const userHandle = other.keys[0]!.user;
    assert.deepEqual(messageIds((await signInWithPasskey(server.spa(), mine, { userHandle })).body), [refused]);
    assert.deepEqual(messageIds((await signInWithPasskey(server.spa(), mine, { userHandle: null })).body), [4000015]);
  },
  { config: keyConfig() },
);

const strict = {
  selfservice: { methods: { passkey: { config: { authenticator_selection: { user_verification: "required" } } } } },
};

onEachDatabase(
  "verification of the person is demanded where the configuration says so, and gives the first level only",
  async (server) => {
    const key = newAuthenticator();
    assert.deepEqual(
      messageIds((await signUpWithPasskey(server.spa(), key, "pat@example.org", { flags: { uv: false } })).body),
      [refused],
    );
    assert.equal((await signUpWithPasskey(server.spa(), key, "pat@example.org")).status, 200);
    assert.deepEqual(messageIds((await signInWithPasskey(server.spa(), key, { flags: { uv: false } })).body), [
      refused,
    ]);
    const { body } = await signInWithPasskey(server.spa(), key);
    assert.equal(body.session.authenticator_assurance_level, "aal1");
  },
  { config: keyConfig(strict) },
);

const events: string[] = [];
const log = { ...silentLog, warn: (event: string) => void events.push(event) };

onEachDatabase(
  "a count that does not grow marks the key as copied, and is an event; a key that never counts is fine",
  async (server) => {
    events.length = 0;
    const key = newAuthenticator();
    const { body: made } = await signUpWithPasskey(server.spa(), key, "pat@example.org");
    const kept = async () => {
      const { body } = await server.adminClient.get(`/admin/identities/${made.identity.id}?include_credential=passkey`);
      const { sign_count: count, clone_warning: cloned } = body.credentials.passkey.config.credentials[0].authenticator;
      return [count, cloned];
    };
    const signsIn = async (count: number) => (await signInWithPasskey(server.spa(), key, { count })).status;
    assert.deepEqual([await signsIn(0), await kept()], [200, [0, false]]);
    assert.deepEqual([await signsIn(7), await kept()], [200, [7, false]]);
    assert.ok(!events.includes("webauthn.key_may_be_cloned"));
    assert.deepEqual([await signsIn(7), await kept()], [200, [7, true]]);
    assert.ok(events.includes("webauthn.key_may_be_cloned"));
    assert.deepEqual([await signsIn(9), await kept()], [200, [9, true]]);
  },
  { config: keyConfig(), log },
);

onEachDatabase(
  "a key may be backed up later, if it always could be",
  async (server) => {
    const key = newAuthenticator();
    const { body: made } = await signUpWithPasskey(server.spa(), key, "pat@example.org", { flags: { be: true } });
    assert.equal((await signInWithPasskey(server.spa(), key, { flags: { be: true, bs: true } })).status, 200);
    assert.deepEqual(messageIds((await signInWithPasskey(server.spa(), key)).body), [refused]);
    const { body } = await server.adminClient.get(`/admin/identities/${made.identity.id}?include_credential=passkey`);
    assert.deepEqual(body.credentials.passkey.config.credentials[0].flags, {
      user_present: true,
      user_verified: true,
      backup_eligible: true,
      backup_state: true,
    });
  },
  { config: keyConfig() },
);

test("no change of a single byte goes unnoticed, or down badly", async (t) => {
  const server = await startServer(t, { config: keyConfig() });
  const key = newAuthenticator();
  await signUpWithPasskey(server.spa(), key, "pat@example.org");
  const flow = await begin(server.native, "login", "", "api");
  const good = JSON.parse(key.get(JSON.parse(valueOf(flow, "passkey_challenge"))));
  const login = (answer: Json) =>
    server.native.post(`/self-service/login?flow=${flow.id}`, {
      method: "passkey",
      passkey_login: JSON.stringify(answer),
    });
  for (const part of ["clientDataJSON", "authenticatorData", "signature"]) {
    const bytes = Buffer.from(good.response[part], "base64url");
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes);
      changed[at]! ^= 1 << (at % 8);
      const { status } = await login({
        ...good,
        response: { ...good.response, [part]: changed.toString("base64url") },
      });
      assert.equal(status, 400, `${part}, byte ${at}`);
    }
  }
  assert.equal((await login(good)).status, 200);
});
