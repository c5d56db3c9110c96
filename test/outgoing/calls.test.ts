import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { callOut } from "../../src/outgoing/request.ts";

const clients = { http: { disallow_private_ip_ranges: false, private_ip_exception_urls: [] } };
const limits = { timeoutMs: 10_000, mostBytes: 1000, clients };

async function serve(t: TestContext, listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => (server.closeAllConnections(), server.close()));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test("a redirect is an answer, and nobody follows it", async (t) => {
  const paths: string[] = [];
  const url = await serve(t, (req, res) => {
    paths.push(req.url!);
    res.writeHead(302, { location: "/elsewhere" }).end();
  });
  const { status, headers } = await callOut({ url: `${url}/hook` }, limits);
  assert.deepEqual([status, headers.location, paths], [302, "/elsewhere", ["/hook"]]);
});

test("an answer may be as long as is said, and not a byte longer, whether or not it says its length", async (t) => {
  const url = await serve(t, (req, res) => {
    const length = Number(req.url!.slice(2));
    if (req.url!.startsWith("/l")) res.setHeader("content-length", length);
    else res.write("");
    res.end("x".repeat(length));
  });
  for (const kind of ["l", "c"]) {
    assert.equal((await callOut({ url: `${url}/${kind}1000` }, limits)).body.length, 1000);
    await assert.rejects(callOut({ url: `${url}/${kind}1001` }, limits), /longer than 1000 bytes/);
  }
});

test("an answer without an end is cut where it is too long", async (t) => {
  let left = false;
  const url = await serve(t, (_req, res) => {
    res.on("close", () => (left = true));
    const go = () => {
      while (res.write("x".repeat(1000)));
      res.once("drain", go);
    };
    go();
  });
  await assert.rejects(callOut({ url }, limits), /longer than 1000 bytes/);
  const again = await serve(t, (_req, res) => void res.end());
  while (!left) await callOut({ url: again }, limits);
});

test("a server that never answers, or never ends its answer, is given up in time", async (t) => {
  const silent = await serve(t, () => undefined);
  const slow = await serve(t, (_req, res) => void res.write("begun"));
  for (const url of [silent, slow])
    await assert.rejects(callOut({ url }, { ...limits, timeoutMs: 50 }), { name: "CallTimedOut" });
});

test("who asked may give up before that", async (t) => {
  const url = await serve(t, () => undefined);
  await assert.rejects(callOut({ url }, { ...limits, signal: AbortSignal.timeout(20) }), { name: "AbortError" });
});

test("a body is sent with its length in bytes, and the method and headers that are named", async (t) => {
  const url = await serve(t, async (req, res) => {
    let body = "";
    for await (const chunk of req) body += String(chunk);
    res.end(JSON.stringify([req.method, req.headers["content-length"], req.headers["x-own"], body]));
  });
  const { body } = await callOut({ url, method: "PUT", headers: { "x-own": "1" }, body: "grüße" }, limits);
  assert.deepEqual(JSON.parse(String(body)), ["PUT", "7", "1", "grüße"]);
});

for (const url of ["ftp://127.0.0.1/", "file:///etc/hostname", "data:text/plain,x"])
  test(`${url} is not called`, async () => {
    await assert.rejects(callOut({ url }, limits), /cannot be called/);
  });
