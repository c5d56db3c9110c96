import assert from "node:assert/strict";
import { generateSync } from "otplib";
import { csrfTokenOf } from "./client.ts";
import { nodeOf, password, submitIn } from "./person.ts";
import type { TestServer } from "./server.ts";

/** Sets an authenticator app up, in a session that is left behind. */
export async function enrolAuthenticator(server: TestServer, email: string): Promise<() => string> {
  const app = server.spa();
  await submitIn(app, "login", { method: "password", identifier: email, password });
  const { body: flow } = await app.get("/self-service/settings/browser");
  const { secret } = nodeOf(flow, "totp_secret_key").attributes.text.context;
  const code = () => generateSync({ secret, epoch: Math.floor(server.now().getTime() / 1000) });
  const answer = { method: "totp", totp_code: code(), csrf_token: csrfTokenOf(flow) };
  assert.equal((await app.post(flow.ui.action, answer)).status, 200);
  server.advance(60_000);
  return code;
}
