import assert from "node:assert/strict";
import { test } from "node:test";
import { password, submitIn } from "../support/person.ts";
import { startServer } from "../support/server.ts";

test("a browser that asks to be signed out and is not signed in is sent to the page of errors", async (t) => {
  const server = await startServer(t);
  const browser = server.browser();
  for (const accept of ["text/html", "*/*", ""]) {
    const { status, location } = await browser.get("/self-service/logout/browser", { accept });
    assert.equal(status, 303, accept);
    assert.equal(new URL(location!).pathname, "/error");
    const told = await browser.get(`/self-service/errors?id=${new URL(location!).searchParams.get("id")}`, {
      accept: "application/json",
    });
    assert.equal(told.body.error.id, "session_inactive");
  }
  const script = await server.spa().get("/self-service/logout/browser");
  assert.deepEqual([script.status, script.body.error.id], [401, "session_inactive"]);
  await server.createPerson({ email: "pat@example.org", password });
  const app = server.spa();
  await submitIn(app, "login", { method: "password", identifier: "pat@example.org", password });
  const page = await app.get("/self-service/logout/browser", { accept: "text/html" });
  assert.deepEqual([page.status, Object.keys(page.body).toSorted()], [200, ["logout_token", "logout_url"]]);
});
