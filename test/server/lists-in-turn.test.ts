import assert from "node:assert/strict";
import { Agent, get } from "node:http";
import { test } from "node:test";
import { startServer } from "../support/server.ts";

const accounts = 1000;
const lists = 40;

test("between the pages of lists that many ask for at once, others are served", async (t) => {
  const { adminUrl, adminClient } = await startServer(t);
  const identities = Array.from({ length: accounts }, (_, at) => ({
    create: { schema_id: "person", traits: { email: `p${at}@example.org` } },
  }));
  const made = await adminClient.send("PATCH", "/admin/identities", { json: { identities } });
  assert.equal(made.status, 200);

  const agent = new Agent({ keepAlive: true });
  t.after(() => agent.destroy());
  const answered: string[] = [];
  const ask = (path: string, by: Agent | false) =>
    new Promise<void>((resolve, reject) => {
      const sent = get(`${adminUrl}${path}`, { agent: by }, (answer) => {
        answered.push(path);
        answer.resume().on("end", resolve);
      });
      sent.on("error", reject);
    });

  const list = `/admin/identities?page_size=${accounts}`;
  const begun = Array.from({ length: lists }, () => ask(list, agent));
  await begun[0];
  const before = answered.length;
  // By a connection of its own, which takes turns of the event loop to be accepted, read and answered.
  await ask("/health/alive", false);
  const between = answered.length - 1 - before;
  await Promise.all(begun);
  assert.ok(between < lists / 2, `${between} of ${lists} lists went first`);
});
