import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Client } from "../support/client.ts";
import { startCollector } from "../support/otlp/collector.ts";
import type { Collector } from "../support/otlp/collector.ts";
import { startServer } from "../support/server.ts";
import { startProcess } from "../support/server-process.ts";

const sentTo = ({ address }: Collector, more: object = {}) => ({
  metrics: { otlp: { ...address, interval: "1s", ...more } },
});

/** The series of whoami without a session, by REST. */
const whoami = { method: "ToSession", protocol: "rest", code: "Unauthenticated" };

for (const protocol of ["http/protobuf", "grpc"] as const)
  test(`metrics are sent to a collector as Prometheus is told them (${protocol})`, async (t) => {
    const collector = await startCollector(t, protocol);
    const server = await startServer(t, {
      config: {
        ...sentTo(collector, { authorization_header: "Bearer of-good-news" }),
        tracing: { service_name: "accounts", deployment_environment: "test" },
      },
    });
    const begun = Date.now();
    for (let n = 0; n < 3; n++) await server.native.get("/sessions/whoami");
    const calls = await collector.point(
      ({ metric, attributes, value }) =>
        metric === "ostiary_calls_total" && JSON.stringify(attributes) === JSON.stringify(whoami) && value === 3,
    );
    assert.equal(calls.kind, "sum");
    assert.ok(calls.startedAt <= begun);
    assert.equal(calls.resource["service.name"], "accounts");
    assert.equal(calls.resource["deployment.environment.name"], "test");
    const durations = collector
      .points()
      .find(
        ({ metric, attributes }) => metric === "ostiary_call_duration_seconds" && attributes["method"] === "ToSession",
      )!;
    assert.equal(durations.kind, "histogram");
    assert.equal(durations.value, 3);
    assert.equal(
      durations.buckets.reduce((sum, count) => sum + count, 0),
      3,
    );
    assert.equal(durations.buckets.length, durations.bounds.length + 1);
    assert.ok(durations.sum > 0);
    assert.ok(collector.received.every(({ authorization }) => authorization === "Bearer of-good-news"));
    const { body } = await server.admin("GET", "/metrics/prometheus");
    const names = new Set(
      [...String(body).matchAll(/^# TYPE (\S+) (\w+)$/gm)].map(([, name, type]) => `${name} ${type}`),
    );
    const kinds = { sum: "counter", gauge: "gauge", histogram: "histogram" };
    for (const { metric, kind } of collector.points()) assert.ok(names.has(`${metric} ${kinds[kind]}`), metric);
  });

test("the workers of a server send one set of metrics, of all of them together", async (t) => {
  const collector = await startCollector(t);
  const folder = mkdtempSync(join(tmpdir(), "ostiary-metrics-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const server = await startProcess(t, {
    config: { dsn: `sqlite://${folder}/people.sqlite`, serve: { workers: 2 }, ...sentTo(collector) },
  });
  const client = new Client(server.publicUrl);
  // Each on a connection of its own, which goes to the worker with the fewest.
  for (let n = 0; n < 10; n++) await client.get("/sessions/whoami");
  await collector.point(({ metric, value }) => metric === "ostiary_workers" && value === 2);
  const calls = await collector.point(
    ({ metric, attributes, value }) =>
      metric === "ostiary_calls_total" && JSON.stringify(attributes) === JSON.stringify(whoami) && value === 10,
  );
  assert.equal(new Set(collector.points().map(({ resource }) => resource["service.instance.id"])).size, 1);
  const sent = collector.received.length;
  assert.ok(calls.value === 10);
  assert.equal(await server.stop(), 0);
  assert.ok(collector.received.length > sent, "the last numbers are sent as the server ends");
});
