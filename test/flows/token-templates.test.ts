import assert from "node:assert/strict";
import { test } from "node:test";
import { startServer } from "../support/server.ts";

test("a session is not turned into a token that nobody has described", async (t) => {
  const server = await startServer(t);
  const { id } = await server.createPerson({ email: "pat@example.org", password: "correct-horse-battery-9" });
  assert.ok(id);
  const { body: flow } = await server.native.get("/self-service/login/api");
  const { body } = await server.native.post(flow.ui.action, {
    method: "password",
    identifier: "pat@example.org",
    password: "correct-horse-battery-9",
  });
  for (const template of ["jwt", "__proto__", "constructor", "%00"]) {
    const { status } = await server.native.get(`/sessions/whoami?tokenize_as=${template}`, {
      headers: { "x-session-token": body.session_token },
    });
    assert.equal(status, 400, template);
  }
});
