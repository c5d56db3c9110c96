import assert from "node:assert/strict";
import { test } from "node:test";
import { encoded } from "../support/config.ts";
import { password, submitIn } from "../support/person.ts";
import { startServer } from "../support/server.ts";

const rp = { id: "127.0.0.1", display_name: "Example", origins: ["http://127.0.0.1"] };
/** Every method makes a name of the address. */
const named = {
  credentials: {
    password: { identifier: true },
    webauthn: { identifier: true },
    code: { identifier: true, via: "email" },
  },
};
const email = { type: "string", format: "email", "ory.sh/kratos": named };
const schema = {
  type: "object",
  properties: { traits: { type: "object", properties: { email }, required: ["email"] } },
};
const config = {
  identity: { default_schema_id: "person", schemas: [{ id: "person", url: encoded(schema) }] },
  selfservice: {
    flows: { settings: { required_aal: "aal1" }, registration: { style: "unified" } },
    methods: {
      code: { enabled: true, passwordless_enabled: true },
      totp: { enabled: true },
      lookup_secret: { enabled: true },
      webauthn: { enabled: true, config: { passwordless: true, rp } },
      passkey: { enabled: true, config: { rp } },
    },
  },
};

test("forms show the methods in their places, whichever is built first", async (t) => {
  const server = await startServer(t, { config });
  const app = server.spa();
  const groups = async (kind: string, query = "") => {
    const { body } = await app.get(`/self-service/${kind}/browser${query}`, { accept: "application/json" });
    return [...new Set<string>(body.ui.nodes.map(({ group }: { group: string }) => group))].join(" ");
  };
  assert.equal(await groups("login"), "default webauthn passkey code password");
  assert.equal(await groups("registration"), "default webauthn passkey code password");
  const { id } = await server.createPerson({ email: "ada@example.org", password });
  assert.equal(
    (await submitIn(app, "login", { method: "password", identifier: "ada@example.org", password })).status,
    200,
  );
  const credentials = {
    totp: { config: { totp_url: "otpauth://totp/ada?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP" } },
    lookup_secret: { config: { codes: [{ code: "abcd1234" }] } },
  };
  await server.admin("PUT", `/admin/identities/${id}`, {
    json: { traits: { email: "ada@example.org" }, state: "active", credentials },
  });
  assert.equal(await groups("settings"), "default profile password lookup_secret webauthn passkey totp");
  assert.equal(await groups("login", "?aal=aal2"), "default totp lookup_secret");
});
