import assert from "node:assert/strict";
import { test } from "node:test";
import type { Answer, Json } from "../support/client.ts";
import { startAdmin } from "./people.ts";

const linkTo = ({ headers }: Answer, rel: string) =>
  new RegExp(`<([^>]*)>; rel="${rel}"`).exec(headers.get("link") ?? "")?.[1]?.replace(/^\/admin/, "");

const emails = ({ body }: Answer) => body.map(({ traits }: Json) => traits.email);

async function startWithMany(t: Parameters<typeof startAdmin>[0]) {
  const server = await startAdmin(t);
  for (const name of ["a", "b", "c", "d", "e"]) await server.member(`${name}@example.org`);
  return server;
}

test("pages by token show everybody once, also when somebody joins or leaves meanwhile", async (t) => {
  const { admin, member } = await startWithMany(t);
  const seen: string[] = [];
  let path: string | undefined = "/identities?page_size=2";
  while (path) {
    const page: Answer = await admin("GET", path);
    seen.push(...emails(page));
    if (seen.length === 2) {
      await admin("DELETE", `/identities/${page.body[0].id}`);
      await member("f@example.org");
    }
    path = linkTo(page, "next");
  }
  assert.deepEqual(
    seen,
    ["a", "b", "c", "d", "e", "f"].map((name) => `${name}@example.org`),
  );
});

test("pages by number tell how many there are", async (t) => {
  const { admin } = await startWithMany(t);
  const page = await admin("GET", "/identities?per_page=2&page=1");
  assert.deepEqual(emails(page), ["c@example.org", "d@example.org"]);
  assert.equal(page.headers.get("x-total-count"), "5");
  assert.equal(linkTo(page, "last"), "/identities?page=2&per_page=2");
  assert.equal((await admin("GET", "/identities?per_page=500&page=9")).status, 400);
});

test("identities are found by ids, by an identifier or the beginning of one", async (t) => {
  const { admin, member } = await startWithMany(t);
  const { id } = await member("zoe_1@example.org");
  assert.deepEqual(emails(await admin("GET", `/identities?ids=${id}`)), ["zoe_1@example.org"]);
  const exact = await admin("GET", "/identities?credentials_identifier=ZOE_1%40example.org");
  assert.deepEqual(emails(exact), ["zoe_1@example.org"]);
  assert.ok(exact.body[0].credentials.password);
  assert.deepEqual(emails(await admin("GET", "/identities?preview_credentials_identifier_similar=zoe_")), [
    "zoe_1@example.org",
  ]);
  assert.deepEqual(emails(await admin("GET", "/identities?preview_credentials_identifier_similar=zo%25")), []);
  assert.deepEqual(emails(await admin("GET", "/identities?credentials_identifier=nobody")), []);
  assert.equal((await admin("GET", "/identities")).body[0].credentials, undefined);
});

test("what a list cannot make sense of is refused", async (t) => {
  const { admin } = await startAdmin(t);
  const id = "00000000-0000-7000-8000-000000000000";
  const refused = [
    `ids=${id}&credentials_identifier=x`,
    "ids=nonsense",
    "organization_id=nonsense",
    "page_token=made-up",
    "include_credential=fingerprint",
    ...["abc", "0x10", "0b1", "1e1", "16.", "16.0", "%2016", "16%20", "%2B5", "1_0", "Infinity", "%D9%A1"].map(
      (size) => `page_size=${size}`,
    ),
  ];
  for (const query of refused) assert.equal((await admin("GET", `/identities?${query}`)).status, 400, query);
});
