import assert from "node:assert/strict";
import { test } from "node:test";
import { authorization, hydraConfig, startHydra } from "../support/hydra.ts";
import type { Mood } from "../support/hydra.ts";
import { csrfTokenOf } from "../support/client.ts";
import { password } from "../support/person.ts";
import { startServer } from "../support/server.ts";

const kinds = ["login", "registration"] as const;

test("a challenge is refused where there is no OAuth 2.0 server, and the answer says so", async (t) => {
  const server = await startServer(t);
  for (const kind of kinds)
    for (const query of [
      "login_challenge=x",
      "login_challenge=",
      "login_challenge",
      "refresh=true&login_challenge=x",
    ]) {
      const told = await server.spa().get(`/self-service/${kind}/browser?${query}`);
      assert.equal(told.status, 500, `${kind}: ${query}`);
      assert.match(told.body.error.reason, /oauth2_provider/);
      const shown = await server.browser().get(`/self-service/${kind}/browser?${query}`);
      assert.equal(shown.status, 303, "a browser is sent to the page of errors");
      assert.match(String(shown.location), /^http:\/\/app\.example\.org\/error\?id=/);
    }
  for (const kind of ["settings", "recovery", "verification"]) {
    const { status } = await server.spa().get(`/self-service/${kind}/browser?login_challenge=x`);
    assert.ok(status < 500, kind);
  }
});

test("a server that could sign people in for Hydra does not while that is off", async (t) => {
  const hydra = await startHydra(t);
  const server = await startServer(t, { config: hydraConfig(hydra, { oauth2_provider: { mode: "off" } }) });
  const { status } = await server.spa().get(`/self-service/login/browser?login_challenge=${hydra.wants()}`);
  assert.deepEqual([status, hydra.calls.length], [500, 0]);
});

test("an empty challenge is a mistake of whoever sends it", async (t) => {
  const hydra = await startHydra(t);
  const server = await startServer(t, { config: hydraConfig(hydra) });
  for (const kind of kinds)
    for (const query of ["login_challenge=", "login_challenge"]) {
      const { status, body } = await server.spa().get(`/self-service/${kind}/browser?${query}`);
      assert.deepEqual([status, body.error.code], [400, 400], `${kind}: ${query}`);
    }
  assert.equal(hydra.calls.length, 0);
});

/** What becomes of each answer of Hydra's. */
const table: Readonly<Record<Exclude<Mood, "as usual" | "410">, { get: number; details: object | undefined }>> = {
  "404": { get: 400, details: { status_code: 404, oauth2_error_hint: "The challenge is not known." } },
  "410 without address": { get: 400, details: { status_code: 410 } },
  "500": { get: 500, details: { status_code: 500, oauth2_error_hint: "" } },
  hangs: { get: 500, details: undefined },
  broken: { get: 500, details: { status_code: 200 } },
  huge: { get: 500, details: undefined },
  "a list": { get: 500, details: { status_code: 200 } },
};

for (const [mood, wanted] of Object.entries(table) as [Mood, (typeof table)["404"]][])
  test(`an OAuth 2.0 server whose answer is "${mood}"`, async (t) => {
    const hydra = await startHydra(t);
    const server = await startServer(t, { config: hydraConfig(hydra, { oauth2_provider: { timeout: "300ms" } }) });
    await server.createPerson({ email: "ada@example.org", password });
    const challenge = hydra.wants();
    const begun = await server.spa().get(`/self-service/login/browser?login_challenge=${challenge}`);
    assert.equal(begun.status, 200);

    hydra.mood = { get: mood, accept: "as usual" };
    for (const kind of kinds) {
      const { status, body } = await server.spa().get(`/self-service/${kind}/browser?login_challenge=${challenge}`);
      assert.deepEqual([status, body.error.details], [wanted.get, wanted.details], kind);
      assert.ok(body.error.reason, "the answer says what is wrong");
      assert.doesNotMatch(JSON.stringify(body), /key-of-hydra|127\.0\.0\.1/, "and nothing of where the server is");
      const shown = await server.browser().get(`/self-service/${kind}/browser?login_challenge=${challenge}`);
      assert.match(String(shown.location), /\/error\?id=/, "a browser is sent to the page of errors");
    }

    hydra.mood = { get: "as usual", accept: mood };
    const app = server.spa();
    const { body: flow } = await app.get(`/self-service/login/browser?login_challenge=${challenge}`);
    const { status, body } = await app.post(flow.ui.action, {
      ...{ method: "password", identifier: "ada@example.org", password },
      csrf_token: csrfTokenOf(flow),
    });
    assert.deepEqual([status, body.error.details], [500, wanted.details], "what cannot be told is always our failure");
  });

test("a challenge that was used leads to where the sign-in begins anew", async (t) => {
  const hydra = await startHydra(t);
  const server = await startServer(t, { config: hydraConfig(hydra) });
  await server.createPerson({ email: "ada@example.org", password });
  const challenge = hydra.wants();
  const again = `${authorization}&used=${challenge}`;
  const app = server.spa();
  const { body: flow } = await app.get(`/self-service/login/browser?login_challenge=${challenge}`);
  hydra.mood.get = "410";
  for (const kind of kinds) {
    const browser = await server.browser().get(`/self-service/${kind}/browser?login_challenge=${challenge}`);
    assert.deepEqual([browser.status, browser.location], [303, again], kind);
    const told = await server.spa().get(`/self-service/${kind}/browser?login_challenge=${challenge}`);
    assert.deepEqual(
      [told.status, told.body.error.id, told.body.redirect_browser_to],
      [422, "browser_location_change_required", again],
    );
  }
  const fetched = await app.get(`/self-service/login/flows?id=${flow.id}`);
  assert.deepEqual([fetched.status, fetched.body.redirect_browser_to], [422, again], "a form that is still open, too");
  hydra.mood = { get: "as usual", accept: "410" };
  const late = await app.post(flow.ui.action, {
    ...{ method: "password", identifier: "ada@example.org", password },
    csrf_token: csrfTokenOf(flow),
  });
  assert.deepEqual([late.status, late.body.redirect_browser_to], [422, again]);
});

test("Hydra is asked over connections that are kept, with the headers of the configuration, and again where one has ended", async (t) => {
  const hydra = await startHydra(t);
  const server = await startServer(t, {
    config: hydraConfig(hydra, { oauth2_provider: { url: `${hydra.url}/` } }),
  });
  const begin = () => server.spa().get(`/self-service/login/browser?login_challenge=${hydra.wants()}`);
  for (let time = 0; time < 5; time++) assert.equal((await begin()).status, 200);
  assert.equal(hydra.connections(), 1);
  assert.equal(hydra.calls.length, 5, "a flow that begins is worth one question");
  const [call] = hydra.calls;
  assert.deepEqual(
    [call!.path, call!.headers["x-admin-key"], call!.headers.accept],
    ["/admin/oauth2/auth/requests/login", "key-of-hydra", "application/json"],
  );
  hydra.hangUp();
  assert.equal((await begin()).status, 200);
  assert.equal(hydra.connections(), 2);
});

test("Hydra is called where the configuration lets calls go, and nowhere else", async (t) => {
  const hydra = await startHydra(t);
  const guarded = { clients: { http: { disallow_private_ip_ranges: true } } };
  const server = await startServer(t, { config: hydraConfig(hydra, guarded) });
  const { status } = await server.spa().get(`/self-service/login/browser?login_challenge=${hydra.wants()}`);
  assert.deepEqual([status, hydra.calls.length], [500, 0]);
  const exceptions = { clients: { http: { private_ip_exception_urls: [`${hydra.url}/*`] } } };
  const excepting = await startServer(t, {
    config: hydraConfig(hydra, { clients: { http: { ...guarded.clients.http, ...exceptions.clients.http } } }),
  });
  const begun = await excepting.spa().get(`/self-service/login/browser?login_challenge=${hydra.wants()}`);
  assert.equal(begun.status, 200);
});
