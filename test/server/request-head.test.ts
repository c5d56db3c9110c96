import assert from "node:assert/strict";
import { once } from "node:events";
import http2 from "node:http2";
import net from "node:net";
import { test } from "node:test";
import { startServer } from "../support/server.ts";

/** The first line and the headers of the answer to a request as it is written. */
async function answerTo(url: string, head: string): Promise<string> {
  const socket = net.connect(Number(new URL(url).port), "127.0.0.1");
  socket.end(`${head}\r\n\r\n`, "latin1");
  let text = "";
  for await (const chunk of socket) text += String(chunk);
  return text.split("\r\n\r\n")[0]!;
}

const ordinary = ["Host: id.example.org", "Connection: close"];
const get = (target: string, ...more: string[]) => [`GET ${target} HTTP/1.1`, ...ordinary, ...more].join("\r\n");

test("what one reader would understand so and another otherwise is refused, on both ports", async (t) => {
  const { publicUrl, adminUrl } = await startServer(t);
  const twice = ["Host: evil.example", "host: id.example.org", "Content-Type: a/b\r\nContent-Type: c/d", "Content-Length: 0\r\nContent-Length: 0", "Authorization: a\r\nAUTHORIZATION: b", "Origin: http://a\r\nOrigin: http://b", "X-Session-Token: a\r\nX-Session-Token: b"];
  const targets = ["/\\evil.example//", "/\\/evil.example//", "//\\evil.example//", "/a\\..//b", "/\u0001//", "/\u007f//", "/\t/evil.example//"];
  const heads = [...twice.map((header) => get("/health/alive", header)), ...targets.map((target) => get(target)), ...["a b", "a/b", "a@b", "a?b", "[::1", "a:b"].map((host) => `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close`)];
  for (const url of [publicUrl, adminUrl])
    for (const head of heads) {
      const answer = await answerTo(url, head);
      assert.match(answer, /^HTTP\/1\.1 400 /, head);
      assert.doesNotMatch(answer, /^location:/im, head);
    }
  for (const host of ["", "localhost:4433", "[::1]:80", "127.0.0.1"])
    assert.match(await answerTo(publicUrl, `GET /health/alive HTTP/1.1\r\nHost: ${host}\r\nConnection: close`), /^HTTP\/1\.1 200 /, host);
});

test("a way with double slashes leads nowhere else than to this server", async (t) => {
  const { publicUrl } = await startServer(t);
  for (const target of ["//evil.example//", "///evil.example", "/%5cevil.example//", "/%09//evil.example", "/.//evil.example", "/..//evil.example", "/\u00a0//evil.example", "/@evil.example//"]) {
    const answer = await answerTo(publicUrl, get(target));
    const location = /^location: (.*)$/im.exec(answer)?.[1];
    if (location !== undefined) assert.equal(new URL(location, "http://id.example.org").host, "id.example.org", `${target} -> ${location}`);
    else assert.match(answer, /^HTTP\/1\.1 400 /, target);
  }
});

test("over HTTP/2 as well", async (t) => {
  const { publicUrl } = await startServer(t);
  const session = http2.connect(publicUrl).on("error", () => undefined);
  t.after(() => session.destroy());
  const statusOf = async (headers: http2.OutgoingHttpHeaders) => {
    const stream = session.request({ ":path": "/health/alive", ...headers }).on("error", () => undefined);
    const [answer] = (await once(stream, "response")) as [http2.IncomingHttpHeaders];
    stream.destroy();
    return answer[":status"];
  };
  assert.equal(await statusOf({}), 200);
  assert.equal(await statusOf({ ":path": "/\\evil.example//" }), 400);
  assert.equal(await statusOf({ ":authority": "id.example.org", host: "evil.example" }), 400);
  assert.equal(await statusOf({ ":authority": "id.example.org", host: "id.example.org" }), 200);
  assert.equal(await statusOf({ "x-session-token": ["a", "b"] }), 400);
});
