import assert from "node:assert/strict";
import { test } from "node:test";
import { createLogger } from "../../src/logger.ts";

const now = () => new Date("2026-01-02T03:04:05.678Z");

function logged(format: "json" | "text", fields: Record<string, unknown>, level = "info"): string {
  let lines = "";
  createLogger({ level, format, now, write: (line) => (lines += line) }).info("event", fields);
  return lines;
}

test("an event is one line, whatever its fields hold", () => {
  const fields = { name: "a\r\nb\u001b[31m\u0085\u2028c" };
  for (const format of ["json", "text"] as const) {
    const line = logged(format, fields);
    // oxlint-disable-next-line no-control-regex
    assert.doesNotMatch(line.slice(0, -1), /[\u0000-\u001f\u007f-\u009f\u2028]/);
    assert.ok(line.endsWith("\n"));
  }
  assert.equal(JSON.parse(logged("json", fields)).name, fields.name);
});

test("secrets are not written", () => {
  const token = `ory_st_${"a".repeat(32)}`;
  const line = logged("json", {
    password: "hush-1",
    nested: { client_secret: "hush-2", list: [{ session_token: "hush-3" }] },
    url: "postgres://ada:hush-4@db/ostiary",
    error: new Error(`no such session ${token}`),
  });
  assert.doesNotMatch(line, /hush|ory_st_/);
  assert.match(line, /postgres:\/\/ada:\[redacted\]@db\/ostiary/);
});

test("nobody's address is written, unless the operator wants them", () => {
  const fields = {
    reason: "550 <ada.lovelace@mail.example.org> unknown, nor is +4915112345678; see node_modules/pack@1.2.3/index.js",
    error: new Error("Duplicate entry 'email-ada@example.org'", { cause: { recipient: "bert" } }),
    traits: { name: "Cleo" },
  };
  const line = logged("json", fields);
  assert.doesNotMatch(line, /ada|lovelace|15112345678|bert|Cleo/);
  assert.match(
    line,
    /<\[redacted\]@mail\.example\.org> unknown, nor is \+\[redacted\]; see node_modules\/pack@1\.2\.3/,
  );
  let leaked = "";
  createLogger({ level: "info", format: "json", leakPeople: true, write: (text) => (leaked += text) }).info("event", {
    ...fields,
    password: "hush",
  });
  assert.match(leaked, /ada\.lovelace@.*bert.*Cleo/);
  assert.doesNotMatch(leaked, /hush/);
});

test("what is less important than the level is left out", () => {
  assert.equal(logged("text", {}, "warning"), "");
  assert.equal(
    logged("text", { count: 3, who: "ada lovelace" }),
    '2026-01-02T03:04:05.678Z INFO  event count=3 who="ada lovelace"\n',
  );
});
