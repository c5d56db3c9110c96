import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { selfMade, vouched } from "../support/attestation-certificate.ts";
import type { Twist } from "../support/authenticator.ts";
import { encodeCbor } from "../support/cbor.ts";
import { messageIds } from "../support/client.ts";
import { begin, keyConfig, newAuthenticator, signInWithPasskey, signUpWithPasskey, valueOf } from "../support/keys.ts";
import { startServer } from "../support/server.ts";
import { onEachDatabase } from "../support/servers.ts";

const refused = 4000043;
const changed = (label: number, value: unknown) => (cose: Map<number, unknown>) => new Map(cose).set(label, value);
const model = Buffer.alloc(16, 7);

/** Where the map of an attestation object begins, and that it has three members. */
const members = 0xa3;

/** What a browser or an authenticator may do wrong, by the steps of WebAuthn Level 3, section 7.1. */
const wrong: Readonly<Record<string, Twist>> = {
  "a key that was used, not made": { type: "webauthn.get" },
  "another challenge": { challenge: randomBytes(32).toString("base64url") },
  "another origin": { origin: "http://app.example.org.evil" },
  "a frame of another site": { crossOrigin: true },
  "a frame of another site, by its name": { topOrigin: "http://evil.example" },
  "another site's authenticator data": { rpId: "evil.example" },
  "nobody present": { flags: { up: false } },
  "a backup of what cannot be backed up": { flags: { be: false, bs: true } },
  "an algorithm that was not offered": { algorithm: "ES256K" },
  "an algorithm that does not fit the key": { publicKey: changed(3, -257) },
  "a curve that does not fit the algorithm": { publicKey: changed(-1, 2) },
  "a point that is on no curve": { publicKey: changed(-2, randomBytes(32)) },
  "a key without a coordinate": { publicKey: (cose) => new Map([...cose].filter(([label]) => label !== -3)) },
  "an RSA key with the exponent 1": { algorithm: "RS256", publicKey: changed(-2, Buffer.from([1])) },
  "an RSA key with the exponent 3": { algorithm: "RS256", publicKey: changed(-2, Buffer.from([3])) },
  "an RSA key of 1024 bits": {
    algorithm: "RS256",
    publicKey: changed(-1, Buffer.concat([Buffer.from([0xc1]), randomBytes(126), Buffer.from([1])])),
  },
  "another id than the signed one": { outerId: randomBytes(32) },
  "an id of no bytes": { id: Buffer.alloc(0), outerId: randomBytes(32) },
  "a statement of no known format": { attestation: () => ({ fmt: "home-made", attStmt: {} }) },
  "no statement with something in it": { attestation: () => ({ fmt: "none", attStmt: { sig: Buffer.alloc(8) } }) },
  "a statement by a broken certificate": { attestation: vouched(model, (whole) => whole.subarray(0, 90)) },
  "a statement by the maker of another model": { attestation: vouched(Buffer.alloc(16, 8)) },
  "a statement over something else": {
    attestation: (parts) => vouched(model)({ ...parts, clientDataHash: randomBytes(32) }),
  },
  "a key's own statement over something else": {
    attestation: (parts) => selfMade({ ...parts, clientDataHash: randomBytes(32) }),
  },
  "a member twice": {
    attestationObject: (whole) =>
      Buffer.concat([Buffer.from([members + 1]), whole.subarray(1), encodeCbor("fmt"), encodeCbor("none")]),
  },
  "a map of indefinite length": {
    attestationObject: (whole) => Buffer.concat([Buffer.from([0xbf]), whole.subarray(1), Buffer.from([0xff])]),
  },
  "lists ten thousand deep": {
    attestationObject: (whole) =>
      Buffer.concat([
        Buffer.from([members + 1]),
        whole.subarray(1),
        encodeCbor("deep"),
        Buffer.alloc(10_000, 0x81),
        Buffer.from([0]),
      ]),
  },
  "a list of four billion": {
    attestationObject: (whole) =>
      Buffer.concat([
        Buffer.from([members + 1]),
        whole.subarray(1),
        encodeCbor("long"),
        Buffer.from([0x9a, 0xff, 0xff, 0xff, 0xff]),
      ]),
  },
  "something behind the end": { attestationObject: (whole) => Buffer.concat([whole, Buffer.from([0])]) },
  "an end too early": { attestationObject: (whole) => whole.subarray(0, -1) },
  "a tag": { attestationObject: (whole) => Buffer.concat([Buffer.from([0xc1]), whole]) },
  nothing: { attestationObject: () => Buffer.alloc(0) },
  "authenticator data with something behind it": {
    authenticatorData: (data) => Buffer.concat([data, Buffer.from([0])]),
  },
  "authenticator data without a key": { authenticatorData: (data) => data.subarray(0, 37) },
  "client data with a mark in front": { clientData: (said) => `\uFEFF${said}` },
  "client data with a member twice": { clientData: (said) => said.replace("{", '{"type":"webauthn.create",') },
};

onEachDatabase(
  "a new key is refused that was not made for this page and this challenge, or that is no good",
  async (server, t) => {
    for (const [what, twist] of Object.entries(wrong))
      await t.test(what, async () => {
        const { status, body } = await signUpWithPasskey(server.spa(), newAuthenticator(), "pat@example.org", twist);
        assert.deepEqual([status, messageIds(body)], [400, [refused]], JSON.stringify(body.ui.messages));
      });
    await t.test("an id of 1024 bytes", async () => {
      const { body } = await signUpWithPasskey(server.spa(), newAuthenticator(), "pat@example.org", {
        id: randomBytes(1024),
      });
      assert.deepEqual(messageIds(body), [4000001]);
    });
    assert.equal(
      (await signUpWithPasskey(server.spa(), newAuthenticator(), "pat@example.org")).status,
      200,
      "a good key is taken",
    );
  },
  { config: keyConfig() },
);

onEachDatabase(
  "keys of several algorithms, with and without statements, sign up and in",
  async (server) => {
    const good: Twist[] = [
      { algorithm: "ES256" },
      { algorithm: "ES384" },
      { algorithm: "EdDSA" },
      { algorithm: "RS256" },
      { id: randomBytes(1023) },
      { attestation: vouched(model) },
      { attestation: selfMade },
    ];
    for (const [at, twist] of good.entries()) {
      const key = newAuthenticator();
      const { status, body } = await signUpWithPasskey(server.spa(), key, `pat${at}@example.org`, twist);
      assert.equal(status, 200, JSON.stringify(body.ui?.messages));
      assert.equal((await signInWithPasskey(server.spa(), key)).status, 200);
    }
  },
  { config: keyConfig() },
);

test("an authenticator proves its make where the configuration asks for it", async (t) => {
  const direct = { selfservice: { methods: { passkey: { config: { attestation: { preference: "direct" } } } } } };
  const server = await startServer(t, { config: keyConfig(direct) });
  assert.deepEqual(messageIds((await signUpWithPasskey(server.spa(), newAuthenticator(), "pat@example.org")).body), [
    refused,
  ]);
  assert.equal(
    (await signUpWithPasskey(server.spa(), newAuthenticator(), "pat@example.org", { attestation: vouched(model) }))
      .status,
    200,
  );
});

test("what is asked for follows the configuration, and says nothing of the person", async (t) => {
  const chosen = {
    authenticator_selection: { attachment: "platform", resident_key: "preferred", user_verification: "required" },
    timeouts: { registration: "45s", login: "30s" },
  };
  const server = await startServer(t, {
    config: keyConfig({ selfservice: { methods: { passkey: { config: chosen } } } }),
  });
  const client = server.spa();
  const { credentialOptions, ...fields } = JSON.parse(
    valueOf(await begin(client, "registration"), "passkey_create_data"),
  );
  const { user, timeout, authenticatorSelection, challenge, rp } = credentialOptions.publicKey;
  assert.deepEqual(authenticatorSelection, {
    authenticatorAttachment: "platform",
    requireResidentKey: false,
    residentKey: "preferred",
    userVerification: "required",
  });
  assert.deepEqual(
    [rp, timeout, Buffer.from(challenge, "base64url").length],
    [{ id: "example.org", name: "Example" }, 45_000, 32],
  );
  assert.deepEqual(fields, { displayNameFieldName: "traits.email", displayNameFieldNames: ["traits.email"] });
  assert.match(Buffer.from(user.id, "base64url").toString(), /^[0-9A-Za-z]{64}$/);
  const asked = JSON.parse(valueOf(await begin(client, "login"), "passkey_challenge")).publicKey;
  assert.deepEqual([asked.timeout, asked.userVerification, asked.allowCredentials], [30_000, "required", undefined]);
});

test("without configured origins the domain itself may ask", async (t) => {
  const rp = { id: "example.org", display_name: "Example", origins: [] };
  const server = await startServer(t, {
    config: keyConfig({ selfservice: { methods: { passkey: { config: { rp } } } } }),
  });
  const signUp = (origin: string) => signUpWithPasskey(server.spa(), newAuthenticator(), "pat@example.org", { origin });
  assert.deepEqual(messageIds((await signUp("http://app.example.org")).body), [refused]);
  assert.equal((await signUp("http://example.org")).status, 200);
});

test("whatever byte of a new key is wrong, it is refused or taken, and nothing breaks", async (t) => {
  const server = await startServer(t, { config: keyConfig() });
  const length = 250;
  for (let at = 0; at < length; at++) {
    const attestationObject = (whole: Buffer) => {
      const changed = Buffer.from(whole);
      changed[at % whole.length]! ^= 1 << (at % 8);
      return changed;
    };
    const flow = await begin(server.native, "registration", "", "api");
    const { credentialOptions } = JSON.parse(valueOf(flow, "passkey_create_data"));
    const passkey_register = newAuthenticator().create(credentialOptions, { attestationObject });
    const { status } = await server.native.post(`/self-service/registration?flow=${flow.id}`, {
      ...{ method: "passkey", traits: { email: `pat${at}@example.org` } },
      passkey_register,
    });
    assert.ok(status === 400 || status === 200, `byte ${at}: ${status}`);
  }
});
