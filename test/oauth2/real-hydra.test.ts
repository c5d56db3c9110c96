import assert from "node:assert/strict";
import { test } from "node:test";
import { csrfTokenOf } from "../support/client.ts";
import type { Client, Json } from "../support/client.ts";
import { password } from "../support/person.ts";
import { hydraProgram, startRealHydra } from "../support/real-hydra.ts";
import { startServer } from "../support/server.ts";
import type { TestServer } from "../support/server.ts";

const email = "ada@example.org";
const skip = hydraProgram === undefined && "OSTIARY_TEST_HYDRA names no program of Ory Hydra's";

/** Shows the form that Hydra has sent a browser to. */
async function formAt(browser: Client, kind: string, location: string): Promise<Json> {
  const { location: page } = await browser.get(location);
  const id = new URL(page!).searchParams.get("flow");
  assert.ok(id, page!);
  return (await browser.get(`/self-service/${kind}/flows?id=${id}`, { accept: "application/json" })).body;
}

const send = async (browser: Client, flow: Json, fields: Record<string, string>): Promise<string> => {
  const { location } = await browser.send("POST", flow.ui.action, {
    form: { method: "password", password, ...fields, csrf_token: csrfTokenOf(flow) },
  });
  return location!;
};

test("a real Hydra: an application signs somebody in, knows them again, and signs them out", { skip }, async (t) => {
  const login = "http://id.example.org/self-service/login/browser";
  const hydra = await startRealHydra(t, hydraProgram!, login);
  const server: TestServer = await startServer(t, {
    config: { oauth2_provider: { url: hydra.adminUrl, send_acr: true } },
  });
  const ada = await server.createPerson({ email, password });
  const [here, there] = [server.browser(), hydra.browser()];

  const first = await hydra.begin(there);
  assert.ok(first.location.startsWith(login), first.location);
  const flow = await formAt(here, "login", first.location);
  assert.deepEqual(
    [flow.oauth2_login_request.client.client_name, flow.oauth2_login_request.requested_scope],
    ["The shop", ["openid"]],
  );
  const { claims } = await first.finish(await send(here, flow, { identifier: email }));
  const { body: session } = await here.get("/sessions/whoami", { accept: "application/json" });
  assert.deepEqual([claims.sub, claims["amr"], claims["acr"]], [ada.id, ["password"], "aal1"]);
  assert.ok(claims["sid"]);

  const second = await hydra.begin(there);
  const skipped = await here.get(second.location);
  assert.equal(skipped.status, 303);
  const known = await second.finish(skipped.location!);
  assert.deepEqual([known.claims.sub, known.claims["sid"]], [ada.id, claims["sid"]]);

  const forced = await hydra.begin(there, { prompt: "login" });
  const asked = await formAt(here, "login", forced.location);
  assert.equal(asked.refresh, true);
  await forced.finish(await send(here, asked, { identifier: email }));

  await server.createPerson({ email: "eve@example.org", password });
  const other = await hydra.begin(there);
  const elsewhere = server.browser();
  await send(elsewhere, await formAt(elsewhere, "login", login), { identifier: "eve@example.org" });
  const confirming = await formAt(elsewhere, "login", other.location);
  assert.equal(confirming.refresh, true, "Hydra knows Ada, and it is Eve who is signed in here");
  const eve = await send(elsewhere, confirming, { identifier: "eve@example.org" });
  assert.equal(new URL(eve).searchParams.get("prompt"), "login", "Hydra has whoever is there sign in anew");

  const again = await here.get(first.location, { accept: "application/json" });
  const twice = await send(here, again.body, { identifier: email });
  const end = await there.get(twice);
  assert.equal(
    new URL(end.location!).searchParams.get("error"),
    "request_forbidden",
    "a sign-in is good for one visit",
  );

  assert.equal(await hydra.signOut(there, known.idToken), "https://shop.example.org/signed-out");
  assert.equal((await here.get("/sessions/whoami", { accept: "application/json" })).body.id, session.id);
  const after = await hydra.begin(there);
  assert.equal((await formAt(here, "login", after.location)).refresh, true, "Hydra knows nobody any more");
});

test("a real Hydra: somebody signs up for an application, and an unknown challenge is refused", { skip }, async (t) => {
  const registration = "http://id.example.org/self-service/registration/browser";
  const hydra = await startRealHydra(t, hydraProgram!, registration.replace("registration", "login"));
  const server = await startServer(t, { config: { oauth2_provider: { url: hydra.adminUrl } } });
  const [here, there] = [server.browser(), hydra.browser()];
  const visit = await hydra.begin(there, { prompt: "registration" });
  assert.ok(visit.location.startsWith(registration), visit.location);
  const flow = await formAt(here, "registration", visit.location);
  const { claims } = await visit.finish(await send(here, flow, { "traits.email": email }));
  const { body: people } = await server.admin("GET", "/admin/identities");
  assert.deepEqual(
    [claims.sub],
    people.map(({ id }: Json) => id),
  );

  const unknown = await server.spa().get("/self-service/login/browser?login_challenge=nobody");
  assert.equal(unknown.status, 400);
  assert.equal(unknown.body.error.details.status_code, 404);
});
