import assert from "node:assert/strict";
import { test } from "node:test";
import { startServer } from "../support/server.ts";

test("the challenge of an OAuth 2 server is refused where there is none, and where it is empty", async (t) => {
  const server = await startServer(t);
  for (const kind of ["login", "registration"])
    for (const query of [
      "login_challenge=x",
      "login_challenge=",
      "login_challenge",
      `login_challenge=${"x".repeat(4000)}`,
      "refresh=true&login_challenge=x",
    ]) {
      const told = await server.spa().get(`/self-service/${kind}/browser?${query}`);
      assert.equal(told.status, 400, `${kind}: ${query}`);
      assert.equal(told.body.error.code, 400);
      const shown = await server.browser().get(`/self-service/${kind}/browser?${query}`);
      assert.equal(shown.status, 303, "a browser is sent to the page of errors");
      assert.match(String(shown.location), /^http:\/\/app\.example\.org\/error\?id=/);
    }
  for (const kind of ["settings", "recovery", "verification"]) {
    const { status } = await server.spa().get(`/self-service/${kind}/browser?login_challenge=x`);
    assert.ok(status < 500, kind);
  }
});
