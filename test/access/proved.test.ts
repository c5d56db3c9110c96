import assert from "node:assert/strict";
import { test } from "node:test";
import { generate } from "otplib";
import { csrfTokenOf } from "../support/client.ts";
import { nodeOf, password } from "../support/person.ts";
import { startServer } from "../support/server.ts";
import { askWho, beginAt, enter, openBrowser, signInAt } from "./two-ports.ts";

const accept = "application/json";

test("where the console asks for a second factor, an administrator sets one up and proves it", async (t) => {
  const server = await startServer(t, {
    config: {
      console: { require_second_factor: true },
      selfservice: { methods: { totp: { enabled: true } } },
    },
  });
  const email = "owner@example.org";
  const { id } = await server.createPerson({ email, password });
  await server.admin("PUT", `/admin/administrators/${id}`, { json: { role: "owner" } });
  const browser = openBrowser(server);
  await signInAt(browser, email);

  const handed = await beginAt(browser);
  const settings = new URL(handed.location!);
  assert.equal(settings.pathname, "/self-service/settings/browser", "there is none to prove yet");
  assert.match(settings.searchParams.get("return_to")!, /\/self-service\/console\?request=/);

  const { people } = browser;
  const { body: flow } = await people.get("/self-service/settings/browser", { accept });
  const secret: string = nodeOf(flow, "totp_secret_key").attributes.text.context.secret;
  const code = await generate({ secret });
  const form = { method: "totp", totp_code: code, csrf_token: csrfTokenOf(flow) };
  const set = await people.post(flow.ui.action, form, { accept });
  assert.equal(set.status, 200, JSON.stringify(set.body.ui?.messages));
  const entered = await enter(browser);
  assert.equal(entered.status, 303);
  assert.ok((await askWho(browser)).body.identity_id);

  const later = openBrowser(server);
  await later.people.get("/self-service/login/browser");
  const { body: login } = await later.people.get("/self-service/login/browser", { accept });
  await later.people.post(
    login.ui.action,
    { method: "password", identifier: email, password, csrf_token: csrfTokenOf(login) },
    { accept },
  );
  const asked = new URL((await beginAt(later)).location!);
  assert.equal(asked.pathname, "/self-service/login/browser");
  assert.equal(asked.searchParams.get("aal"), "aal2", "who has one is asked for it");
});

test("the link of a start in development makes the first who opens it the owner, and nobody else", async (t) => {
  const server = await startServer(t);
  const { newClaim } = await import("../../src/access/claim.ts");
  const { configOf } = await import("../support/config.ts");
  const claim = newClaim({ config: configOf({ dsn: "memory" }), now: server.now });
  for (const email of ["first@example.org", "second@example.org"]) await server.createPerson({ email, password });
  const first = openBrowser(server);
  await signInAt(first, "first@example.org");
  const refused = await first.console.get("/admin/console/sign-in?claim=made-up", { accept });
  assert.equal(refused.status, 410);
  assert.equal((await enter(first, `?claim=${claim}`)).status, 303);
  assert.equal((await askWho(first)).body.role, "owner");

  const second = openBrowser(server);
  await signInAt(second, "second@example.org");
  assert.match((await beginAt(second, `?claim=${claim}`)).location!, /\/error\?id=/);
  const { body } = await server.admin("GET", "/admin/administrators");
  assert.equal(body.length, 1);
});
