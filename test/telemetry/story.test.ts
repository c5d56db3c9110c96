import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { csrfTokenOf } from "../support/client.ts";
import { createMigrated, databases } from "../support/databases.ts";
import { hook, startTarget } from "../support/hook-target.ts";
import { startCollector, tracedBy } from "../support/otlp/collector.ts";
import type { Protocol } from "../support/otlp/collector.ts";
import type { ReceivedSpan } from "../support/otlp/messages.ts";
import { openPost } from "../support/post.ts";
import { mergeTrees } from "../support/config.ts";
import { startServer } from "../support/server.ts";

const email = "ada@example.org";
const password = "correct horse battery staple";
const traceId = "0af7651916cd43dd8448eb211c80319c";
const ofBrowser = "b7ad6b7169203331";
const traceparent = `00-${traceId}-${ofBrowser}-01`;

/** Signs up as a browser does whose page is traced; hooks are called and a mail is sent. */
async function signUpTraced(t: TestContext, dsn: string, protocol: Protocol) {
  const collector = await startCollector(t, protocol);
  const post = await openPost(t);
  const target = await startTarget(t);
  const server = await startServer(t, {
    dsn,
    config: mergeTrees(mergeTrees(post.config, tracedBy(collector, { service_name: "accounts" })), {
      selfservice: {
        flows: {
          verification: { enabled: true, ui_url: "http://app.example.org/verification" },
          registration: { after: { password: { hooks: [hook(target.url), { hook: "session" }] } } },
        },
        methods: { code: { enabled: true } },
      },
    }),
  });
  const browser = server.spa();
  const headers = { traceparent, tracestate: "site=1" };
  const { body: flow } = await browser.get("/self-service/registration/browser", { headers });
  const answer = await browser.post(
    flow.ui.action,
    { method: "password", password, traits: { email }, csrf_token: csrfTokenOf(flow) },
    { headers },
  );
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  const mail = await post.next();
  await collector.span(({ name }) => name === "courier deliver");
  return { collector, target, mail, spans: collector.spans() };
}

/** The names of the spans above one, up to the browser's. */
function above(spans: readonly ReceivedSpan[], { parentId }: ReceivedSpan): string[] {
  if (parentId === ofBrowser) return ["browser"];
  const parent = spans.find(({ spanId }) => spanId === parentId);
  return parent ? [parent.name, ...above(spans, parent)] : ["nobody"];
}

const named = (spans: readonly ReceivedSpan[], name: string): ReceivedSpan => {
  const found = spans.find((span) => span.name === name);
  assert.ok(found, `${name} is not among ${spans.map((span) => span.name).join(", ")}`);
  return found;
};

for (const dialect of databases)
  for (const protocol of dialect === "sqlite" ? (["http/protobuf", "grpc"] as const) : (["http/protobuf"] as const))
    test(`one trace goes from the browser by the web hook to the mail (${dialect}, ${protocol})`, async (t) => {
      const { dsn, drop } = await createMigrated(dialect);
      const { spans, target } = await signUpTraced(t, dsn, protocol);
      t.after(() => drop());
      assert.deepEqual([...new Set(spans.map((span) => span.traceId))], [traceId]);
      const request = "POST /self-service/registration";
      assert.equal(named(spans, request).parentId, ofBrowser);
      // The hook's receiver is told of the very span that called it.
      const call = spans.find(({ kind, name, parentId }) => kind === "client" && name === "POST" && parentId)!;
      assert.equal(target.called[0]!.headers["traceparent"], `00-${traceId}-${call.spanId}-01`);
      assert.equal(target.called[0]!.headers["tracestate"], "site=1");
      assert.deepEqual(above(spans, call).slice(0, 2), ["web_hook", "flow complete"]);
      assert.deepEqual(above(spans, call).slice(-2), [request, "browser"]);
      const enqueued = named(spans, "courier enqueue");
      const delivered = named(spans, "courier deliver");
      assert.deepEqual([enqueued.kind, delivered.kind], ["producer", "consumer"]);
      assert.equal(delivered.parentId, enqueued.spanId);
      assert.deepEqual(above(spans, delivered).slice(-2), [request, "browser"]);
      assert.deepEqual(above(spans, named(spans, "smtp send")).slice(0, 2), ["courier deliver", "courier enqueue"]);
      assert.equal(above(spans, named(spans, "password hash")).at(-2), request);
      const statement = named(spans, "transaction");
      assert.equal(statement.attributes["db.system.name"], dialect);
      for (const span of spans) assert.equal(above(spans, span).at(-1), "browser", span.name);
    });
