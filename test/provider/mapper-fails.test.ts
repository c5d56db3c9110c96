import assert from "node:assert/strict";
import { test } from "node:test";
import { events as domainEvents } from "../../src/events/entities.ts";
import type { Json } from "../support/client.ts";
import { collectingLog } from "../support/log.ts";
import { rowsOf } from "../support/rows.ts";
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
  const rows = await rowsOf(server.app.db, domainEvents, (query) => query.where("type", "=", "JsonnetMappingFailed"));
  assert.equal(rows.length, 1);
  const { flow_id: _, ...told } = rows[0]!.payload as Json;
  assert.deepEqual(told, {
    ...{ flow_type: "browser", method: "oidc", provider: "acme" },
    ...{ fault: "evaluation_failed", line: 3, column: 6 },
  });
  assert.deepEqual([rows[0]!.reason, rows[0]!.subjectId], ["registration.oidc", null]);
  assert.deepEqual((await server.adminClient.get("/admin/identities")).body, []);
});
