import assert from "node:assert/strict";
import { test } from "node:test";
import { addressesToJoinBy } from "../../src/provider/trust.ts";
import { adasClaims, mapped, written } from "../support/mapper.ts";

/** Calls verified whatever it is told of. */
const credulous = written(`
  local claims = std.extVar('claims');
  local told = [
    { via: 'email', value: std.get(claims, 'email') },
    { via: 'sms', value: std.get(claims, 'phone_number') },
    { via: 'email', value: std.get(claims, 'upn') },
  ];
  { identity: { traits: {}, verified_addresses: [address for address in told if address.value != null] } }`);

const kinds: Readonly<Record<string, object>> = {
  microsoft: { microsoft_tenant: "common" },
  apple: {
    client_secret: undefined,
    apple_team_id: "t",
    apple_private_key_id: "k",
    apple_private_key: "-----BEGIN PRIVATE KEY-----",
  },
};

/** The addresses that are believed of a provider of a kind. */
async function believed(kind: string, claims: Record<string, unknown>, more: object = {}): Promise<string[]> {
  const provider = { provider: kind, mapper_url: credulous, ...kinds[kind], ...more };
  return (await mapped(provider, { claims })).verified_addresses.map(({ value }) => value);
}

const email = "ada@example.org";

test("of providers that hand on what people type in no address is believed", async () => {
  for (const kind of ["facebook", "slack", "spotify", "vk", "yandex", "lark", "dingtalk", "x", "amazon", "linkedin"])
    assert.deepEqual(await believed(kind, { email, email_verified: true, upn: email }), [], kind);
});

test("an address at Microsoft is believed once the owner of its domain is proven, and no other one", async () => {
  assert.deepEqual(await believed("microsoft", { email, email_verified: true }), []);
  assert.deepEqual(await believed("microsoft", { email, xms_edov: false }), []);
  for (const proof of [{ xms_edov: true }, { xms_edov: "1" }, { raw_claims: { xms_edov: true } }])
    assert.deepEqual(await believed("microsoft", { email: "Ada@Example.org", upn: "eve@example.org", ...proof }), [
      email,
    ]);
});

test("where a provider says which address is verified, that one is believed", async () => {
  for (const kind of ["discord", "line", "linkedin_v2", "patreon", "uaepass"]) {
    assert.deepEqual(await believed(kind, { email, email_verified: true, upn: "eve@example.org" }), [email], kind);
    assert.deepEqual(await believed(kind, { email }), [], kind);
    const phone = { email: undefined, phone_number: "+49 151 23456789", phone_number_verified: true };
    assert.deepEqual(await believed(kind, phone), ["+4915123456789"]);
  }
});

test("elsewhere a mapper is believed, unless the provider says the contrary", async () => {
  for (const kind of ["generic", "google", "apple", "github", "gitlab", "auth0", "salesforce", "netid"]) {
    assert.deepEqual(await believed(kind, { email, upn: "ada@corp.example" }), [email, "ada@corp.example"], kind);
    assert.deepEqual(await believed(kind, { email, email_verified: "false" }), [], kind);
  }
});

test("an operator may leave it to the mapper, as Kratos does", async () => {
  const left = { verified_addresses: "mapper" };
  assert.deepEqual(await believed("facebook", { email }, left), [email]);
  assert.deepEqual(await believed("google", { email, email_verified: false }, left), [email]);
});

test("to join an account takes the provider's own word, whatever is left to the mapper", () => {
  const joinable = (provider: "google" | "facebook" | "microsoft", said: object) =>
    addressesToJoinBy({ provider }, { ...adasClaims, email, ...said }, [{ via: "email", value: email }]).length;
  assert.deepEqual([joinable("google", { email_verified: true }), joinable("google", {})], [1, 0]);
  assert.equal(
    joinable("google", { email_verified: true, email: "eve@example.org" }),
    0,
    "the word on another address",
  );
  assert.equal(joinable("facebook", { email_verified: true }), 0);
  assert.deepEqual(
    [joinable("microsoft", { email_verified: true }), joinable("microsoft", { xms_edov: true })],
    [0, 1],
  );
});
