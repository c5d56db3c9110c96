import assert from "node:assert/strict";
import { test } from "node:test";
import { mergeTrees } from "../support/config.ts";
import { ownPagesConfig } from "../support/own-pages.ts";
import { startServer } from "../support/server.ts";
import type { TestServer } from "../support/server.ts";
import { idOrigin } from "../support/website.ts";

const password = "correct-horse-battery-9";
const pathOf = (location: string | null) => {
  const { pathname, search } = new URL(location!, `${idOrigin}/ui/`);
  return pathname + search;
};

/** Somebody who has signed in by the pages. */
async function atHome(server: TestServer) {
  await server.createPerson({ email: "ada@example.org", password });
  const client = server.browser();
  const begun = await client.get("/self-service/login/browser");
  const path = pathOf(begun.location);
  const csrf_token = /name="csrf_token" value="([^"]+)"/.exec(String((await client.get(path)).body))![1]!;
  const form = { csrf_token, identifier: "ada@example.org", method: "password", password };
  const signedIn = await client.send("POST", path.replace("/ui/", "/ui/self-service/"), { form });
  assert.equal(signedIn.status, 303);
  return {
    press: (what: string, headers: Record<string, string> = { "sec-fetch-site": "same-origin", origin: idOrigin }) =>
      client.send("POST", "/ui/account", { form: { do: what }, headers }),
    account: async () => {
      const flow = await client.get("/self-service/settings/browser");
      return String((await client.get(pathOf(flow.location))).body);
    },
    confirmation: () => client.get("/ui/delete"),
  };
}

const lasting = { session: { lifespan: "2400h" } };
const deleting = (more: object) =>
  mergeTrees(mergeTrees(ownPagesConfig, lasting), { selfservice: { deletion: { enabled: true, ...more } } });

test("people download what is known of them, have their account deleted, and keep it", async (t) => {
  const server = await startServer(t, { config: deleting({ grace_period: "720h" }) });
  const ada = await atHome(server);
  const copy = await ada.press("export");
  assert.equal(copy.status, 200, JSON.stringify(copy.body));
  assert.equal(copy.headers.get("content-disposition"), 'attachment; filename="account.json"');
  assert.equal(copy.headers.get("cache-control"), "no-store");
  assert.equal(copy.body.identity.traits.email, "ada@example.org");

  assert.match(await ada.account(), />Download your data<[\s\S]*>Delete my account</);
  for (const headers of [{ "sec-fetch-site": "cross-site", origin: idOrigin }, { origin: "https://evil.example" }, {}])
    for (const what of ["delete", "export"])
      assert.equal((await ada.press(what, headers as Record<string, string>)).status, 403);
  assert.doesNotMatch(await ada.account(), /will be deleted on/);
  assert.equal((await ada.press("nothing")).status, 400);

  const due = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeZone: "UTC" });
  const day = due.format(server.now().getTime() + 720 * 3_600_000);
  const question = String((await ada.confirmation()).body);
  assert.match(question, /You are signed in as ada@example\.org\./);
  assert.ok(question.includes(`If you go on, your account will be deleted on ${day}`), question);
  assert.match(question, /You stay signed in until then\./);
  const asked = await ada.press("delete");
  assert.equal(pathOf(asked.location), "/ui/settings");
  assert.equal(pathOf((await ada.confirmation()).location), "/ui/settings");
  const scheduled = await ada.account();
  assert.ok(scheduled.includes(`Your account will be deleted on ${day}`), scheduled);
  assert.doesNotMatch(scheduled, />Delete my account</);

  server.advance(2 * 3_600_000);
  for (const [what, back] of [
    ["export", "settings"],
    ["delete", "delete"],
  ] as const) {
    const stale = new URL((await ada.press(what)).location!);
    assert.equal(stale.pathname, "/self-service/login/browser");
    assert.equal(stale.searchParams.get("refresh"), "true");
    assert.equal(stale.searchParams.get("return_to"), `${idOrigin}/ui/${back}`);
  }
  assert.equal(pathOf((await ada.press("keep")).location), "/ui/settings");
  assert.match(await ada.account(), />Delete my account</);
});

test("whoever is signed out by having their account deleted is told so", async (t) => {
  const ada = await atHome(await startServer(t, { config: deleting({ end_sessions: "at_once" }) }));
  assert.match(String((await ada.confirmation()).body), /You are signed out everywhere right away\./);
  assert.equal(pathOf((await ada.press("delete")).location), "/ui/signed-out");
  assert.equal(pathOf((await ada.confirmation()).location), "/ui/login");
  assert.equal(pathOf((await ada.press("export")).location), "/ui/login");
});

test("deletion is not offered where it is switched off, and a copy is", async (t) => {
  const ada = await atHome(await startServer(t, { config: ownPagesConfig }));
  const page = await ada.account();
  assert.match(page, />Download your data</);
  assert.doesNotMatch(page, /Delete my account/);
  assert.equal((await ada.confirmation()).status, 404);
  assert.equal((await ada.press("delete")).status, 404);
});
