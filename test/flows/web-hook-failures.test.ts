import assert from "node:assert/strict";
import { test } from "node:test";
import { csrfTokenOf } from "../support/client.ts";
import type { Answer, Json } from "../support/client.ts";
import type { ConfigTree } from "../support/config.ts";
import { everything, hook, startTarget } from "../support/hook-target.ts";
import { collectingLog, warningLog } from "../support/log.ts";
import { begin, password, signedIn, signInNatively, submit } from "../support/person.ts";
import { startServer } from "../support/server.ts";
import type { TestServer } from "../support/server.ts";
import { onEachDatabase } from "../support/servers.ts";

const email = "ada@example.org";
const ignored = { response: { ignore: true } };
const nowhere = "http://127.0.0.1:1/hook";

async function signUp(server: TestServer, to: string): Promise<Answer> {
  const { body: flow } = await server.native.get("/self-service/registration/api");
  return server.native.post(flow.ui.action, { method: "password", password, traits: { email: to } });
}

/** Everything that can go wrong about a hook, one hook each. */
const broken: Readonly<Record<string, ConfigTree>> = {
  "a body that asks for what is not there": hook(nowhere, ignored, "function(ctx) { x: ctx.identity.traits.nope }"),
  "a body that is no program": hook(nowhere, ignored, "function(ctx) {"),
  "a body that never ends": hook(nowhere, ignored, "local f(x) = f(x + 1); function(ctx) f(0)"),
  "a body that is not there": hook(nowhere, { ...ignored, body: "file:///nowhere/body.jsonnet" }),
  "a body on a server that is down": hook(nowhere, { ...ignored, body: "http://127.0.0.1:1/body.jsonnet" }),
  "no body": { hook: "web_hook", config: { url: nowhere, method: "POST", ...ignored } },
  "a form of numbers": hook(
    nowhere,
    { ...ignored, headers: { "Content-Type": "application/x-www-form-urlencoded" } },
    "function(ctx) { n: 1 }",
  ),
  "a type that nothing is written as": hook(nowhere, { ...ignored, headers: { "Content-Type": "image/png" } }),
  "a server that is down": hook(nowhere, ignored),
  "a name that nobody has": hook("http://nobody.invalid/hook", ignored),
  "TLS where there is none": hook("https://127.0.0.1:1/hook", ignored),
};

test("a hook whose answer is ignored never fails a flow, whatever fails", async (t) => {
  const { log, warnings } = warningLog();
  const hooks = Object.values(broken);
  const everywhere = { before: { hooks }, after: { hooks } };
  const flows = {
    login: everywhere,
    settings: { ...everywhere, after: { hooks, profile: { hooks } } },
    recovery: { ...everywhere, enabled: true },
    verification: { ...everywhere, enabled: true },
  };
  const registration = { before: { hooks }, after: { hooks, password: { hooks: [...hooks, { hook: "session" }] } } };
  const courier = { smtp: { connection_uri: "smtp://127.0.0.1:1/" } };
  const server = await startServer(t, {
    log,
    config: { courier, selfservice: { flows: { ...flows, registration }, methods: { code: { enabled: true } } } },
  });
  const { status, body } = await signUp(server, email);
  assert.equal(status, 200, JSON.stringify(body));
  const headers = await signInNatively(server, email);
  const settings = await begin(server, "settings", headers);
  assert.equal(
    (await submit(server, settings, { method: "profile", traits: { email, age: 36 } }, headers)).status,
    200,
  );
  for (const kind of ["recovery", "verification"]) await begin(server, kind, {});
  while (warnings.filter((event) => event === "a web hook failed").length < hooks.length * 6)
    await new Promise((resolve) => setTimeout(resolve, 20));
});

test("the log says of a hook that cannot be called why, as its client is told", async (t) => {
  const { log, events } = collectingLog();
  const hooks = [{ hook: "web_hook", config: { id: "crm", url: nowhere, method: "POST" } }];
  const server = await startServer(t, { log, config: { selfservice: { flows: { login: { after: { hooks } } } } } });
  await server.createPerson({ email, password });
  const { status, body } = await submit(
    server,
    await begin(server, "login", {}),
    { method: "password", identifier: email, password },
    {},
  );
  assert.equal(status, 500);
  const said = events.filter((event) => event.startsWith("call failed unexpectedly"));
  assert.equal(said.length, 1);
  assert.ok(said[0]!.includes(body.error.reason), said[0]);
});

test("a private address that is out of reach fails no flow where the answer is ignored", async (t) => {
  const { called, url } = await startTarget(t);
  const clients = { http: { disallow_private_ip_ranges: true } };
  const server = await startServer(t, {
    config: { clients, selfservice: { flows: { login: { after: { hooks: [hook(url, ignored)] } } } } },
  });
  await server.createPerson({ email, password });
  await signInNatively(server, email);
  assert.equal(called.length, 0);
});

test("a hook is told of the event as it was, however late it reads its program", async (t) => {
  const { called, url } = await startTarget(t, [{ status: 200, body: everything }]);
  const server = await startServer(t, {
    config: {
      selfservice: { flows: { login: { after: { hooks: [hook(url, { ...ignored, body: `${url}/program` })] } } } },
    },
  });
  await server.createPerson({ email, password });
  await signInNatively(server, email);
  while (called.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  const told: Json = JSON.parse(called[1]!.body);
  assert.deepEqual(
    [told.flow.state, told.identity.traits.email, told.session.authentication_methods[0].method],
    ["choose_method", email, "password"],
  );
});

test("every flow has a payload in what hooks are told, whether or not one was sent", async (t) => {
  const { called, url } = await startTarget(t);
  const at = (kind: string, moment: string, more: ConfigTree[] = []) => ({
    hooks: [hook(`${url}/${moment}-${kind}`, {}, "function(ctx) { sent: ctx.flow.transient_payload }"), ...more],
  });
  const kinds = ["login", "settings", "recovery", "verification", "registration"];
  const flows = Object.fromEntries(
    kinds.map((kind) => [kind, { before: at(kind, "before"), after: at(kind, "after") }]),
  );
  const courier = { smtp: { connection_uri: "smtp://127.0.0.1:1/" } };
  const registration = {
    ...flows["registration"],
    after: { password: at("registration", "after", [{ hook: "session" }]) },
  };
  const selfservice = {
    flows: {
      ...flows,
      registration,
      recovery: { ...flows["recovery"], enabled: true },
      verification: { ...flows["verification"], enabled: true },
    },
    methods: { code: { enabled: true } },
  };
  const server = await startServer(t, { config: { courier, selfservice } });
  assert.equal((await signUp(server, email)).status, 200);
  const headers = await signInNatively(server, email);
  const settings = await begin(server, "settings", headers);
  await submit(server, settings, { method: "profile", traits: { email, age: 36 } }, headers);
  for (const kind of ["recovery", "verification"]) await begin(server, kind, {});
  const moments = [
    "before-registration",
    "after-registration",
    "before-login",
    "after-login",
    "before-settings",
    "after-settings",
    "before-recovery",
    "before-verification",
  ];
  assert.deepEqual(
    called.map(({ path, body }) => [path.split("/").at(-1), body]),
    moments.map((moment) => [moment, '{"sent":{}}']),
  );
});

onEachDatabase(
  "what a hook could never say is found out before anything is written",
  async (server) => {
    for (let attempt = 1; attempt <= 2; attempt++) {
      const { status, body } = await signUp(server, email);
      assert.equal(status, 500, JSON.stringify(body));
      assert.equal(
        (await server.admin("GET", "/admin/identities")).body.length,
        0,
        "whoever tries again is not told that they are there already",
      );
    }
    const { headers, id } = await signedIn(server, "bea@example.org");
    const settings = await begin(server, "settings", headers);
    assert.equal(
      (await submit(server, settings, { method: "profile", traits: { email: "bea@example.org", age: 36 } }, headers))
        .status,
      500,
    );
    assert.equal((await server.admin("GET", `/admin/identities/${id}`)).body.traits.age, undefined);
  },
  {
    config: {
      selfservice: {
        flows: {
          registration: {
            after: { password: { hooks: [hook(nowhere, {}, "function(ctx) ctx.absent"), { hook: "session" }] } },
          },
          settings: { after: { profile: { hooks: [hook(nowhere, {}, "function(ctx) ctx.absent")] } } },
        },
      },
    },
  },
);

onEachDatabase(
  "an account whose hook failed after it was written is its owner's all the same",
  async (server) => {
    const { status } = await signUp(server, email);
    assert.equal(status, 502);
    assert.deepEqual(
      (await server.admin("GET", "/admin/sessions?active=true")).body,
      [],
      "nobody was handed a session",
    );
    await signInNatively(server, email);
    const app = server.spa();
    const { body: login } = await app.get("/self-service/login/browser");
    await app.post(login.ui.action, {
      method: "password",
      identifier: email,
      password,
      csrf_token: csrfTokenOf(login),
    });
    const { body: settings } = await app.get("/self-service/settings/browser");
    const change = { method: "profile", traits: { email, age: 36 }, csrf_token: csrfTokenOf(settings) };
    assert.equal((await app.post(settings.ui.action, change)).status, 502);
    const { status: known, body } = await app.get("/sessions/whoami");
    assert.deepEqual([known, body.identity?.traits.age], [200, 36], "the browser stays signed in");
  },
  {
    config: {
      selfservice: {
        flows: {
          registration: { after: { password: { hooks: [hook(nowhere), { hook: "session" }] } } },
          settings: { after: { profile: { hooks: [hook(nowhere)] } } },
        },
      },
    },
  },
);
