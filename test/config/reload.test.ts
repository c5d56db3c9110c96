import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { encoded, personSchema } from "../support/config.ts";
import { collectingLog } from "../support/log.ts";
import { password, submitIn } from "../support/person.ts";
import { startReloading } from "../support/reloading.ts";
import { startServer } from "../support/server.ts";

const withSchema = (url: string) => ({ identity: { default_schema_id: "person", schemas: [{ id: "person", url }] } });
const misspelt = encoded({ properties: { traits: { type: "object", properties: { email: { type: "strin" } } } } });

test("a change whose schema cannot be used is refused, and the last good one stays", async (t) => {
  const server = await startReloading(t);
  const path = join(server.folder, "later.schema.json");
  for (const [url, reason] of [
    [
      pathToFileURL(path).href,
      /^identity\.schemas\[0\]\.url: the schema "person" \(file:.*later\.schema\.json\) cannot be used\. .*ENOENT/,
    ],
    ["http://127.0.0.1:1/person.schema.json", /^identity\.schemas\[0\]\.url: .*http:\/\/127\.0\.0\.1:1.*ECONNREFUSED/],
    [misspelt, /^identity\.schemas\[0\]\.url: .*cannot be compiled/],
  ] as const) {
    const faults = await server.reload(withSchema(url));
    assert.equal(faults.length, 1);
    assert.match(faults[0]!, reason);
    assert.equal((await server.native.get("/self-service/registration/api")).status, 200);
  }
  // The file is there now: the same configuration is good.
  writeFileSync(path, JSON.stringify({ ...personSchema, title: "Later" }));
  assert.deepEqual(await server.reload(withSchema(pathToFileURL(path).href)), []);
  assert.equal((await server.native.get("/schemas/person")).body.title, "Later");
});

test("a change whose template or program cannot be used takes effect all the same, and the log says what is wrong", async (t) => {
  const { log, events } = collectingLog();
  const server = await startReloading(t, {}, log);
  const call = (change: object) => ({ hook: "web_hook", config: { url: "http://127.0.0.1:1/", ...change } });
  const jsonnet = (text: string) => `base64://${Buffer.from(text).toString("base64")}`;
  const hooks = ["file:///nowhere/body.jsonnet", jsonnet("function(ctx) {")].map((body) =>
    call({ method: "POST", body }),
  );
  hooks.push(call({ method: "PUT" }), call({ method: "TRACE" }));
  const email = { subject: "base://c3ViamVjdA==", body: { html: "file:///nowhere/body.gotmpl" } };
  const courier = {
    smtp: { connection_uri: "smtp://127.0.0.1:1" },
    templates: { recovery_code: { valid: { email } } },
  };
  assert.deepEqual(
    await server.reload({
      session: { cookie: { name: "another" } },
      courier,
      selfservice: { flows: { settings: { after: { hooks } } } },
    }),
    [],
  );
  await server.createPerson({ email: "ada@example.org", password });
  const app = server.spa();
  await submitIn(app, "login", { method: "password", identifier: "ada@example.org", password });
  assert.ok(app.cookies.has("another"), "the rest is in effect");
  while (events.length < 5) await new Promise((resolve) => setTimeout(resolve, 5));
  for (const place of [
    "recovery_code.valid.email.subject",
    "recovery_code.valid.email.body.html",
    "hooks[0].config.body",
    "hooks[1].config.body",
    "hooks[2].config.body",
  ])
    assert.ok(
      events.some((event) => event.includes("cannot be used") && event.includes(place)),
      place,
    );
});

test("a change fetches schemas anew", async (t) => {
  let title = "Before";
  const web = createServer((_request, response) => response.end(JSON.stringify({ ...personSchema, title })));
  t.after(() => web.close());
  await new Promise<void>((done) => void web.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${(web.address() as AddressInfo).port}/person.schema.json`;
  const server = await startReloading(t, withSchema(url));
  const titleNow = async () => (await server.native.get("/schemas/person")).body.title;
  assert.equal(await titleNow(), "Before");
  title = "After";
  assert.deepEqual(await server.reload({ ...withSchema(url), session: { lifespan: "2h" } }), []);
  assert.equal(await titleNow(), "After");
});

test("a server does not start with a schema that cannot be used", async (t) => {
  for (const url of ["file:///nowhere/person.schema.json", misspelt])
    await assert.rejects(
      startServer(t, { config: withSchema(url) }),
      /identity\.schemas\[0\]\.url: the schema "person" \((file|base64):/,
    );
});

test("a server starts without a schema of another server, and says so", async (t) => {
  const said = Promise.withResolvers<string>();
  const log = {
    debug() {},
    info() {},
    warn() {},
    error: (event: string, fields: unknown) => said.resolve(`${event} ${JSON.stringify(fields)}`),
  };
  const { native } = await startServer(t, { log, config: withSchema("http://127.0.0.1:1/person.schema.json") });
  assert.match(await said.promise, /identity schema is missing.*identity\.schemas\[0\]\.url/);
  const { status, body } = await native.get("/self-service/registration/api");
  assert.equal(status, 500);
  assert.match(body.error.reason, /identity schema/);
});

test("a session goes on under a cookie secret that has been replaced, until it is taken away", async (t) => {
  const secrets = (...cookie: string[]) => ({ secrets: { cookie, cipher: ["a-cipher-secret-of-tests-32-byte"] } });
  const server = await startReloading(t, secrets("first-secret-of-this-test"));
  await server.createPerson({ email: "ada@example.org", password: "correct horse battery" });
  const spa = server.spa();
  const { body: flow } = await spa.get("/self-service/login/browser");
  const csrf = flow.ui.nodes.find((node: { attributes: { name: string } }) => node.attributes.name === "csrf_token")
    .attributes.value;
  const answer = {
    method: "password",
    identifier: "ada@example.org",
    password: "correct horse battery",
    csrf_token: csrf,
  };
  assert.equal((await spa.post(`/self-service/login?flow=${flow.id}`, answer)).status, 200);
  const statusOf = async () => (await spa.get("/sessions/whoami")).status;
  assert.equal(await statusOf(), 200);

  assert.deepEqual(await server.reload(secrets("second-secret-of-this-test", "first-secret-of-this-test")), []);
  assert.equal(await statusOf(), 200);
  assert.deepEqual(await server.reload(secrets("second-secret-of-this-test")), []);
  assert.equal(await statusOf(), 401);
});
