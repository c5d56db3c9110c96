import assert from "node:assert/strict";
import { test } from "node:test";
import {
  firstId,
  keysetLink,
  migrationHeaders,
  migrationPage,
  numberedHeaders,
  offsetToken,
} from "../../src/db/pages.ts";

/** The targets of a Link header by their rel, with tokens read. */
function links(header: string): Record<string, string> {
  return Object.fromEntries(
    header.split(",").map((one) => {
      const [, target, rel] = /^<(.*)>; rel="(\w+)"$/.exec(one)!;
      const readable = target!.replace(/page_token=([\w-]+)/, (all, token: string) => {
        const text = Buffer.from(token, "base64url").toString();
        return text.startsWith("{") ? `page_token=${(JSON.parse(text) as { offset: string }).offset}` : all;
      });
      return [rel, readable];
    }),
  );
}

const target = (page: number, size: number) =>
  `/sessions?page=${page}&page_size=${size}&page_token=${page * size}&per_page=${size}`;

test("a page is asked for by number, size or token", () => {
  assert.deepEqual(migrationPage({}), { page: 0, size: 250, offset: 0 });
  assert.deepEqual(migrationPage({ per_page: "2", page: "1" }), { page: 1, size: 2, offset: 2 });
  assert.deepEqual(migrationPage({ page_size: "1", page_token: offsetToken(1) }), { page: 1, size: 1, offset: 1 });
  assert.deepEqual(migrationPage({ page_size: "0" }), { page: 0, size: 1, offset: 0 });
  assert.deepEqual(migrationPage({ page_size: "abc", page: "-1", page_token: "junk" }), {
    page: 0,
    size: 250,
    offset: 0,
  });
  assert.equal(migrationPage({ page_size: "5000" }).size, 1000);
});

test("a list that counts its pages links to those that there are", () => {
  const at = (page: number, size: number, total: number) =>
    links(migrationHeaders("/sessions", { page, size, offset: page * size }, total).link);
  assert.deepEqual(at(0, 250, 3), { first: target(0, 3) });
  assert.deepEqual(at(0, 2, 3), { next: target(1, 2), last: target(1, 2) });
  assert.deepEqual(at(1, 2, 3), { first: target(0, 2), prev: target(0, 2) });
  assert.deepEqual(at(1, 1, 3), { first: target(0, 1), next: target(2, 1), prev: target(0, 1), last: target(2, 1) });
  assert.deepEqual(at(0, 250, 0), { first: target(0, 250), next: target(1, 250), prev: target(-1, 250) });
  assert.equal(migrationHeaders("/sessions", { page: 0, size: 1, offset: 0 }, 3).totalCount, "3");
});

test("a list by bare numbers has no tokens in its links", () => {
  const { link } = numberedHeaders("/admin/identities?per_page=1&page=1", { page: 1, size: 1 }, 27);
  assert.equal(links(link).last, "/admin/identities?page=26&per_page=1");
});

test("a list that is walked by tokens links to the first page and the next", () => {
  const url = "/admin/identities?ids=b&ids=a&page_token=old";
  assert.equal(
    keysetLink(url, { size: 2, first: firstId, next: "x" }),
    `</admin/identities?ids=b&ids=a&page_size=2&page_token=${firstId}>; rel="first",` +
      `</admin/identities?ids=b&ids=a&page_size=2&page_token=x>; rel="next"`,
  );
  assert.deepEqual(Object.keys(links(keysetLink(url, { size: 2, first: firstId }))), ["first"]);
});
