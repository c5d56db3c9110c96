import assert from "node:assert/strict";
import { resolve } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { least, readGood, write } from "../config/written.ts";
import type { Json } from "../support/client.ts";
import { begin, password, signedIn, submit } from "../support/person.ts";
import { startServer } from "../support/server.ts";

/** Confirms who somebody is, and tells whether the token from before still opens their account, and the one of the answer. */
async function confirmed(t: TestContext, session: object) {
  const server = await startServer(t, { config: { session } });
  const { email, headers } = await signedIn(server);
  const flow = await begin(server, "login", headers, "?refresh=true");
  const { body } = await submit(server, flow, { method: "password", identifier: email, password }, headers);
  assert.deepEqual(
    body.session.authentication_methods.map((one: Json) => one.method),
    ["password", "password"],
  );
  const opens = async (token: string) =>
    (await server.native.get("/sessions/whoami", { headers: { "x-session-token": token } })).status === 200;
  return [await opens(headers["x-session-token"]), await opens(body.session_token)];
}

test("an app that knows nothing of new tokens stays signed in", async (t) => {
  assert.deepEqual(await confirmed(t, {}), [true, true]);
});

test("where tokens are renewed, the one from before is worth nothing", async (t) => {
  assert.deepEqual(await confirmed(t, { rotate_native_tokens: true }), [false, true]);
});

test("the hardened example renews them, whatever it is laid over", (t) => {
  const files = [...write(t, least), resolve(import.meta.dirname, "../../examples/hardened.yml")];
  const { session, security, selfservice } = readGood(files);
  assert.deepEqual([session.rotate_native_tokens, security.account_enumeration.mitigate], [true, true]);
  assert.deepEqual(selfservice.methods.code.mfa_channels, ["sms"]);
});
