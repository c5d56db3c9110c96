import assert from "node:assert/strict";
import { test } from "node:test";
import { personSchema } from "../support/config.ts";
import { startServer } from "../support/server.ts";

const person = { id: "person", url: `base64://${Buffer.from(JSON.stringify(personSchema)).toString("base64")}` };
const lost = { id: "lost", url: "http://127.0.0.1:1/lost.schema.json" };

test("a schema is served by its id, plain or encoded, even where another one cannot be read", async (t) => {
  const { native } = await startServer(t, {
    config: { identity: { default_schema_id: "person", schemas: [person, lost] } },
  });
  for (const id of ["person", Buffer.from("person").toString("base64url")]) {
    const { status, body } = await native.get(`/schemas/${id}`);
    assert.equal(status, 200, id);
    assert.deepEqual(body, personSchema);
  }
  assert.equal((await native.get("/schemas/nobody")).status, 404);
  for (const path of ["/schemas/lost", "/schemas"]) {
    const { status, body } = await native.get(path);
    assert.equal(status, 500);
    assert.match(body.error.reason, /identity schema cannot be used/, path);
  }
});
