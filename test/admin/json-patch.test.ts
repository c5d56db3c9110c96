import assert from "node:assert/strict";
import { test } from "node:test";
import { PatchError, applyPatch, parsePatch } from "../../src/identity/json-patch.ts";

function patched(document: Record<string, unknown>, ...patch: unknown[]): unknown {
  applyPatch(document, parsePatch(patch));
  return document;
}

test("members are added, replaced and removed", () => {
  const document = { a: 1, b: { c: 2 } };
  const result = patched(
    document,
    { op: "add", path: "/d", value: [1] },
    { op: "replace", path: "/b/c", value: 3 },
    { op: "remove", path: "/a" },
  );
  assert.deepEqual(result, { b: { c: 3 }, d: [1] });
});

test("items are put before the one of their number, or at the end", () => {
  const result = patched(
    { list: [1, 2] },
    { op: "add", path: "/list/1", value: 7 },
    { op: "remove", path: "/list/0" },
    { op: "add", path: "/list/-", value: 9 },
  );
  assert.deepEqual(result, { list: [7, 2, 9] });
});

test("replacing what is missing adds it, removing it fails", () => {
  assert.deepEqual(patched({}, { op: "replace", path: "/a", value: 1 }), { a: 1 });
  assert.throws(() => patched({}, { op: "remove", path: "/a" }), PatchError);
});

test("names may hold slashes and tildes", () => {
  assert.deepEqual(
    patched({ "a/b": 1, "c~d": 1 }, { op: "remove", path: "/a~1b" }, { op: "remove", path: "/c~0d" }),
    {},
  );
  assert.deepEqual(patched({ "~1": 1 }, { op: "replace", path: "/~01", value: 2 }), { "~1": 2 });
});

test("no patch reaches a prototype", () => {
  for (const path of ["/__proto__/polluted", "/a/__proto__/polluted", "/__proto__", "/a/b/__proto__/c"])
    assert.throws(() => patched({ a: {} }, { op: "add", path, value: { polluted: true } }), PatchError, path);
  // Names that every object inherits are names like others.
  for (const path of ["/constructor/prototype/polluted", "/a/constructor", "/toString/polluted"]) {
    const document = patched({ a: {} }, { op: "add", path, value: { polluted: true } }) as object;
    assert.notEqual(JSON.stringify(document), '{"a":{}}', path);
    assert.throws(() => patched({ a: {} }, { op: "remove", path }), PatchError, path);
  }
  assert.equal(({} as { polluted?: unknown }).polluted, undefined);
  assert.equal((Object as { polluted?: unknown }).polluted, undefined);
});

test("parents that are missing or null are made by what adds", () => {
  const made: readonly (readonly [string, Record<string, unknown>, unknown])[] = [
    ["/m/role", {}, { m: { role: 1 } }],
    ["/m/role", { m: null }, { m: { role: 1 } }],
    ["/m/a/b/c", { m: null }, { m: { a: { b: { c: 1 } } } }],
    ["/m/l/0", { m: null }, { m: { l: [1] } }],
    ["/m/l/-", { m: null }, { m: { l: [1] } }],
    ["/m/l/2", {}, { m: { l: [null, null, 1] } }],
    ["/m/l/0/a", { m: { l: [] } }, { m: { l: [{ a: 1 }] } }],
    ["/m/l/2/a", { m: { l: [0] } }, { m: { l: [0, null, { a: 1 }] } }],
    ["/m/l/-/a", { m: { l: [0] } }, { m: { l: [0, { a: 1 }] } }],
    ["/m/l/0/a", { m: { l: [null] } }, { m: { l: [{ a: 1 }] } }],
  ];
  for (const [path, document, expected] of made)
    assert.deepEqual(patched(document, { op: "add", path, value: 1 }), expected, path);
  assert.deepEqual(patched({ m: null }, { op: "replace", path: "/m/a/b", value: 1 }), { m: { a: { b: 1 } } });
  assert.throws(() => patched({ m: null }, { op: "replace", path: "/m/l/0", value: 1 }), PatchError);
  for (const path of ["/m/a", "/m", "/n/a/b"])
    assert.throws(() => patched(path === "/m" ? {} : { m: null }, { op: "remove", path }), PatchError, path);
  for (const path of ["/m/l/999999999", "/m/l/999999999/a", "/m/9e9/2000"])
    assert.throws(() => patched({ m: {} }, { op: "add", path, value: 1 }), PatchError, path);
  for (const path of ["/a/b/c", "/list/x/y"])
    assert.throws(() => patched({ a: 1, list: [] }, { op: "add", path, value: 1 }), PatchError, path);
});

test("a value cannot be changed through the document that took it", () => {
  const value = { inner: 1 };
  const document = patched({}, { op: "add", path: "/a", value }, { op: "replace", path: "/a/inner", value: 2 });
  assert.deepEqual(document, { a: { inner: 2 } });
  assert.equal(value.inner, 1);
});

test("what cannot be applied is refused", () => {
  const refused = [
    { op: "test", path: "/a", value: 1 },
    { op: "move", from: "/a", path: "/b" },
    { op: "copy", from: "/a", path: "/b" },
    { op: "add", path: "a", value: 1 },
    { op: "add", path: "/a" },
    { op: "add", path: "", value: {} },
    { op: "add", path: "/list/3", value: 1 },
    { op: "add", path: "/list/01", value: 1 },
    { op: "replace", path: "/list/-", value: 1 },
    { op: "add", path: "/list/length", value: 1 },
    { op: "add", path: "/a/b", value: 1 },
    { op: "add", path: 7, value: 1 },
    null,
  ];
  for (const operation of refused)
    assert.throws(() => patched({ a: 1, list: [1] }, operation), PatchError, JSON.stringify(operation));
});
