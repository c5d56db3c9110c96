import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { readConfig } from "../../src/config/load.ts";
import { Client } from "../support/client.ts";
import type { Json } from "../support/client.ts";
import type { ConfigTree } from "../support/config.ts";
import { silentLog } from "../support/log.ts";
import { startCollector, tracedBy } from "../support/otlp/collector.ts";
import { startServer } from "../support/server.ts";
import { startProcess } from "../support/server-process.ts";
import { readBad, write } from "../config/written.ts";
import { wholeTree } from "../support/config.ts";

test("a receiver is told who sends, and by which credential", async (t) => {
  const collector = await startCollector(t);
  const otlp = { authorization_header: "Bearer of-good-news" };
  const tracing = { service_name: "accounts", deployment_environment: "staging" };
  const server = await startServer(t, { config: tracedBy(collector, tracing, otlp) });
  await server.native.get("/sessions/whoami");
  await server.app.close();
  const [{ resource }] = collector.spans() as [ReturnType<typeof collector.spans>[number]];
  assert.deepEqual([resource["service.name"], resource["deployment.environment.name"]], ["accounts", "staging"]);
  assert.match(String(resource["service.version"]), /^\d+\.\d+\.\d+/);
  assert.ok(collector.received.every(({ authorization }) => authorization === "Bearer of-good-news"));
});

test("Zipkin is sent what it takes", async (t) => {
  const received: Json[] = [];
  const zipkin = createServer(async (req, res) => {
    let body = "";
    for await (const chunk of req) body += String(chunk);
    received.push(...JSON.parse(body));
    res.writeHead(202).end();
  }).listen(0, "127.0.0.1");
  await once(zipkin, "listening");
  t.after(() => (zipkin.closeAllConnections(), zipkin.close()));
  const server_url = `http://127.0.0.1:${(zipkin.address() as AddressInfo).port}/api/v2/spans`;
  const server = await startServer(t, {
    config: { tracing: { provider: "zipkin", service_name: "accounts", providers: { zipkin: { server_url } } } },
  });
  await server.native.get("/sessions/whoami");
  await server.app.close();
  const [span] = received.filter(({ kind }) => kind === "SERVER");
  assert.equal(span.name.toLowerCase(), "get /sessions/whoami");
  assert.equal(span.localEndpoint.serviceName, "accounts");
});

test("a receiver that is down is one line in the log, and nobody's concern else", async (t) => {
  const warnings: string[] = [];
  const log = { ...silentLog, warn: (event: string) => void warnings.push(event) };
  const unreachable = { server_url: "127.0.0.1:1", insecure: true };
  const server = await startServer(t, {
    log,
    config: { tracing: { provider: "otel", providers: { otlp: unreachable } } },
  });
  for (let n = 0; n < 3000; n++) assert.equal((await server.native.get("/sessions/whoami")).status, 401);
  await server.app.close();
  assert.deepEqual(warnings, ["traces cannot be exported"]);
});

test("all workers of a server trace, and send what they have as they end", async (t) => {
  const collector = await startCollector(t);
  const folder = mkdtempSync(join(tmpdir(), "ostiary-traces-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const server = await startProcess(t, {
    config: {
      dsn: `sqlite://${folder}/people.sqlite`,
      log: { level: "info", format: "json" },
      ...tracedBy(collector),
      serve: { workers: 2, shutdown: { lame_duck: "0s" } },
    },
  });
  const client = new Client(server.publicUrl);
  const asked = Array.from({ length: 8 }, (_, at) => `${String(at + 1).padStart(32, "0")}`);
  await Promise.all(
    asked.map((trace) =>
      client.get("/self-service/login/api", { headers: { traceparent: `00-${trace}-${"1".repeat(16)}-01` } }),
    ),
  );
  assert.equal(await server.stop(), 0);
  const traces = new Set(collector.spans().map(({ traceId }) => traceId));
  assert.ok(asked.every((trace) => traces.has(trace)));
  assert.equal(new Set(collector.spans().map(({ resource }) => resource["service.instance.id"])).size, 1);
});

test("a line of the log names the trace that it belongs to", async (t) => {
  const collector = await startCollector(t);
  const server = await startProcess(t, {
    config: { log: { level: "info", format: "json" }, ...tracedBy(collector) },
  });
  const trace = "0af7651916cd43dd8448eb211c80319c";
  const client = new Client(server.publicUrl);
  const { body: flow } = await client.get("/self-service/login/api");
  await client.post(
    flow.ui.action,
    { method: "password", identifier: "nobody@example.org", password: "a wrong one" },
    { headers: { traceparent: `00-${trace}-b7ad6b7169203331-01` } },
  );
  assert.equal(await server.stop(), 0);
  const line = server.lines.map((text) => JSON.parse(text)).find(({ event }) => event === "login.failed");
  assert.equal(line.trace_id, trace);
  assert.ok(collector.spans().some(({ spanId, traceId }) => spanId === line.span_id && traceId === trace));
  assert.ok(
    server.lines.every((text) => !JSON.parse(text).trace_id || /login/.test(JSON.parse(text).event)),
    "what nobody asked for belongs to no trace",
  );
});

test("what a configuration cannot mean is refused, and what it leaves out is told", (t) => {
  const reading = (tracing: ConfigTree) => write(t, JSON.stringify(wholeTree({ dsn: "memory", tracing })));
  const bad = (tracing: ConfigTree) => readBad(reading(tracing)).join();
  assert.match(bad({ provider: "jaeger" }), /tracing\.provider: .*it takes OTLP now/);
  assert.match(bad({ provider: "otel" }), /tracing\.providers\.otlp\.server_url: is required/);
  assert.match(bad({ provider: "zipkin" }), /tracing\.providers\.zipkin\.server_url: is required/);
  const of = (otlp: ConfigTree) => bad({ provider: "otel", providers: { otlp } });
  assert.match(of({ server_url: "ftp://x" }), /must be a host and a port/);
  assert.match(of({ server_url: "x:4318", sampling: { sampling_ratio: 2 } }), /must be a number from 0 to 1/);
  assert.match(of({ server_url: "x:4318", protocol: "http/json" }), /must be one of http\/protobuf, grpc/);
  const told = readConfig({
    files: reading({ service_name: "accounts" }),
    environment: { TRACING_PROVIDERS_OTLP_SAMPLING_SAMPLING_RATIO: "0.25" },
    flags: {},
    spareSecret: "a spare secret of tests",
  });
  assert.ok(told.kind === "read");
  assert.match(told.warnings.join(), /tracing\.provider: is not set: nothing is traced/);
  assert.equal(told.config.tracing?.providers.otlp.sampling.sampling_ratio, 0.25);
});
