import assert from "node:assert/strict";
import { test } from "node:test";
import { createScratch, databases } from "../support/databases.ts";
import { startServer } from "../support/server.ts";

for (const dialect of databases.filter((one) => one !== "sqlite"))
  test(`a database whose migrations have not run is told of at the start, and by every call (${dialect})`, async (t) => {
    const scratch = await createScratch(dialect);
    const said = Promise.withResolvers<readonly [string, unknown]>();
    const log = {
      debug() {},
      info() {},
      error() {},
      warn: (event: string, fields: unknown) => /migrate/.test(event) && said.resolve([event, fields]),
    };
    const { native, adminClient } = await startServer(t, { dsn: scratch.dsn, log });
    t.after(() => scratch.drop());
    const [event, fields] = await said.promise;
    assert.match(event, /ostiary migrate sql/);
    assert.match(JSON.stringify(fields), /0001_initial/);

    const answers = [
      native.send("GET", "/sessions/whoami", { headers: { "x-session-token": "ory_st_any" } }),
      native.get("/self-service/login/api"),
      adminClient.get("/admin/identities"),
      adminClient.post("/admin/identities", { schema_id: "person", traits: { email: "ada@example.org" } }),
    ];
    for (const { status, body } of await Promise.all(answers)) {
      assert.equal(status, 503, JSON.stringify(body));
      assert.match(body.error.reason, /Run its migrations/);
    }
  });
