import assert from "node:assert/strict";
import { test } from "node:test";
import type { Json } from "../support/client.ts";
import { fill } from "../support/filled.ts";
import { startServer } from "../support/server.ts";

test("administrators see which flows are under way and what their forms complain of, but no form", async (t) => {
  const { native, browser, admin, createPerson } = await startServer(t);
  const person = await createPerson({ email: "ada@example.org", password: "correct horse battery" });
  const { body: login } = await native.get("/self-service/login/api?return_session_token_exchange_code=false");
  await native.post(`/self-service/login?flow=${login.id}`, {
    method: "password",
    identifier: "ada@example.org",
    password: "a wrong one",
  });
  await browser().get("/self-service/registration/browser");

  const { status, body } = await admin("GET", "/admin/flows");
  assert.equal(status, 200);
  assert.deepEqual(
    body.map(({ kind, type, state }: Json) => [kind, type, state]),
    [
      ["registration", "browser", "choose_method"],
      ["login", "api", "choose_method"],
    ],
  );
  assert.deepEqual([body[1].notices[0].id, body[1].notices[0].type, body[1].code_tries], [4000006, "error", 0]);
  assert.ok(!body[1].request_url.includes("?"));
  assert.doesNotMatch(JSON.stringify(body), /csrf|nodes|ada@/);

  const firsts = await admin("GET", "/admin/flows?page_size=1");
  const token = /page_token=([^>]*)>; rel="next"/.exec(firsts.headers.get("link") ?? "")?.[1];
  const seconds = await admin("GET", `/admin/flows?page_size=1&page_token=${token}`);
  assert.deepEqual([firsts.body[0].kind, seconds.body[0].kind], ["registration", "login"]);
  assert.equal((await admin("GET", "/admin/flows?kind=login")).body.length, 1);
  assert.equal((await admin("GET", `/admin/flows?identity_id=${person.id}`)).body.length, 0);
  for (const query of ["kind=elopement", "identity_id=nobody", "page_token=nowhere"])
    assert.equal((await admin("GET", `/admin/flows?${query}`)).status, 400, query);
});

test("of a kind that is rare so many flows are looked at for a page, and the next one goes on", async (t) => {
  const server = await startServer(t);
  await server.native.get("/self-service/login/api");
  await fill(server.app.db, 2500);
  let path = "/admin/flows?kind=login";
  const found: string[] = [];
  for (let pages = 0; path; pages++) {
    assert.ok(pages < 3);
    const { headers, body } = await server.admin("GET", path);
    found.push(...body.map(({ kind }: Json) => kind));
    path = /<([^>]*)>; rel="next"/.exec(headers.get("link") ?? "")?.[1] ?? "";
    assert.equal(found.length, pages);
  }
  assert.deepEqual(found, ["login"]);
  assert.equal((await server.admin("GET", "/admin/flows?kind=settings")).body.length, 50);
});

test("errors that browsers were sent away with can be looked up without counting as seen", async (t) => {
  const { browser, admin, public: callPublic } = await startServer(t);
  const sent = await browser().get("/self-service/login/browser?return_to=https://evil.example/");
  const id = new URL(sent.headers.get("location") ?? "", "http://localhost").searchParams.get("id");
  const look = async () => (await admin("GET", "/admin/flow-errors")).body;
  const [kept] = await look();
  assert.equal(kept.id, id);
  assert.equal(kept.error.code, 400);
  assert.equal((await look())[0].seen_at, undefined);
  assert.equal((await callPublic("GET", `/self-service/errors?id=${id}`)).status, 200);
  assert.ok((await look())[0].seen_at);
});
