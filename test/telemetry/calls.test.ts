import assert from "node:assert/strict";
import { test } from "node:test";
import { create } from "@bufbuild/protobuf";
import { SessionService, ToSessionRequestSchema } from "#gen/ostiary/public/v1/session_service_pb.js";
import { doors } from "../support/doors.ts";
import { signedIn } from "../support/person.ts";
import { startCollector, tracedBy } from "../support/otlp/collector.ts";
import { startServer } from "../support/server.ts";

const rpc = "ostiary.public.v1.SessionService/ToSession";

test("calls of every protocol are spans with what OpenTelemetry wants to know of them", async (t) => {
  const collector = await startCollector(t);
  const server = await startServer(t, { config: tracedBy(collector) });
  const { headers, id } = await signedIn(server);
  for (const [name, open] of Object.entries(doors)) {
    const door = open(server.publicUrl);
    const outcome = await door(SessionService.method.toSession, create(ToSessionRequestSchema), headers);
    assert.equal(outcome?.verdict, "fine", name);
    await door(SessionService.method.toSession, create(ToSessionRequestSchema), {});
  }
  await server.app.close();
  const spans = collector.spans();
  const calls = spans.filter(({ kind, attributes }) => kind === "server" && attributes["rpc.method"] === rpc);
  const seen = new Set(
    calls.map(({ name, attributes: { "rpc.system.name": system = "rest" } }) => `${system}: ${name}`),
  );
  assert.deepEqual([...seen].sort(), [`connectrpc: ${rpc}`, `grpc: ${rpc}`, "rest: GET /sessions/whoami"].sort());
  const statuses = (system: unknown, key: string) =>
    [
      ...new Set(
        calls
          .filter(({ attributes }) => attributes["rpc.system.name"] === system)
          .map(({ attributes }) => attributes[key]),
      ),
    ].sort();
  assert.deepEqual(statuses("grpc", "rpc.response.status_code"), ["OK", "UNAUTHENTICATED"]);
  assert.deepEqual(statuses(undefined, "http.response.status_code"), [200, 401]);
  // A refusal that was to be expected is no failure of the server's.
  assert.ok(calls.every(({ failed }) => !failed));
  assert.ok(calls.some(({ attributes }) => attributes["error.type"] === "SESSION_REQUIRED"));
  const checked = calls.flatMap(({ events }) => events).filter(({ name }) => name === "SessionChecked");
  assert.ok(checked.length >= 3 && checked.every(({ attributes }) => attributes["IdentityID"] === id));
  const reads = spans.filter(({ attributes }) => attributes["db.query.summary"] !== undefined);
  assert.ok(reads.some(({ parentId }) => calls.some(({ spanId }) => spanId === parentId)));
});

test("a page and the calls that it makes of the API are one trace", async (t) => {
  const collector = await startCollector(t);
  const server = await startServer(t, {
    config: { ...tracedBy(collector), selfservice: { pages: { enabled: true } } },
  });
  const browser = server.browser();
  const { location } = await browser.get("/self-service/login/browser");
  const { status } = await browser.get(`/ui/login${new URL(location!).search}`);
  assert.equal(status, 200);
  await server.app.close();
  const page = collector.spans().find(({ name }) => name === "GET /ui/*")!;
  assert.deepEqual([page.kind, page.attributes["url.path"]], ["server", "/ui/login"]);
  const below = collector.spans().filter(({ parentId }) => parentId === page.spanId);
  assert.ok(below.some(({ name }) => name === "GET /self-service/login/flows"));
});

test("a call that makes more spans than one may have says how many are left out", async (t) => {
  const collector = await startCollector(t);
  const server = await startServer(t, { config: tracedBy(collector) });
  const identities = Array.from({ length: 400 }, (_, at) => ({
    create: { schema_id: "person", traits: { email: `person-${at}@example.org` } },
  }));
  assert.equal((await server.admin("PATCH", "/admin/identities", { json: { identities } })).status, 200);
  await server.app.close();
  const spans = collector.spans();
  const batch = spans.find(({ name }) => name === "PATCH /admin/identities")!;
  const all = spans.filter(({ traceId }) => traceId === batch.traceId).length;
  assert.ok(all <= 1001, `${all} spans`);
  if (all === 1001) assert.ok(Number(batch.attributes["ostiary.spans_left_out"]) > 0);
});
