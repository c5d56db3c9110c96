import assert from "node:assert/strict";
import { test } from "node:test";
import type { Json } from "../support/client.ts";
import {
  addKey,
  addPasskey,
  begin,
  keyConfig,
  newAuthenticator,
  nodeNames,
  signInByPassword,
  submit,
} from "../support/keys.ts";
import { mailsTo } from "../support/mailbox.ts";
import { startServer } from "../support/server.ts";
import type { TestServer } from "../support/server.ts";
import { onEachDatabase } from "../support/servers.ts";

const password = "correct-horse-battery-9";
const hooks = { hooks: [{ hook: "notify_key_added" }] };
const courier = { smtp: { connection_uri: "smtp://127.0.0.1:1/?disable_starttls=true" } };
const config = keyConfig({
  courier,
  selfservice: { flows: { settings: { after: { passkey: hooks, webauthn: hooks } } } },
});

/** Somebody with an address, verified or not, who is signed in. */
async function owner(server: TestServer, email: string, verified: boolean) {
  const { status } = await server.admin("POST", "/admin/identities", {
    json: {
      schema_id: "person",
      traits: { email },
      verifiable_addresses: [{ via: "email", value: email, verified, status: verified ? "completed" : "pending" }],
      credentials: { password: { config: { password } } },
    },
  });
  assert.equal(status, 201);
  return signInByPassword(server, email);
}

const told = async (server: TestServer, email: string) =>
  (await mailsTo(server, email)).map(({ templateType }) => templateType);

onEachDatabase(
  "people are told that a key was added to their account, and of nothing else",
  async (server) => {
    for (const [email, verified] of [
      ["ada@example.org", true],
      ["bea@example.org", false],
    ] as const) {
      const client = await owner(server, email, verified);
      const refused = await addPasskey(client, newAuthenticator(), { challenge: "AAAA" });
      assert.equal(refused.status, 400);
      assert.deepEqual(await told(server, email), [], "nothing was added");
      assert.equal((await addPasskey(client, newAuthenticator())).status, 200);
      assert.equal((await addKey(client, newAuthenticator(), "blue")).status, 200);
      assert.deepEqual(await told(server, email), ["authenticator_key_added", "authenticator_key_added"]);
      const flow = await begin(client, "settings");
      assert.ok(nodeNames(flow).includes("passkey_remove"));
      const { value } = flow.ui.nodes.find(({ attributes }: Json) => attributes.name === "passkey_remove").attributes;
      assert.equal((await submit(client, "settings", flow, { method: "passkey", passkey_remove: value })).status, 200);
      assert.equal((await told(server, email)).length, 2);
      const [mail] = await mailsTo(server, email);
      assert.match(mail!.body, /passkey was added to your account on \d{4}-/);
    }
  },
  { config },
);

test("who is not told by the configuration gets no mail", async (t) => {
  const server = await startServer(t, { config: keyConfig({ courier }) });
  const client = await owner(server, "ada@example.org", true);
  assert.equal((await addPasskey(client, newAuthenticator())).status, 200);
  assert.deepEqual(await told(server, "ada@example.org"), []);
});
