import assert from "node:assert/strict";
import { connect } from "node:net";
import { test } from "node:test";
import { startServer } from "../support/server.ts";

/** Sends bytes as they are and takes what comes until the connection ends. */
const exchange = (url: string, text: string): Promise<string> =>
  new Promise((resolve) => {
    const socket = connect(Number(new URL(url).port), "127.0.0.1", () => socket.write(text));
    let answer = "";
    socket.on("data", (chunk) => (answer += chunk.toString()));
    socket.on("error", () => resolve(answer));
    socket.on("close", () => resolve(answer));
    socket.setTimeout(2000, () => socket.destroy());
  });

const whoami = "/ostiary.public.v1.SessionService/ToSession";
const call = (line: string, ...headers: string[]) =>
  [
    `POST ${line}`,
    ...headers,
    "Content-Type: application/json",
    "Content-Length: 2",
    "Connection: close",
    "",
    "{}",
  ].join("\r\n");

test("a request that says badly where it goes is refused, and takes nothing down", async (t) => {
  const server = await startServer(t);
  const requests: [string, string, RegExp][] = [
    ["HTTP/1.0 without a host", call(`${whoami} HTTP/1.0`), /^HTTP\/1\.1 4\d\d/],
    ["a host that is none", call(`${whoami} HTTP/1.1`, "Host: a b[c"), /^HTTP\/1\.1 4\d\d/],
    ["a host of brackets", call(`${whoami} HTTP/1.1`, "Host: ["), /^HTTP\/1\.1 4\d\d/],
    ["a target of brackets", "GET //[ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", /^HTTP\/1\.1 4\d\d/],
    ["a target that is no path", "OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", /^HTTP\/1\.1 4\d\d/],
    [
      "a target that names a user",
      "GET http://somebody@other.example/sessions/whoami HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
      /^HTTP\/1\.1 4\d\d/,
    ],
    [
      "a target of another scheme",
      "GET ftp://other.example/sessions/whoami HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
      /^HTTP\/1\.1 4\d\d/,
    ],
    [
      "a broken escape",
      "GET /schemas/%E0%A4%A HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
      /^HTTP\/1\.1 [34]\d\d/,
    ],
    ["no HTTP at all", "\u0000\u0001\u0002\r\n\r\n", /^(HTTP\/1\.1 400|$)/],
  ];
  for (const base of [server.publicUrl, server.adminUrl])
    for (const [what, text, expected] of requests) {
      assert.match(await exchange(base, text), expected, what);
      assert.equal((await server.native.get("/health/alive")).status, 200, `the server lives after ${what}`);
    }
});

const toLogin = (...headers: string[]) =>
  ["POST /self-service/login HTTP/1.1", "Host: a", "Content-Type: application/json", ...headers].join("\r\n");
const smuggled = "GET /schemas HTTP/1.1\r\nHost: a\r\n\r\n";

test("a request that two readers may take for two is refused, and nothing after it is read", async (t) => {
  const server = await startServer(t);
  const requests: readonly (readonly [string, string])[] = [
    [
      "a length and chunks",
      `${toLogin("Content-Length: 6", "Transfer-Encoding: chunked")}\r\n\r\n0\r\n\r\n${smuggled}`,
    ],
    [
      "chunks and a length",
      `${toLogin("Transfer-Encoding: chunked", "Content-Length: 5")}\r\n\r\n0\r\n\r\n${smuggled}`,
    ],
    ["two lengths that differ", `${toLogin("Content-Length: 2", "Content-Length: 3")}\r\n\r\n{} ${smuggled}`],
    ["two lengths alike", `${toLogin("Content-Length: 2", "Content-Length: 2")}\r\n\r\n{}${smuggled}`],
    ["a length that is a list", `${toLogin("Content-Length: 2, 2")}\r\n\r\n{}${smuggled}`],
    ["a length with a sign", `${toLogin("Content-Length: +2")}\r\n\r\n{}${smuggled}`],
    ["an encoding that is not known", `${toLogin("Transfer-Encoding: xchunked")}\r\n\r\n{}${smuggled}`],
    ["an encoding that is hidden", `${toLogin("Transfer-Encoding : chunked")}\r\n\r\n0\r\n\r\n${smuggled}`],
    ["a header that is folded", `${toLogin("X-Folded: a", " b", "Content-Length: 2")}\r\n\r\n{}${smuggled}`],
    ["lines that end by LF alone", `${toLogin("Content-Length: 2").replaceAll("\r\n", "\n")}\n\n{}${smuggled}`],
    ["one header that ends by LF alone", `${toLogin("X-One: a\nX-Two: b", "Content-Length: 2")}\r\n\r\n{}${smuggled}`],
    ["a chunk whose size is none", `${toLogin("Transfer-Encoding: chunked")}\r\n\r\n-1\r\n{}\r\n0\r\n\r\n${smuggled}`],
  ];
  for (const [what, text] of requests) {
    const answer = await exchange(server.publicUrl, text);
    assert.match(answer, /^HTTP\/1\.1 400/, what);
    assert.equal(answer.match(/HTTP\/1\.1/g)!.length, 1, what);
  }
});
