import assert from "node:assert/strict";
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { pathToFileURL } from "node:url";
import { readAnew, readDocument } from "../../src/outgoing/document.ts";
import { startTarget } from "../support/hook-target.ts";

const clients = { http: { disallow_private_ip_ranges: false, private_ip_exception_urls: [] } };
const read = (url: string) => readDocument(url, clients);
const inBase64 = (text: string) => `base64://${Buffer.from(text).toString("base64")}`;
const mostBytes = 1_048_576;

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "ostiary-documents-"));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

test("a document of the web is fetched once, however many ask, and anew when somebody wants it as it is", async (t) => {
  const { url, called } = await startTarget(t, [
    { status: 200, body: "one" },
    { status: 200, body: "two" },
  ]);
  assert.deepEqual(await Promise.all([read(url), read(url), read(url)]), ["one", "one", "one"]);
  assert.equal(await read(url), "one");
  assert.equal(called.length, 1);
  assert.equal(await readAnew(url, clients), "two");
  assert.equal(await read(url), "two");
});

test("what could not be fetched is not kept, and asked for again", async (t) => {
  const { url } = await startTarget(t, [{ status: 503 }, { status: 200, body: "there" }]);
  await assert.rejects(read(url), /answered 503/);
  assert.equal(await read(url), "there");
});

test("a document that cannot be fetched anew stays as it was", async (t) => {
  const { url } = await startTarget(t, [{ status: 200, body: "good" }, { status: 500 }]);
  assert.equal(await read(url), "good");
  await assert.rejects(readAnew(url, clients), /answered 500/);
  assert.equal(await read(url), "good");
});

test("a file is read again when it has changed", async (t) => {
  const path = join(folderOf(t), "note.txt");
  const url = pathToFileURL(path).href;
  writeFileSync(path, "first");
  assert.equal(await read(url), "first");
  writeFileSync(path, "later");
  utimesSync(path, 1_000_000, 1_000_000);
  assert.equal(await read(url), "later");
  rmSync(path);
  await assert.rejects(read(url), /ENOENT/);
});

test("no document is larger than 1 MiB, wherever it lies", async (t) => {
  const folder = folderOf(t);
  const fits = "x".repeat(mostBytes);
  const file = (text: string) => {
    const path = join(folder, `${text.length}.txt`);
    writeFileSync(path, text);
    return pathToFileURL(path).href;
  };
  for (const url of [inBase64(fits), file(fits)]) assert.equal((await read(url)).length, mostBytes);
  for (const url of [inBase64(`${fits}x`), file(`${fits}x`)]) await assert.rejects(read(url), /larger than 1 MiB/);
  const { url } = await startTarget(t, [{ status: 200, body: `${fits}x` }]);
  await assert.rejects(read(url), /longer than 1048576 bytes/);
});

test("a folder is no document", async (t) => {
  await assert.rejects(read(pathToFileURL(folderOf(t)).href), /is not a file/);
});
