import assert from "node:assert/strict";
import { test } from "node:test";
import { collectingLog } from "../support/log.ts";
import { program, signInBy, startSocial } from "../support/social.ts";

test("a mapper that fails ends the sign-up with its reason, and the log says where it failed", async (t) => {
  const { log, events } = collectingLog();
  const mapper_url = program(
    'local claims = std.extVar("claims");\nif claims.email_verified then { identity: { traits: { email: claims.email } } }\nelse error "verify your address first"',
  );
  const { server, openid } = await startSocial(t, { entry: { mapper_url }, log });
  const claims = { email: "ada@example.org", email_verified: false };
  const answer = await signInBy(openid, server.spa(), { subject: "ada", claims }, { kind: "registration" });
  assert.equal(answer.status, 500);
  assert.match(JSON.stringify(answer.body), /at line 3, column 6: verify your address first/);
  assert.match(events.join("\n"), /at line 3, column 6/);
  assert.deepEqual((await server.adminClient.get("/admin/identities")).body, []);
});
