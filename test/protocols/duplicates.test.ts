import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { messageIds } from "../support/client.ts";
import { begin, password } from "../support/person.ts";
import { frame, openSession, rawCall } from "../support/raw-call.ts";
import { startServer } from "../support/server.ts";

const service = "/ostiary.public.v1.LoginService/UpdateLoginFlow";

test("a member that is named twice is refused by every protocol that speaks JSON", async (t) => {
  const server = await startServer(t);
  await server.createPerson({ email: "pat@example.org", password });
  const flow = await begin(server, "login", {});
  const session = openSession(t, server.publicUrl);
  const right = `"identifier": "pat@example.org", "password": "${password}"`;
  const twice = [
    `{"flow": "${flow.id}", "submission": {"password": {"identifier": "eve@example.org", ${right}}}}`,
    `{"flow": "${flow.id}", "submission": {"password": {${right}, "passw\\u006frd": "${password}"}}}`,
    `{"flow": "x", "flow": "${flow.id}", "submission": {"password": {${right}}}}`,
    `{"flow": "${flow.id}", "submission": {"transientPayload": {"a": [{"b": 1, "b": 2}]}, "password": {${right}}}}`,
  ];
  for (const text of twice) {
    const body = Buffer.from(text);
    const zipped = gzipSync(body);
    const ask = (type: string, sent: Buffer, more: Record<string, string> = {}) =>
      rawCall(session, { ":path": service, "content-type": type, ...more }, sent);
    for (const answer of [
      await ask("application/json", body),
      await ask("application/json; charset=utf-8", body),
      await ask("application/json", zipped, { "content-encoding": "gzip" }),
    ]) {
      assert.equal(answer.status, 400, text);
      assert.match(answer.text, /"code":"invalid_argument".*BAD_REQUEST/);
    }
    assert.equal((await ask("application/grpc+json", frame(body))).grpc, "3", text);
    assert.equal((await ask("application/grpc+json", frame(zipped, 1), { "grpc-encoding": "gzip" })).grpc, "3", text);
    assert.match((await ask("application/grpc-web+json", frame(body))).text, /grpc-status: 3/);
  }
  // Nobody was signed in by any of them: the flow still is as it was.
  const wellNamed = await rawCall(
    session,
    { ":path": service, "content-type": "application/json" },
    Buffer.from(`{"flow": "${flow.id}", "submission": {"password": {${right}}}}`),
  );
  assert.equal(wellNamed.status, 200);
  const query = new URLSearchParams({
    connect: "v1",
    encoding: "json",
    message: `{"tokenizeAs": "a", "tokenizeAs": ""}`,
  });
  const byGet = await rawCall(session, { ":path": `/ostiary.public.v1.SessionService/ToSession?${query}` });
  assert.match(byGet.text, /BAD_REQUEST/);
  const patch = await server.adminClient.send("POST", "/admin/identities", {
    raw: `{"traits": {"email": "a@example.org", "email": "b@example.org"}}`,
  });
  assert.equal(patch.status, 400);
});

test("of a thing that a form says twice the first word counts that is not blank, as in Kratos", async (t) => {
  const server = await startServer(t);
  await server.createPerson({ email: "pat@example.org", password });
  const submit = async (fields: [string, string][]) => {
    const flow = await begin(server, "login", {});
    return server.native.send("POST", flow.ui.action, {
      form: new URLSearchParams([["method", "password"], ["identifier", "pat@example.org"], ...fields]),
    });
  };
  const wrong = await submit([
    ["password", "wrong"],
    ["password", password],
  ]);
  assert.deepEqual([wrong.status, messageIds(wrong.body)], [400, [4000006]]);
  for (const fields of [
    [
      ["password", password],
      ["identifier", "eve@example.org"],
    ],
    [
      ["password", ""],
      ["password", password],
    ],
    [
      ["password", password],
      ["method", "code"],
    ],
    [
      ["password", password],
      ["method", "password"],
    ],
  ] as [string, string][][])
    assert.equal((await submit(fields)).status, 200, JSON.stringify(fields));
});
