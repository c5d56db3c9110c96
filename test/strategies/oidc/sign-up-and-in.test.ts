import assert from "node:assert/strict";
import type { Client } from "../../support/client.ts";
import { signInBy, withProvider } from "../../support/social.ts";

const ada = { subject: "ada", claims: { email: "ada@example.org", email_verified: true, given_name: "Ada" } };

const whoami = async (client: Client) => (await client.get("/sessions/whoami", { accept: "application/json" })).body;

withProvider("who is new signs up by one button, and signs in by it from then on", async ({ server, openid }) => {
  const app = server.spa();
  const signedUp = await signInBy(openid, app, ada, { kind: "registration" });
  assert.equal(signedUp.status, 200, JSON.stringify(signedUp.body));
  const first = await whoami(app);
  assert.equal(first.identity.traits.email, "ada@example.org");
  const [method] = first.authentication_methods;
  assert.deepEqual([method.method, method.provider, method.aal], ["oidc", "acme", "aal1"]);

  const other = server.spa();
  assert.equal((await signInBy(openid, other, ada)).status, 200);
  assert.equal((await whoami(other)).identity.id, first.identity.id);
});
