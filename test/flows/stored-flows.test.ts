import assert from "node:assert/strict";
import { test } from "node:test";
import { generateSync } from "otplib";
import { defineMemory } from "../../src/flow/memory.ts";
import { messageIds } from "../support/client.ts";
import { warningLog } from "../support/log.ts";
import { begin, nodeOf, signedIn, submit } from "../support/person.ts";
import { startServer } from "../support/server.ts";
import type { TestServer } from "../support/server.ts";
import { onEachDatabase } from "../support/servers.ts";
import { runSql } from "../support/run-sql.ts";

const config = { selfservice: { methods: { totp: { enabled: true } } } };

const rewrite = (server: TestServer, id: string, column: "state" | "memory", value: string) =>
  runSql(server.app.db, `update flows set ${column} = '${value}' where id = '${id}'`);

test("a flow in a state that its kind does not know is not there, and the log is told", async (t) => {
  const { log, warnings } = warningLog();
  const server = await startServer(t, { log });
  const flow = await begin(server, "login", {});
  const path = `/self-service/login/flows?id=${flow.id}`;
  assert.equal((await server.native.get(path)).status, 200);
  for (const state of ["success", "show_form", ""]) {
    await rewrite(server, flow.id, "state", state);
    const shown = await server.native.get(path);
    assert.equal(shown.status, 404, `${state}: ${JSON.stringify(shown.body)}`);
    const { status } = await submit(
      server,
      flow,
      { method: "password", identifier: "ada@example.org", password: "wrong" },
      {},
    );
    assert.equal(status, 404);
  }
  assert.ok(warnings.includes("a flow is in a state that its kind does not know"), warnings.join());
});

onEachDatabase(
  "what is remembered in a form that its owner does not know is as if it were not there",
  async (server) => {
    const { headers } = await signedIn(server);
    for (const memory of ['{"totp":3}', '{"totp":{"totp_url":["x"]}}', '{"totp":null}', "{}"]) {
      const flow = await begin(server, "settings", headers);
      const { secret } = nodeOf(flow, "totp_secret_key").attributes.text.context;
      await rewrite(server, flow.id, "memory", memory);
      const code = generateSync({ secret, epoch: Math.floor(server.now().getTime() / 1000) });
      const { status, body } = await submit(server, flow, { method: "totp", totp_code: code }, headers);
      assert.equal(status, 400, memory);
      assert.deepEqual(messageIds(body), [4000008], memory);
    }
  },
  { config },
);

test("no two things are remembered in one place", () => {
  assert.throws(
    () => defineMemory("totp-of-a-test", Array.isArray) && defineMemory("totp-of-a-test", Array.isArray),
    /totp-of-a-test/,
  );
});
