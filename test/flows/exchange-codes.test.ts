import assert from "node:assert/strict";
import { test } from "node:test";
import { cleanUp } from "../../src/cleanup/clean-up.ts";
import { events } from "../../src/events/entities.ts";
import { sessionTokenExchanges } from "../../src/flow/entities.ts";
import { entities } from "../../src/orm.ts";
import { tableOf } from "../../src/db/table.ts";
import { messageIds } from "../support/client.ts";
import type { Json } from "../support/client.ts";
import { createMigrated } from "../support/databases.ts";
import { kratosOf } from "../support/kratos.ts";
import { atOnce, nodeOf, signedIn, submitIn } from "../support/person.ts";
import { withAcme } from "../support/redirecting-method.ts";
import { countOf, rowsOf } from "../support/rows.ts";
import { startServer } from "../support/server.ts";
import type { TestServer } from "../support/server.ts";
import { onEachDatabase, onTwoServers } from "../support/servers.ts";
import { makeTenant } from "../tenants/world.ts";

const config = {
  selfservice: {
    allowed_return_urls: ["myapp://signed-in/"],
    flows: { registration: { after: { oidc: { hooks: [{ hook: "session" }] } } } },
    methods: { oidc: { enabled: true } },
  },
};
const options = { strategies: withAcme, config };
const minute = 60_000;
const returnTo = encodeURIComponent("myapp://signed-in/");
const asked = `?return_session_token_exchange_code=true&return_to=${returnTo}`;

/** A native client begins a flow and is told where its browser has to go. */
async function leave(server: TestServer, kind = "login", query = asked) {
  const { body: flow } = await server.native.get(`/self-service/${kind}/api${query}`);
  const away = await server.native.post(flow.ui.action, {
    method: "oidc",
    provider: "acme",
    ...(kind === "registration" && { traits: { email: "typed@example.org" } }),
  });
  assert.equal(away.status, 422, JSON.stringify(away.body));
  const state = new URL(away.body.redirect_browser_to).searchParams.get("state")!;
  return { flow, initCode: flow.session_token_exchange_code as string, state };
}

/** The browser comes back from Acme: where it is sent then. */
async function back(server: TestServer, state: string, code: string, browser = server.browser(), more = "") {
  const path = `/self-service/methods/oidc/callback/acme?state=${state}&code=${encodeURIComponent(code)}${more}`;
  const { status, location } = await browser.get(path);
  assert.equal(status, 303);
  const home = new URL(location!);
  assert.equal(`${home.protocol}//${home.host}${home.pathname}`, "myapp://signed-in/");
  return { code: home.searchParams.get("code")!, flow: home.searchParams.get("flow") };
}

const collect = (server: TestServer, initCode: string, code: string) =>
  server.native.get(`/sessions/token-exchange?init_code=${initCode}&return_to_code=${code}`);

const whoami = (server: TestServer, token: string) =>
  server.native.get("/sessions/whoami", { headers: { "x-session-token": token } });

/** Somebody signs up or in natively, from the beginning to the session. */
async function signInBy(server: TestServer, email: string) {
  const { initCode, state } = await leave(server);
  const { code } = await back(server, state, email);
  const { status, body } = await collect(server, initCode, code);
  assert.equal(status, 200, JSON.stringify(body));
  return { initCode, code, token: body.session_token as string, session: body.session };
}

onEachDatabase(
  "Kratos' own client gets its session by both codes, of which the database holds nothing that could be used",
  async (server) => {
    const { frontend } = kratosOf(server);
    const { data: flow } = await frontend.createNativeLoginFlow({
      returnSessionTokenExchangeCode: true,
      returnTo: "myapp://signed-in/",
    });
    const initCode = flow.session_token_exchange_code!;
    assert.match(initCode, /^[0-9A-Za-z]{64}$/);
    assert.equal(
      (await frontend.getLoginFlow({ id: flow.id })).data.session_token_exchange_code,
      undefined,
      "it is told once",
    );
    const submission = { method: "oidc" as const, provider: "acme" };
    const away = await frontend
      .updateLoginFlow({ flow: flow.id, updateLoginFlowBody: submission })
      .catch(({ response }) => response);
    assert.deepEqual([away.status, away.data.error.id], [422, "browser_location_change_required"]);
    const state = new URL(away.data.redirect_browser_to).searchParams.get("state")!;
    const { code, flow: shown } = await back(server, state, "ada@example.org");
    assert.match(code, /^[0-9A-Za-z]{64}$/);
    assert.equal(shown, null);

    const secrets = [initCode, code];
    const holds = async () => {
      for (const entity of entities) {
        if (!("nid" in entity.properties)) continue;
        const rows = JSON.stringify(await rowsOf(server.app.db, tableOf(entity as never), (query) => query));
        for (const secret of secrets) assert.ok(!rows.includes(secret), `${entity.tableName} holds ${secret}`);
      }
    };
    await holds();
    const { data } = await frontend.exchangeSessionToken({ initCode, returnToCode: code });
    secrets.push(data.session_token!);
    await holds();
    const { data: own } = await frontend.toSession({ xSessionToken: data.session_token! });
    assert.deepEqual([own.id, own.identity!.traits.email], [data.session.id, "ada@example.org"]);
    assert.deepEqual(data.session.devices, []);
    const { data: again } = await frontend.exchangeSessionToken({ initCode, returnToCode: code });
    assert.equal(again.session_token, data.session_token, "whoever lost the answer asks again");

    const other = await signInBy(server, "ada@example.org");
    assert.notEqual(other.token, data.session_token);
    assert.equal(other.session.identity.id, own.identity!.id);
    for (const [init, back] of [
      [initCode, other.code],
      [other.initCode, code],
      [code, initCode],
      [initCode, "b"],
      ["a", "b"],
    ] as const)
      assert.equal((await collect(server, init, back)).status, 404);
    for (const query of ["", `?init_code=${initCode}`, `?return_to_code=${code}`, `?init_code=&return_to_code=${code}`])
      assert.equal((await server.native.get(`/sessions/token-exchange${query}`)).status, 400, query);
  },
  options,
);

onTwoServers(
  "of many who ask for one session at once, at two servers over one database, all are told one token",
  async (one, other) => {
    const { initCode, state } = await leave(one);
    const { code } = await back(other, state, "ada@example.org");
    const answers = await atOnce(16, (index) => collect(index % 2 ? one : other, initCode, code));
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
    const tokens = new Set(answers.map(({ body }) => body.session_token));
    assert.equal(tokens.size, 1);
    assert.equal((await whoami(other, [...tokens][0])).status, 200);
    const told = await rowsOf(one.app.db, events, (query) => query.where("reason", "=", "sessions.exchange"));
    assert.equal(told.length, 1);
  },
  options,
);

test("a secret that is added on one server before the other changes no code and no token", async (t) => {
  const { dsn, drop } = await createMigrated("sqlite");
  const [old, fresh] = ["an-old-secret-of-32-characters!!", "a-new-secret-of-32-characters!!!"];
  const start = (cookie: string[]) => startServer(t, { ...options, dsn, config: { ...config, secrets: { cookie } } });
  const [one, other, last] = [await start([old]), await start([fresh, old]), await start([fresh])];
  t.after(() => drop());
  const { initCode, state } = await leave(one);
  const { code } = await back(other, state, "ada@example.org");
  const { body } = await collect(other, initCode, code);
  assert.equal((await collect(one, initCode, code)).body.session_token, body.session_token);
  assert.equal((await collect(last, initCode, code)).status, 404, "the secret that made it is out of service");
});

onEachDatabase(
  "who has yet to say something goes on in the client, and the codes lead to the form until then",
  async (server) => {
    const { initCode, state } = await leave(server);
    const { code, flow: id } = await back(server, state, "no address");
    const pending = await collect(server, initCode, code);
    assert.equal(pending.status, 422);
    assert.deepEqual([pending.body.id, pending.body.type, messageIds(pending.body).length], [id, "api", 1]);
    assert.equal(pending.body.session_token_exchange_code, undefined);
    const { body: form } = await server.native.get(`/self-service/registration/flows?id=${id}`);
    assert.equal(nodeOf(form, "traits.email").attributes.value, "no address");
    const complete = (email: string) =>
      server.native.post(form.ui.action, { method: "oidc", provider: "acme", traits: { email } });
    assert.equal((await complete("still none")).status, 400);
    const done = await complete("ada@example.org");
    assert.equal(done.status, 200, JSON.stringify(done.body));
    assert.equal((await whoami(server, done.body.session_token)).body.identity.traits.email, "ada@example.org");
  },
  options,
);

test("a browser comes home with what is wrong, too, and the client is shown it by the codes", async (t) => {
  const server = await startServer(t, options);
  const { flow, initCode, state } = await leave(server);
  const { code, flow: shown } = await back(server, state, "", undefined, "&error=access_denied");
  assert.equal(shown, null, "a client knows its own form");
  const { status, body } = await collect(server, initCode, code);
  assert.deepEqual([status, body.id, messageIds(body)], [422, flow.id, [4000001]]);

  const registration = await leave(server, "registration");
  const refused = await back(server, registration.state, "", undefined, "&error=access_denied");
  assert.equal(refused.flow, registration.flow.id, "as Kratos does");
  assert.equal((await collect(server, registration.initCode, refused.code)).body.id, registration.flow.id);

  const again = await server.native.post(flow.ui.action, { method: "oidc", provider: "acme" });
  const second = await back(
    server,
    new URL(again.body.redirect_browser_to).searchParams.get("state")!,
    "ada@example.org",
  );
  assert.equal((await collect(server, initCode, second.code)).status, 200);
});

onTwoServers(
  "whoever has got a code by a refusal of their own does not collect the session of somebody whom they send to sign in next",
  async (one, other) => {
    const eve = await leave(one);
    const { code: known } = await back(one, eve.state, "", undefined, "&error=access_denied");
    const goOn = async () => {
      const { body } = await one.native.post(eve.flow.ui.action, { method: "oidc", provider: "acme" });
      return new URL(body.redirect_browser_to).searchParams.get("state")!;
    };
    const { code: victims } = await back(other, await goOn(), "ada@example.org");
    assert.equal((await collect(one, eve.initCode, known)).status, 404);
    // Nor by what her own browser brings home afterwards.
    const { code: later } = await back(one, await goOn(), "", undefined, "&error=access_denied");
    assert.equal((await collect(one, eve.initCode, later)).status, 422);
    assert.equal((await collect(one, eve.initCode, victims)).status, 404);
    assert.equal(new Set([known, victims, later]).size, 3);
  },
  options,
);

test("a session waits for ten minutes, a flow's codes for an hour, and both are cleaned up then", async (t) => {
  const server = await startServer(t, options);
  const { initCode, code, token } = await signInBy(server, "ada@example.org");
  server.advance(9 * minute);
  assert.equal((await collect(server, initCode, code)).body.session_token, token);
  const pending = await leave(server);
  server.advance(2 * minute);
  assert.equal((await collect(server, initCode, code)).status, 404);
  assert.equal((await whoami(server, token)).status, 200);
  const clean = () =>
    cleanUp(server.app.db, {
      batchSize: 10,
      tablePauseMs: 0,
      keepMs: 24 * 60 * minute,
      keepMessagesMs: 1e12,
      keepDeliveriesMs: 0,
      keepEventsMs: 1e12,
      now: server.now,
    });
  assert.equal((await clean())["session_token_exchanges"], 1);
  assert.equal(await countOf(server.app.db, sessionTokenExchanges), 1);
  const { code: late } = await back(server, pending.state, "", undefined, "&error=access_denied");
  server.advance(60 * minute);
  assert.equal((await collect(server, pending.initCode, late)).status, 404);
  assert.equal((await clean())["session_token_exchanges"], 1);
});

test("a browser that comes back too late still finds home, and the client sees that its flow is over", async (t) => {
  const server = await startServer(t, {
    ...options,
    config: {
      selfservice: { ...config.selfservice, flows: { ...config.selfservice.flows, login: { lifespan: "20m" } } },
    },
  });
  const { flow, initCode, state } = await leave(server);
  server.advance(30 * minute);
  const { code, flow: shown } = await back(server, state, "ada@example.org");
  assert.equal(shown, null);
  const { status, body } = await collect(server, initCode, code);
  assert.deepEqual([status, body.id], [422, flow.id]);
  assert.ok(new Date(body.expires_at) < server.now());
});

test("a browser that somebody is signed in with stays theirs, and the client gets a session of its own", async (t) => {
  const server = await startServer(t, options);
  const browser = server.browser();
  await signedIn(server, "bob@example.org");
  const app = server.spa();
  await submitIn(app, "login", {
    method: "password",
    identifier: "bob@example.org",
    password: "correct-horse-battery-9",
  });
  for (const [name, value] of app.cookies) browser.cookies.set(name, value);
  const { initCode, state } = await leave(server);
  const { code } = await back(server, state, "ada@example.org", browser);
  const { body } = await collect(server, initCode, code);
  assert.equal(body.session.identity.traits.email, "ada@example.org");
  const { body: own } = await browser.get("/sessions/whoami", { accept: "application/json" });
  assert.equal(own.identity.traits.email, "bob@example.org");
  assert.notEqual(own.id, body.session.id);
});

test("codes bring back no session that is over, and no token that has been replaced", async (t) => {
  const server = await startServer(t, options);
  const first = await signInBy(server, "ada@example.org");
  const { initCode, code, token, session } = await signInBy(server, "ada@example.org");
  assert.equal((await server.admin("DELETE", `/admin/sessions/${session.id}`)).status, 204);
  assert.equal((await collect(server, initCode, code)).status, 404);
  assert.equal((await whoami(server, token)).status, 401);
  assert.equal((await collect(server, first.initCode, first.code)).body.session_token, first.token);
  await server.admin("PATCH", `/admin/identities/${first.session.identity.id}`, {
    json: [{ op: "replace", path: "/state", value: "inactive" }],
  });
  assert.equal((await collect(server, first.initCode, first.code)).status, 404);
});

test("where signing up opens no session, the codes lead to none", async (t) => {
  const { flows: _, ...selfservice } = config.selfservice;
  const server = await startServer(t, { ...options, config: { selfservice } });
  const { initCode, state } = await leave(server);
  const { code } = await back(server, state, "ada@example.org");
  assert.equal((await collect(server, initCode, code)).status, 422);
  assert.equal((await signInBy(server, "ada@example.org")).session.identity.traits.email, "ada@example.org");
});

test("codes of one tenant mean nothing to another", async (t) => {
  const server = await startServer(t, options);
  const [acme, globex] = [await makeTenant(server, "acme"), await makeTenant(server, "globex")];
  const { body: flow } = await acme.get(`/self-service/login/api?return_session_token_exchange_code=true`);
  const { body: away } = await acme.post(flow.ui.action, { method: "oidc", provider: "acme" });
  const state = new URL(away.redirect_browser_to).searchParams.get("state")!;
  const path = `/self-service/methods/oidc/callback/acme?state=${state}&code=${encodeURIComponent("ada@example.org")}`;
  const home = new URL((await acme.get(path)).location!);
  const exchange = (client: { get(path: string): Promise<Json> }) =>
    client.get(
      `/sessions/token-exchange?init_code=${flow.session_token_exchange_code}&return_to_code=${home.searchParams.get("code")}`,
    );
  for (const other of [globex, server.native]) assert.equal((await exchange(other)).status, 404);
  assert.equal((await exchange(acme)).status, 200);
});
