import assert from "node:assert/strict";
import { test } from "node:test";
import { startAdmin, withPassword } from "./people.ts";
import { runSql } from "../support/run-sql.ts";

const unknownId = "00000000-0000-7000-8000-000000000000";

test("a new identity is answered with its credentials and addresses, and where it is", async (t) => {
  const { admin } = await startAdmin(t);
  const { status, body, location } = await admin("POST", "/identities", {
    traits: { email: "Ada@Example.org" },
    external_id: "a-1",
    metadata_public: "text",
    metadata_admin: ["vip"],
  });
  assert.equal(status, 201);
  assert.ok(location?.endsWith(`/identities/${body.id}`));
  assert.equal(body.traits.email, "Ada@Example.org");
  assert.deepEqual(body.credentials.password.identifiers, ["ada@example.org"]);
  assert.equal(body.credentials.password.config, undefined);
  assert.equal(body.verifiable_addresses[0].status, "pending");
  assert.equal(body.recovery_addresses[0].value, "ada@example.org");
  const read = await admin("GET", `/identities/${body.id}`);
  assert.equal(read.body.metadata_public, "text");
  assert.deepEqual(read.body.metadata_admin, ["vip"]);
  assert.equal((await admin("GET", "/identities/by/external/a-1")).body.id, body.id);
});

test("names, addresses and external ids are given once, and a refused identity leaves nothing behind", async (t) => {
  const { admin, member } = await startAdmin(t);
  await member("ada@example.org", { external_id: "a-1" });
  assert.equal((await admin("POST", "/identities", { traits: { email: "ADA@example.org" } })).status, 409);
  assert.equal(
    (await admin("POST", "/identities", { traits: { email: "b@example.org" }, external_id: "a-1" })).status,
    409,
  );
  assert.equal((await admin("GET", "/identities")).body.length, 1);
  const { id } = await member("b@example.org");
  assert.equal(
    (await admin("PUT", `/identities/${id}`, { traits: { email: "ada@example.org" }, state: "active" })).status,
    409,
  );
  assert.equal((await admin("GET", `/identities/${id}`)).body.traits.email, "b@example.org");
});

test("of many that claim one name at once, one gets it", async (t) => {
  const { admin } = await startAdmin(t);
  const claim = () => admin("POST", "/identities", { traits: { email: "one@example.org" } });
  const statuses = await Promise.all(Array.from({ length: 8 }, async () => (await claim()).status));
  assert.deepEqual(statuses.toSorted(), [201, 409, 409, 409, 409, 409, 409, 409]);
});

test("what does not obey the schema or the contract is refused", async (t) => {
  const { admin } = await startAdmin(t);
  const seed = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
  const totp = (parameters: string) => `otpauth://totp/a${parameters}`;
  const refused = [
    { traits: {} },
    {},
    { traits: { email: "no address" } },
    { traits: { email: "a@example.org", age: 2 } },
    { traits: { email: "a@example.org" }, schema_id: "none" },
    { traits: { email: "a@example.org" }, state: "asleep" },
    { traits: { email: "a@example.org" }, colour: "red" },
    { traits: { email: "a@example.org" }, credentials: { password: { config: { hashed_password: "no hash" } } } },
    ...[
      "https://example.org",
      totp(""),
      totp("?secret=AB"),
      ...["&period=0", "&digits=9", "&algorithm=MD5"].map((odd) => totp(`?secret=${seed}${odd}`)),
    ].map((totp_url) => ({ traits: { email: "a@example.org" }, credentials: { totp: { config: { totp_url } } } })),
    ...[{}, { id: "AAAA" }, { id: "", public_key: "AAAA" }, { id: "A".repeat(1368), public_key: "AAAA" }].map(
      (key) => ({
        traits: { email: "a@example.org" },
        credentials: { passkey: { config: { credentials: [key], user_handle: "AAAA" } } },
      }),
    ),
  ];
  for (const json of refused) {
    const { status, body } = await admin("POST", "/identities", json);
    assert.equal(status, 400, JSON.stringify(json));
    assert.equal(body.error.code, 400);
  }
  for (const path of ["nonsense", unknownId, "by/external/nobody"])
    assert.equal((await admin("GET", `/identities/${path}`)).status, 404);
});

test("an address that was verified elsewhere stays verified; one that is no trait is dropped", async (t) => {
  const { member } = await startAdmin(t);
  const verified = { via: "email", verified: true, status: "completed", verified_at: "2023-04-05T06:07:08Z" };
  const addresses = [
    { ...verified, value: "ADA@example.org" },
    { ...verified, value: "other@example.org" },
  ];
  const { verifiable_addresses } = await member("ada@example.org", { verifiable_addresses: addresses });
  assert.equal(verifiable_addresses.length, 1);
  assert.equal(verifiable_addresses[0].verified, true);
  assert.equal(verifiable_addresses[0].verified_at, "2023-04-05T06:07:08Z");
});

test("an imported password signs in; TOTP keys and backup codes are read back but not stored clear", async (t) => {
  const { admin, member, signIn, app } = await startAdmin(t);
  const url = "otpauth://totp/ada?secret=JBSWY3DPEHPK3PXP";
  const { id } = await member("ada@example.org", {
    credentials: {
      password: { config: { password: "a long good password" } },
      totp: { config: { totp_url: url } },
      lookup_secret: { config: { codes: [{ code: "backup-one" }] } },
    },
  });
  assert.equal((await signIn("ADA@example.org", "a long good password")).session.active, true);
  const { body } = await admin("GET", `/identities/${id}?include_credential=totp&include_credential=lookup_secret`);
  assert.equal(body.credentials.totp.config.totp_url, url);
  assert.equal(body.credentials.lookup_secret.config.recovery_codes[0].code, "backup-one");
  assert.equal(body.credentials.password.config, undefined);
  const stored = JSON.stringify(await runSql(app.db, "select config from identity_credentials"));
  for (const secret of ["JBSWY3DPEHPK3PXP", "backup-one", "a long good password"])
    assert.ok(!stored.includes(secret), secret);
  assert.equal((await admin("GET", `/identities/${id}?include_credential=fingerprint`)).status, 400);
});

test("replacing keeps how far verification has come, unless the address changes", async (t) => {
  const { admin, member } = await startAdmin(t);
  const verified = [{ value: "ada@example.org", via: "email", verified: true, status: "completed" }];
  const { id, state_changed_at } = await member("ada@example.org", {
    verifiable_addresses: verified,
    metadata_public: { a: 1 },
  });
  const same = await admin("PUT", `/identities/${id}`, {
    traits: { email: "ada@example.org", plan: "gold" },
    state: "active",
  });
  assert.equal(same.body.verifiable_addresses[0].verified, true);
  assert.equal(same.body.metadata_public, null);
  assert.equal(same.body.state_changed_at, state_changed_at);
  const other = await admin("PUT", `/identities/${id}`, { traits: { email: "new@example.org" }, state: "inactive" });
  assert.equal(other.body.verifiable_addresses.length, 1);
  assert.equal(other.body.verifiable_addresses[0].verified, false);
  assert.deepEqual(other.body.credentials.password.identifiers, ["new@example.org"]);
  assert.notEqual(other.body.state_changed_at, undefined);
  assert.equal((await admin("POST", "/identities", { traits: { email: "ada@example.org" } })).status, 201);
});

test("a patch changes what it names and nothing else", async (t) => {
  const { admin, member } = await startAdmin(t);
  const { id } = await member("ada@example.org", { metadata_public: { list: [1, 2] } });
  const patched = await admin("PATCH", `/identities/${id}`, [
    { op: "add", path: "/metadata_public/list/1", value: 7 },
    { op: "remove", path: "/metadata_public/list/0" },
    { op: "replace", path: "/state", value: "inactive" },
    { op: "replace", path: "/traits/email", value: "new@example.org" },
    { op: "add", path: "/colour", value: "red" },
  ]);
  assert.equal(patched.status, 200);
  const { body } = await admin("GET", `/identities/${id}`);
  assert.deepEqual(body.metadata_public, { list: [7, 2] });
  assert.equal(body.state, "inactive");
  assert.deepEqual(body.credentials.code.identifiers, ["new@example.org"]);
  assert.equal(body.colour, undefined);
});

test("a patch that goes too far is refused as a whole", async (t) => {
  const { admin, member } = await startAdmin(t);
  const { id } = await member("ada@example.org");
  const operations = [
    { op: "replace", path: "/id", value: unknownId },
    { op: "replace", path: "/credentials", value: {} },
    { op: "add", path: "/credentials/oidc", value: {} },
    { op: "add", path: "/credentials/SAML", value: {} },
    { op: "add", path: "/credentials/fingerprint", value: { type: "fingerprint" } },
    { op: "replace", path: "/credentials/password/type", value: "code" },
    { op: "replace", path: "/credentials/password/config/hashed_password", value: "plain" },
    { op: "add", path: "/credentials/password", value: { type: "password", config: { hashed_password: 5 } } },
    {
      op: "add",
      path: "/credentials/totp",
      value: { type: "totp", config: { totp_url: "otpauth://totp/ada?secret=AB" } },
    },
    { op: "replace", path: "/state", value: "asleep" },
    { op: "add", path: "/region", value: "moon" },
    { op: "replace", path: "/schema_id", value: "none" },
    { op: "remove", path: "/traits/email" },
    { op: "replace", path: "/traits/none", value: 1 },
    { op: "test", path: "/state", value: "active" },
    { op: "add", path: "/traits/__proto__/x", value: 1 },
  ];
  for (const operation of operations) {
    const patch = [{ op: "add", path: "/metadata_public", value: 1 }, operation];
    assert.equal((await admin("PATCH", `/identities/${id}`, patch)).status, 400, JSON.stringify(operation));
  }
  assert.equal((await admin("GET", `/identities/${id}`)).body.metadata_public, null);
});

test("an account is kept in a region that there is", async (t) => {
  const { admin } = await startAdmin(t);
  const traits = { email: "ada@example.org" };
  assert.equal((await admin("POST", "/identities", { traits, region: "moon" })).status, 400);
  const { status, body } = await admin("POST", "/identities", { traits, region: "eu-central" });
  assert.deepEqual([status, body.region], [201, "eu-central"]);
  const change = (region: string) => admin("PUT", `/identities/${body.id}`, { traits, state: "active", region });
  assert.equal((await change("moon")).status, 400);
  assert.equal((await change("us")).body.region, "us");
  assert.equal(
    (await admin("PATCH", `/identities/${body.id}`, [{ op: "replace", path: "/region", value: "asia" }])).body.region,
    "asia",
  );
  const none = await change("");
  assert.equal(none.status, 200, JSON.stringify(none.body));
});

test("of patches at once none is lost", async (t) => {
  const { admin, member } = await startAdmin(t);
  const { id } = await member("ada@example.org", { metadata_public: [] });
  const numbers = [0, 1, 2, 3, 4, 5, 6, 7];
  await Promise.all(
    numbers.map((value) => admin("PATCH", `/identities/${id}`, [{ op: "add", path: "/metadata_public/-", value }])),
  );
  assert.deepEqual((await admin("GET", `/identities/${id}`)).body.metadata_public.toSorted(), numbers);
});

test("a deleted identity takes its sessions along and frees its names", async (t) => {
  const server = await startAdmin(t);
  const { id } = await server.member("ada@example.org", withPassword("a long good password"));
  const { session_token } = await server.signIn("ada@example.org", "a long good password");
  assert.equal((await server.admin("DELETE", `/identities/${id}`)).status, 204);
  const whoami = await server.public("GET", "/sessions/whoami", { headers: { "x-session-token": session_token } });
  assert.equal(whoami.status, 401);
  assert.equal((await server.admin("DELETE", `/identities/${id}`)).status, 404);
  assert.equal((await server.admin("POST", "/identities", { traits: { email: "ada@example.org" } })).status, 201);
});

test("second factors can be removed, but not the only way to sign in", async (t) => {
  const { admin, member } = await startAdmin(t);
  const totp = { config: { totp_url: "otpauth://totp/ada?secret=JBSWY3DPEHPK3PXP" } };
  const { id } = await member("ada@example.org", {
    credentials: { ...withPassword("a long good password").credentials, totp },
  });
  const remove = async (type: string) => (await admin("DELETE", `/identities/${id}/credentials/${type}`)).status;
  assert.equal(await remove("totp"), 204);
  assert.equal(await remove("totp"), 404);
  assert.equal(await remove("passkey"), 404);
  assert.equal(await remove("code"), 400);
  assert.equal(await remove("password"), 400);
});

test("only what opens a session here counts as another way to sign in", async (t) => {
  const oidc = { config: { providers: [{ provider: "op", subject: "1" }] } };
  const password = withPassword("a long good password").credentials;
  const removed = async (config: object, traits: object, credentials: object, which = "password") => {
    const { admin } = await startAdmin(t, { selfservice: { methods: config } });
    const { body } = await admin("POST", "/identities", { traits, credentials: { ...password, ...credentials } });
    return (await admin("DELETE", `/identities/${body.id}/credentials/${which}`)).status;
  };
  const ada = { email: "ada@example.org" };
  assert.equal(await removed({}, ada, { oidc }), 400, "providers are switched off");
  assert.equal(await removed({ oidc: { enabled: true } }, ada, { oidc }), 204);
  const promised = { password: { config: { use_password_migration_hook: true } } };
  assert.equal(
    await removed({ oidc: { enabled: true } }, ada, { oidc, ...promised }, "oidc?identifier=op:1"),
    400,
    "no hook is asked for it",
  );
  const codes = { code: { passwordless_enabled: true } };
  assert.equal(await removed(codes, ada, {}), 204, "a code goes to the address");
  assert.equal(await removed(codes, { name: "ada" }, {}), 400, "there is no address for a code");
});

test("one of several accounts at providers can be removed", async (t) => {
  const { admin, member } = await startAdmin(t);
  const providers = [
    { provider: "op", subject: "1" },
    { provider: "op", subject: "2" },
  ];
  const { id } = await member("ada@example.org", { credentials: { oidc: { config: { providers } } } });
  const remove = async (query: string) => (await admin("DELETE", `/identities/${id}/credentials/oidc${query}`)).status;
  assert.equal(await remove(""), 400);
  assert.equal(await remove("?identifier=op:3"), 404);
  assert.equal(await remove("?identifier=op:1"), 204);
  assert.equal(await remove("?identifier=op:2"), 400);
  const { body } = await admin("GET", `/identities/${id}?include_credential=oidc`);
  assert.deepEqual(body.credentials.oidc.identifiers, ["op:2"]);
  assert.equal(body.credentials.oidc.config.providers.length, 1);
});

test("a batch makes what it can, and tells of each what became of it", async (t) => {
  const { admin, member } = await startAdmin(t);
  await member("taken@example.org");
  const { status, body } = await admin("PATCH", "/identities", {
    identities: [
      { create: { traits: { email: "one@example.org" } }, patch_id: unknownId },
      { create: { traits: { email: "taken@example.org" } } },
      { create: { traits: { age: 3 } } },
      { create: { traits: { email: "twin@example.org" } } },
      { create: { traits: { email: "twin@example.org" } } },
    ],
  });
  assert.equal(status, 200);
  assert.deepEqual(
    body.identities.map(({ action }: { action: string }) => action),
    ["create", "error", "error", "create", "error"],
  );
  assert.equal(body.identities[0].patch_id, unknownId);
  assert.deepEqual(
    [1, 2, 4].map((at) => body.identities[at].error.code),
    [409, 400, 409],
  );
  assert.equal((await admin("GET", "/identities")).body.length, 3);
  const many = Array.from({ length: 1001 }, () => ({}));
  assert.equal((await admin("PATCH", "/identities", { identities: many })).status, 400);
});

test("a body is JSON whatever its type says, but not from a browser", async (t) => {
  const { adminClient } = await startAdmin(t);
  const raw = JSON.stringify({ traits: { email: "ada@example.org" } });
  const byCurl = { "content-type": "application/x-www-form-urlencoded" };
  const post = (headers: Record<string, string>) => adminClient.send("POST", "/admin/identities", { raw, headers });
  assert.equal((await post({ ...byCurl, origin: "https://evil.example.org" })).status, 400);
  assert.equal((await post({ ...byCurl, "sec-fetch-site": "cross-site" })).status, 400);
  assert.equal((await post(byCurl)).status, 201);
});

test("an unknown word explains itself beside the message, an unknown member in its place", async (t) => {
  const { admin } = await startAdmin(t);
  const traits = { email: "ada@example.org" };
  const word = await admin("POST", "/identities", { traits, state: "asleep" });
  assert.equal(word.status, 400);
  assert.match(word.body.error.reason, /^state must be one of active, inactive/);
  const member = await admin("POST", "/identities", { traits, colour: "red" });
  assert.equal(member.status, 400);
  assert.equal(member.body.error.reason, undefined);
  assert.match(member.body.error.message, /colour/);
});
