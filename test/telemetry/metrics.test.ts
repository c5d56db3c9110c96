import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { test } from "node:test";
import { startCollector } from "../support/otlp/collector.ts";
import { startServer } from "../support/server.ts";
import type { TestServer } from "../support/server.ts";

const person = { email: "ada@example.org", password: "correct horse battery staple" };
const document = readFileSync(resolve(import.meta.dirname, "../../docs/metrics.md"), "utf8");

interface Series {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

async function read(server: TestServer) {
  const text = String((await server.admin("GET", "/metrics/prometheus")).body);
  const series: Series[] = [...text.matchAll(/^(\w+)(?:\{(.*)\})? (\S+)$/gm)].map(([, name, labels = "", value]) => ({
    name: name!,
    labels: Object.fromEntries([...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key, of]) => [key!, of!])),
    value: Number(value),
  }));
  const sum = (name: string, labels: Series["labels"] = {}) =>
    series
      .filter((one) => one.name === name && Object.entries(labels).every(([key, value]) => one.labels[key] === value))
      .reduce((all, { value }) => all + value, 0);
  return { text, series, sum };
}

async function signIn(server: TestServer, password: string) {
  const { body } = await server.native.get("/self-service/login/api");
  const { action } = (body as { ui: { action: string } }).ui;
  const { pathname, search } = new URL(action);
  return server.native.post(pathname + search, { method: "password", identifier: person.email, password });
}

/** Has a server do something of everything. */
async function work(server: TestServer): Promise<void> {
  await server.createPerson(person);
  assert.equal((await signIn(server, person.password)).status, 200);
  assert.equal((await signIn(server, "wrong horse")).status, 400);
  assert.equal((await server.admin("GET", "/admin/events")).status, 200);
}

test("every metric is documented, and every documented metric is told, with its type, labels and meaning", async (t) => {
  const collector = await startCollector(t);
  const otlp = { ...collector.address, interval: "1s" };
  const server = await startServer(t, {
    config: { metrics: { otlp }, tracing: { provider: "otel", providers: { otlp: collector.address } } },
  });
  await work(server);
  await collector.point(({ metric }) => metric === "ostiary_hash_wait_seconds");
  const { text, series } = await read(server);
  const helps = new Map([...text.matchAll(/^# HELP (\w+) (.*)$/gm)].map(([, name, help]) => [name!, help!]));
  const told = [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(
    ([, name, type]) => `${name} ${type} ${helps.get(name!)}`,
  );
  const rows = [...document.matchAll(/^\| `(\w+)` \| (\w+) \| (\w*) \| (.*?) \| (.*) \|$/gm)].map(
    ([, name, type, unit, labels, meaning]) => ({
      name: name!,
      type: type!,
      unit: unit!,
      labels: labels!,
      meaning: meaning!,
    }),
  );
  assert.deepEqual(told.sort(), rows.map(({ name, type, meaning }) => `${name} ${type} ${meaning}`).sort());
  for (const { name, type, unit, labels } of rows) {
    assert.equal(unit, /_seconds(_total)?$/.test(name) ? "s" : name.endsWith("_bytes") ? "bytes" : "", name);
    const documented = [...labels.matchAll(/`(\w+)`/g)].map(([, label]) => label!).sort();
    const ofHistogram = new Set(["_bucket", "_sum", "_count"].map((end) => name + end));
    for (const one of series.filter((of) => (type === "histogram" ? ofHistogram.has(of.name) : of.name === name)))
      assert.deepEqual(
        Object.keys(one.labels)
          .filter((label) => label !== "le")
          .sort(),
        documented,
        name,
      );
  }
});

test("what sign-ins wait for is measured: connections, hashes, throttles, numbers of events", async (t) => {
  const server = await startServer(t);
  const before = await read(server);
  await work(server);
  const after = await read(server);
  const grown = (name: string, labels: Series["labels"] = {}) => after.sum(name, labels) - before.sum(name, labels);
  assert.ok(grown("ostiary_database_acquire_seconds_count") > 0);
  assert.equal(after.sum("ostiary_database_connections_in_use"), 0);
  assert.equal(grown("ostiary_hash_duration_seconds_count", { work: "password verify" }), 2);
  assert.equal(grown("ostiary_hash_wait_seconds_count", { work: "password verify" }), 2);
  assert.ok(grown("ostiary_hash_duration_seconds_sum", { work: "password verify" }) > 0);
  assert.equal(grown("ostiary_throttle_total", { rule: "password of", outcome: "admitted" }), 2);
  assert.ok(grown("ostiary_event_numbering_seconds_count") >= 3);
});

test("requests over REST are counted by route, under the names that Kratos has", async (t) => {
  const server = await startServer(t);
  const before = await read(server);
  const { id } = (await server.createPerson(person)) as { id: string };
  assert.equal((await server.admin("GET", `/admin/identities/${id}`)).status, 200);
  await server.native.get("/sessions/whoami");
  await server.native.get("/made-up-by-a-client");
  const after = await read(server);
  const grown = (labels: Series["labels"], name = "http_requests_total") =>
    after.sum(name, labels) - before.sum(name, labels);
  assert.equal(grown({ code: "200", method: "get", endpoint: "/admin/identities/{param}" }), 1);
  assert.equal(grown({ code: "401", method: "get", endpoint: "/sessions/whoami" }), 1);
  assert.equal(grown({ code: "404", method: "get", endpoint: "" }), 1);
  assert.equal(grown({ endpoint: "/sessions/whoami" }, "http_requests_duration_seconds_count"), 1);
  assert.equal(grown({ status_bucket: "2xx" }, "http_requests_statuses_total"), 2);
  assert.ok(!after.text.includes(id));
});

test("a throttle tells whom it has refused by its rule, and not who that was", async (t) => {
  const throttle = { per_account: { at_once: 2, per_hour: 1, in_a_row: 0 } };
  const server = await startServer(t, {
    config: { selfservice: { methods: { password: { config: { throttle } } } } },
  });
  await server.createPerson(person);
  const before = await read(server);
  for (let n = 0; n < 4; n++) await signIn(server, "wrong horse");
  const after = await read(server);
  const refused = { rule: "password of", outcome: "refused" };
  assert.equal(after.sum("ostiary_throttle_total", refused) - before.sum("ostiary_throttle_total", refused), 2);
  assert.doesNotMatch(after.text, /ada@|127\.0\.0\.1/);
});

test("calls that are refused before they begin are counted, under no name that a client has made up", async (t) => {
  const server = await startServer(t);
  const before = await read(server);
  for (let n = 0; n < 3; n++) await server.native.get(`/made-up-by-a-client/${n}`);
  assert.equal((await server.public("PATCH", "/self-service/login")).status, 405);
  assert.equal((await server.native.post("/made-up-by-a-client", {})).status, 403);
  const large = { name: "x".repeat(6_000_000) };
  const flow = (await server.native.get("/self-service/login/api")).body as { id: string };
  const { status } = await server.native.post(`/self-service/login?flow=${flow.id}`, large);
  assert.equal(status, 413);
  const after = await read(server);
  const grown = (labels: Series["labels"]) =>
    after.sum("ostiary_calls_total", labels) - before.sum("ostiary_calls_total", labels);
  assert.equal(grown({ method: "none", protocol: "rest", code: "NotFound" }), 3);
  assert.equal(grown({ method: "none", protocol: "rest", code: "Unimplemented" }), 1);
  const all = after.series.filter(({ name }) => name === "ostiary_calls_total");
  assert.equal(
    all.reduce((sum, { value }) => sum + value, 0),
    after.sum("ostiary_call_duration_seconds_count"),
    "each call has a duration",
  );
  assert.equal(grown({ method: "none", code: "PermissionDenied" }), 1);
  assert.equal(grown({ method: "UpdateLoginFlow", protocol: "rest" }), 1);
  assert.equal(grown({ method: "UpdateLoginFlow", code: "ok" }), 0);
  assert.doesNotMatch(after.text, /made-up/);
});
