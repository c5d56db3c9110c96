import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { mergeTrees } from "../support/config.ts";
import type { ConfigTree } from "../support/config.ts";
import { hook, startTarget } from "../support/hook-target.ts";
import { startCollector, tracedBy } from "../support/otlp/collector.ts";
import { startServer } from "../support/server.ts";

const traceId = "0af7651916cd43dd8448eb211c80319c";
const parentId = "b7ad6b7169203331";
const never = { sampling: { sampling_ratio: 0 } };
const always = {};

/** A server that records as it is told, and a hook that is called whenever a login begins. */
async function traced(t: TestContext, otlp: ConfigTree = always, tracing: ConfigTree = {}) {
  const collector = await startCollector(t);
  const target = await startTarget(t);
  const server = await startServer(t, {
    config: mergeTrees(tracedBy(collector, tracing, otlp), {
      selfservice: { flows: { login: { before: { hooks: [hook(target.url)] } } } },
    }),
  });
  return {
    server,
    collector,
    begin: (headers: Record<string, string> = {}) => server.native.get("/self-service/login/api", { headers }),
    /** What the hook was told of the trace. */
    told: () => target.called.map((call) => String(call.headers["traceparent"])),
    /** What was recorded by the time that the server has ended. */
    async recorded() {
      await server.app.close();
      return collector.spans();
    },
  };
}

const ways: Readonly<Record<string, Record<string, string>>> = {
  "W3C's header": { traceparent: `00-${traceId}-${parentId}-01` },
  "B3's single header": { b3: `${traceId}-${parentId}-1` },
  "B3's several headers": { "x-b3-traceid": traceId, "x-b3-spanid": parentId, "x-b3-sampled": "1" },
};

for (const [name, headers] of Object.entries(ways))
  test(`a trace goes on from ${name}`, async (t) => {
    const { begin, told, recorded } = await traced(t, never);
    await begin(headers);
    assert.match(told()[0]!, new RegExp(`^00-${traceId}-[0-9a-f]{16}-01$`));
    const spans = await recorded();
    const request = spans.find((span) => span.name === "GET /self-service/login/api")!;
    assert.deepEqual([request.traceId, request.parentId, request.kind], [traceId, parentId, "server"]);
  });

test("who has decided not to record a trace is followed, and passed on", async (t) => {
  const { begin, told, recorded } = await traced(t);
  await begin({ traceparent: `00-${traceId}-${parentId}-00`, tracestate: "other=1" });
  await begin({ b3: `${traceId}-${parentId}-0` });
  await begin({ b3: "0" });
  const [w3c, b3, nobody] = told();
  for (const one of [w3c!, b3!]) assert.match(one, new RegExp(`^00-${traceId}-[0-9a-f]{16}-00$`));
  assert.doesNotMatch(w3c!, new RegExp(parentId), "the hook is told of this server, not of who called it");
  assert.match(nobody!, /^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
  assert.deepEqual(await recorded(), []);
});

test("headers that are no trace's begin another one", async (t) => {
  const { begin, recorded } = await traced(t);
  const unfit = ["", "nonsense", `00-${"0".repeat(32)}-${parentId}-01`, `ff-${traceId}-${parentId}-01`];
  for (const traceparent of unfit) await begin({ traceparent });
  const spans = (await recorded()).filter(({ kind }) => kind === "server");
  assert.equal(spans.length, unfit.length);
  assert.equal(new Set(spans.map((span) => span.traceId)).size, unfit.length);
  assert.ok(spans.every((span) => span.parentId === "" && span.traceId !== traceId));
});

test("none of the traces that begin here are recorded by a ratio of 0, and the hook is told so", async (t) => {
  const { begin, told, recorded } = await traced(t, never);
  await begin();
  assert.match(told()[0]!, /^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
  assert.deepEqual(await recorded(), []);
});

test("strangers have so many traces recorded a second and no more; who administers, as many as they like", async (t) => {
  const { server, begin, recorded } = await traced(t, never, { requested_per_second: 2 });
  const asked = { traceparent: `00-${traceId}-${parentId}-01` };
  const start = performance.now();
  for (let n = 0; n < 12; n++) await begin(asked);
  const allowance = 2 + 2 * ((performance.now() - start) / 1000);
  for (let n = 0; n < 12; n++) await server.admin("GET", "/admin/identities", { headers: asked });
  const names = (await recorded()).filter(({ kind }) => kind === "server").map(({ name }) => name);
  const strangers = names.filter((name) => name === "GET /self-service/login/api").length;
  assert.ok(strangers >= 2 && strangers <= allowance, `${strangers} of 12 were recorded, ${allowance} may be`);
  assert.equal(names.filter((name) => name === "GET /admin/identities").length, 12);
});
