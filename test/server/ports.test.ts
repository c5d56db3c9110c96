import assert from "node:assert/strict";
import { test } from "node:test";
import { silentLog } from "../support/log.ts";
import { startServer } from "../support/server.ts";

test("health, version, metrics and the API's description are where they belong", async (t) => {
  const { native, adminClient } = await startServer(t);
  for (const client of [native, adminClient]) {
    assert.deepEqual((await client.get("/health/alive")).body, { status: "ok" });
    assert.deepEqual((await client.get("/health/ready")).body, { status: "ok" });
    assert.equal((await client.get("/openapi.json")).body.openapi, "3.1.0");
  }
  assert.match((await adminClient.get("/version")).body.version, /^\d+\.\d+\.\d+/);
  assert.match((await adminClient.get("/admin/health/config")).body, /^[0-9a-f]{64}$/);
  assert.match((await adminClient.get("/metrics/prometheus")).body, /ostiary_calls_total/);
  assert.equal((await native.get("/metrics/prometheus")).status, 404);
});

test("what came to the wrong port is sent on with method and body", async (t) => {
  const { native, adminClient } = await startServer(t);
  const toAdmin = await native.get("/identities?page_size=3");
  assert.equal(toAdmin.status, 307);
  assert.equal(toAdmin.location, "http://admin.example.org/admin/identities?page_size=3");
  const toPublic = await adminClient.post("/admin/sessions/whoami", {});
  assert.equal(toPublic.location, "http://id.example.org/sessions/whoami");
  assert.equal((await native.get("/self-service//login/api")).location, "/self-service/login/api");
});

test("unknown paths are 404, verbs that do not fit 405, unsafe ones to nowhere refused", async (t) => {
  const { native } = await startServer(t);
  assert.equal((await native.get("/nowhere")).status, 404);
  const unfit = await native.send("PUT", "/self-service/login");
  assert.equal(unfit.status, 405);
  assert.equal(unfit.headers.get("allow"), "GET, HEAD, POST");
  assert.equal((await native.post("/nowhere", {})).body.error.id, "security_csrf_violation");
  const traced = await native.send("TRACE", "/sessions/whoami", { headers: { "x-secret": "s" } });
  assert.ok(!JSON.stringify(traced.body).includes('"s"') && traced.status >= 400);
});

test("only pages of the origins on the list may call", async (t) => {
  const cors = { enabled: true, allowed_origins: ["http://app.example.org", "https://*.shop.example.org"] };
  const { native } = await startServer(t, { config: { serve: { public: { cors } } } });
  const ask = (origin: string) => native.get("/health/alive", { headers: { origin } });
  const allowed = await ask("https://a.shop.example.org");
  assert.equal(allowed.headers.get("access-control-allow-origin"), "https://a.shop.example.org");
  assert.equal(allowed.headers.get("access-control-allow-credentials"), "true");
  for (const origin of ["https://evil.example", "https://shop.example.org.evil.example", "null"])
    assert.equal((await ask(origin)).headers.get("access-control-allow-origin"), null, origin);
  assert.match(allowed.headers.get("vary") ?? "", /Origin/);
});

test("a pre-flight request is passed on where the operator wants it, and decisions are logged", async (t) => {
  const decisions: unknown[] = [];
  const log = { ...silentLog, info: (event: string, fields = {}) => void (event === "cors" && decisions.push(fields)) };
  const cors = { enabled: true, allowed_origins: ["http://app.example.org"], options_passthrough: true, debug: true };
  const { native } = await startServer(t, { log, config: { serve: { public: { cors } } } });
  const ask = (method: string, origin: string, headers = {}) =>
    native.send(method, "/health/alive", { headers: { origin, ...headers } });
  const passed = await ask("OPTIONS", "http://app.example.org", { "access-control-request-method": "GET" });
  assert.equal(passed.headers.get("access-control-allow-origin"), "http://app.example.org");
  assert.notEqual(passed.status, 204);
  await ask("GET", "http://evil.example");
  assert.deepEqual(decisions, [
    { origin: "http://app.example.org", method: "GET", preflight: true, allowed: true },
    { origin: "http://evil.example", method: "GET", preflight: false, allowed: false },
  ]);
});

test("browsers that ask before they call are told what they may", async (t) => {
  const cors = {
    enabled: true,
    allowed_origins: ["https://app.example.org"],
    allowed_methods: ["GET", "POST"],
    allowed_headers: ["Content-Type"],
    max_age: 60,
  };
  const { native } = await startServer(t, { config: { serve: { public: { cors } } } });
  const ask = async (origin: string, method: string, ...names: string[]) => {
    const headers = {
      origin,
      "access-control-request-method": method,
      ...(names.length && { "access-control-request-headers": names.join(",") }),
    };
    const answer = await native.send("OPTIONS", "/self-service/login", { headers });
    assert.equal(answer.status, 204);
    assert.match(
      answer.headers.get("vary") ?? "",
      /Origin, Access-Control-Request-Method, Access-Control-Request-Headers/,
    );
    return answer.headers;
  };
  const told = await ask("https://app.example.org", "POST", "content-type");
  assert.equal(told.get("access-control-allow-origin"), "https://app.example.org");
  assert.equal(told.get("access-control-allow-credentials"), "true");
  assert.equal(told.get("access-control-allow-methods"), "POST");
  assert.equal(told.get("access-control-allow-headers"), "content-type");
  assert.equal(told.get("access-control-max-age"), "60");
  for (const asked of [
    ["https://evil.example", "POST"],
    ["https://app.example.org", "DELETE"],
    ["https://app.example.org", "POST", "x-forwarded-for"],
  ] as const) {
    const refused = await ask(...(asked as readonly [string, string]));
    assert.equal(refused.get("access-control-allow-origin"), null, asked.join(" "));
  }
});

test("whoever wants to change a password is led to the page for it, or to where its flow begins", async (t) => {
  const page = "http://app.example.org/settings";
  const paged = await startServer(t, { config: { selfservice: { flows: { settings: { ui_url: page } } } } });
  assert.equal((await paged.native.get("/.well-known/change-password")).location, page);
  const built = await startServer(t);
  assert.equal(
    (await built.native.get("/.well-known/change-password")).location,
    "http://id.example.org/ui/settings",
    "the page that comes along",
  );
  const pageless = await startServer(t, { config: { selfservice: { pages: { enabled: false } } } });
  assert.equal(
    (await pageless.native.get("/.well-known/change-password")).location,
    "http://id.example.org/self-service/settings/browser",
  );
});

test("a body that is too large is refused", async (t) => {
  const { adminClient } = await startServer(t);
  const raw = JSON.stringify({ schema_id: "person", traits: { email: "x".repeat(6 * 1024 * 1024) } });
  const answer = await adminClient
    .send("POST", "/admin/identities", { raw })
    .catch((error: Error) => ({ status: error.message }));
  assert.ok(answer.status === 413 || /EPIPE|ECONNRESET|hang up/.test(String(answer.status)), String(answer.status));
});

test("the same address keeps its answer sealed against sniffing and caching", async (t) => {
  const { native } = await startServer(t);
  const { headers } = await native.get("/self-service/login/api");
  assert.equal(headers.get("x-content-type-options"), "nosniff");
  assert.match(headers.get("cache-control") ?? "", /no-store/);
});
