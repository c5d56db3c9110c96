import assert from "node:assert/strict";
import { test } from "node:test";
import { password } from "../support/person.ts";
import { startServer } from "../support/server.ts";
import type { TestServer } from "../support/server.ts";

const asked = { DEV_DISABLE_API_FLOW_ENFORCEMENT: "true" };
const fromBrowser = { headers: { origin: "http://localhost:19006", cookie: "theme=dark" } };

/** Signs up and in by native flows, as an app does that runs in a browser; answers with what came of each step. */
async function walk({ native }: TestServer): Promise<(number | string)[]> {
  const { body: registration } = await native.get("/self-service/registration/api", fromBrowser);
  const { status } = await native.post(
    registration.ui.action,
    { method: "password", password, traits: { email: "ada@example.org" } },
    fromBrowser,
  );
  const { body: login } = await native.get("/self-service/login/api", fromBrowser);
  const signed = await native.post(
    login.ui.action,
    { method: "password", identifier: "ada@example.org", password },
    fromBrowser,
  );
  return [status, signed.status, signed.body.error?.message ?? typeof signed.body.session_token];
}

test("an app that is native elsewhere runs in a developer's browser, where that is asked for", async (t) => {
  assert.deepEqual(await walk(await startServer(t, { environment: asked })), [200, 200, "string"]);
});

test("without the variable, with another value, or outside development mode, native flows are not for browsers", async (t) => {
  const cases = [
    { environment: {} },
    { environment: { DEV_DISABLE_API_FLOW_ENFORCEMENT: "false" } },
    { environment: { DEV_DISABLE_API_FLOW_ENFORCEMENT: "yes" } },
    { environment: asked, config: { dev: false } },
  ];
  for (const options of cases)
    assert.deepEqual((await walk(await startServer(t, options))).slice(0, 2), [400, 400], JSON.stringify(options));
});
