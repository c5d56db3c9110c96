import assert from "node:assert/strict";
import { once } from "node:events";
import http2 from "node:http2";
import net from "node:net";
import { test } from "node:test";
import { startServer } from "../support/server.ts";

/** The first line and the headers of the answer to a request as it is written, or all that came back. */
async function answerTo(url: string, head: string, all = false): Promise<string> {
  const socket = net.connect(Number(new URL(url).port), "127.0.0.1");
  socket.end(`${head}\r\n\r\n`, "latin1");
  let text = "";
  for await (const chunk of socket) text += String(chunk);
  return all ? text : text.split("\r\n\r\n")[0]!;
}

const ordinary = ["Host: id.example.org", "Connection: close"];
const get = (target: string, ...more: string[]) => [`GET ${target} HTTP/1.1`, ...ordinary, ...more].join("\r\n");

test("what one reader would understand so and another otherwise is refused, on both ports", async (t) => {
  const { publicUrl, adminUrl } = await startServer(t);
  const twice = [
    "Host: evil.example",
    "host: id.example.org",
    "Content-Type: a/b\r\nContent-Type: c/d",
    "Content-Length: 0\r\nContent-Length: 0",
    "Authorization: a\r\nAUTHORIZATION: b",
    "Origin: http://a\r\nOrigin: http://b",
    "X-Session-Token: a\r\nX-Session-Token: b",
  ];
  const targets = [
    "/\\evil.example//",
    "/\\/evil.example//",
    "//\\evil.example//",
    "/a\\..//b",
    "/\u0001//",
    "/\u007f//",
    "/\t/evil.example//",
  ];
  const heads = [
    ...twice.map((header) => get("/health/alive", header)),
    ...targets.map((target) => get(target)),
    ...["a b", "a/b", "a@b", "a?b", "[::1", "a:b"].map(
      (host) => `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close`,
    ),
  ];
  for (const url of [publicUrl, adminUrl])
    for (const head of heads) {
      const answer = await answerTo(url, head);
      assert.match(answer, /^HTTP\/1\.1 400 /, head);
      assert.doesNotMatch(answer, /^location:/im, head);
    }
  for (const host of ["", "localhost:4433", "[::1]:80", "127.0.0.1"])
    assert.match(
      await answerTo(publicUrl, `GET /health/alive HTTP/1.1\r\nHost: ${host}\r\nConnection: close`),
      /^HTTP\/1\.1 200 /,
      host,
    );
});

test("a way with double slashes leads nowhere else than to this server", async (t) => {
  const { publicUrl } = await startServer(t);
  for (const target of [
    "//evil.example//",
    "///evil.example",
    "/%5cevil.example//",
    "/%09//evil.example",
    "/.//evil.example",
    "/..//evil.example",
    "/\u00a0//evil.example",
    "/@evil.example//",
  ]) {
    const answer = await answerTo(publicUrl, get(target));
    const location = /^location: (.*)$/im.exec(answer)?.[1];
    if (location !== undefined)
      assert.equal(new URL(location, "http://id.example.org").host, "id.example.org", `${target} -> ${location}`);
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

test("a target may be a whole address, which names the host as well", async (t) => {
  const { publicUrl } = await startServer(t);
  for (const target of [
    "http://id.example.org/health/alive",
    "HTTPS://id.example.org:443/health/alive?a=b",
    "http://[::1]:80/health/alive",
  ])
    assert.match(await answerTo(publicUrl, get(target)), /^HTTP\/1\.1 200 /, target);
  assert.match(await answerTo(publicUrl, get("http://id.example.org")), /^HTTP\/1\.1 303 /, "no path is the first one");
  assert.match(
    await answerTo(
      publicUrl,
      "GET http://id.example.org/health/alive HTTP/1.1\r\nHost: elsewhere.example\r\nConnection: close",
    ),
    /^HTTP\/1\.1 200 /,
    "its host counts",
  );
  for (const target of [
    "http://a@id.example.org/",
    "http:///health/alive",
    "http://a b/",
    "http://id.example.org\\@evil.example/",
    "ftp://id.example.org/",
    "id.example.org/",
    "http:health",
  ])
    assert.match(await answerTo(publicUrl, get(target)), /^HTTP\/1\.1 400 /, target);
  const moved = await answerTo(publicUrl, get("http://evil.example//evil.example//"));
  assert.doesNotMatch(moved, /^location: (?!\/[^/])/im, "nor does it lead elsewhere");
});

test("what could hide a second request is refused, and the connection ends with it", async (t) => {
  const { publicUrl } = await startServer(t);
  const hidden = "GET /hidden HTTP/1.1\r\nHost: id.example.org\r\n\r\n";
  const post = (...headers: string[]) =>
    ["POST /self-service/login HTTP/1.1", "Host: id.example.org", "Content-Type: application/json", ...headers].join(
      "\r\n",
    );
  const heads = [
    post("Content-Length: 5", "Transfer-Encoding: chunked"),
    post("Transfer-Encoding: chunked", "Content-Length: 5"),
    post("Content-Length: 0", "Content-Length: 5"),
    post("Content-Length: 5, 5"),
    post("Content-Length: +5"),
    post("Content-Length: 5 5"),
    post("Content-Length: 0x5"),
    post("Content-Length: -1"),
    post("Transfer-Encoding: chunked, identity"),
    post("Transfer-Encoding: xchunked"),
    post("Transfer-Encoding : chunked"),
    post("Transfer-Encoding:\r\n chunked"),
    post("X-Folded: a\r\n b"),
    post("X-Null: a\u0000b"),
    post(" X-Space: a"),
    post("X-Bare: a\nContent-Length: 5"),
  ];
  for (const head of heads) {
    const all = await answerTo(publicUrl, `${head}\r\n\r\n0\r\n\r\n${hidden}`, true);
    assert.match(all, /^HTTP\/1\.1 400 /, head);
    assert.equal(all.match(/HTTP\/1\.1 \d{3} /g)!.length, 1, head);
  }
  const chunks = [
    "1;" + "a".repeat(20_000) + "\r\na\r\n0\r\n\r\n",
    "g\r\na\r\n",
    "1\na\n0\n\n",
    "-1\r\n\r\n",
    "fffffffffffffffff\r\n",
    "0\r\n" + "x: y\r\n".repeat(10_000) + "\r\n",
  ];
  for (const chunk of chunks) {
    const all = await answerTo(publicUrl, `${post("Transfer-Encoding: chunked")}\r\n\r\n${chunk}${hidden}`, true);
    assert.ok((all.match(/HTTP\/1\.1 \d{3} /g) ?? []).length <= 1, `${chunk.slice(0, 20)}: ${all}`);
    assert.doesNotMatch(all, /^HTTP\/1\.1 (2|404)/, chunk.slice(0, 20));
  }
});

test("headers without number or end, other protocols and questions before a body are answered for what they are", async (t) => {
  const { publicUrl } = await startServer(t);
  assert.match(
    await answerTo(publicUrl, get("/health/alive", ...Array.from({ length: 5000 }, (_, at) => `X-${at}: ${at}`))),
    /^HTTP\/1\.1 431 /,
  );
  assert.match(
    await answerTo(publicUrl, get("/health/alive", ...Array.from({ length: 500 }, (_, at) => `X-${at}: ${at}`))),
    /^HTTP\/1\.1 200 /,
  );
  const upgrade = [
    "GET /health/alive HTTP/1.1",
    "Host: id.example.org",
    "Connection: Upgrade, HTTP2-Settings",
    "Upgrade: h2c",
    "HTTP2-Settings: AAMAAABkAAQAAP__",
  ].join("\r\n");
  assert.match(
    await answerTo(publicUrl, upgrade),
    /^HTTP\/1\.1 200 /,
    "no server has to change to HTTP/2 (RFC 9113, 3.1)",
  );
  assert.match(await answerTo(publicUrl, get("/health/alive", "Upgrade: websocket")), /^HTTP\/1\.1 200 /);
  assert.equal(
    await answerTo(publicUrl, "CONNECT id.example.org:443 HTTP/1.1\r\nHost: id.example.org:443"),
    "",
    "it is no proxy",
  );
  const expecting =
    "POST /self-service/login HTTP/1.1\r\nHost: id.example.org\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 2\r\n";
  assert.match(await answerTo(publicUrl, `${expecting}Expect: 100-continue\r\n\r\n{}`), /^HTTP\/1\.1 100 /);
  assert.match(await answerTo(publicUrl, `${expecting}Expect: miracles\r\n\r\n{}`), /^HTTP\/1\.1 417 /);
});

test("1,000 headers of 32 KiB are taken by either version, as a browser with many cookies sends them, and no more", async (t) => {
  const { publicUrl } = await startServer(t);
  const session = http2.connect(publicUrl, { maxSendHeaderBlockLength: 1_000_000 }).on("error", () => undefined);
  t.after(() => session.destroy());
  const byStream = (headers: http2.OutgoingHttpHeaders) =>
    new Promise<string>((resolve) => {
      const stream = session
        .request({ ":path": "/health/alive", ...headers })
        .on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
      stream.on("response", (answer) => resolve(String(answer[":status"]))).resume();
    });
  const byLine = async (headers: Record<string, string>) =>
    (await answerTo(publicUrl, get("/health/alive", ...Object.entries(headers).map((pair) => pair.join(": "))))).slice(
      9,
      12,
    );
  const some = (count: number, length: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`x-${at}`, "v".repeat(length)]));
  for (const [headers, status] of [
    [some(998, 8), "200"],
    [some(200, 150), "200"],
    [some(1, 32_000), "200"],
    [some(300, 150), "431"],
    [some(2, 17_000), "431"],
  ] as const) {
    assert.equal(await byLine(headers), status, `${Object.keys(headers).length}, HTTP/1.1`);
    assert.equal(await byStream(headers), status, `${Object.keys(headers).length}, HTTP/2`);
  }
  assert.equal(await byLine(some(1001, 1)), "431");
  assert.equal(await byStream(some(1001, 1)), "ERR_HTTP2_STREAM_ERROR");
  // Over HTTP/2 each cookie is a header of its own (RFC 9113, 8.2.3).
  assert.equal(await byStream({ cookie: Array.from({ length: 500 }, (_, at) => `c${at}=1`) }), "200");
});
