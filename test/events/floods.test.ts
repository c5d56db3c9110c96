import assert from "node:assert/strict";
import { test } from "node:test";
import { readEvents } from "../../src/events/read.ts";
import type { Log } from "../../src/log.ts";
import { silentLog } from "../support/log.ts";
import { begin, password, submit } from "../support/person.ts";
import { reach } from "../support/rows.ts";
import { onEachDatabase } from "../support/servers.ts";
import { startServer } from "../support/server.ts";
import type { TestServer } from "../support/server.ts";

const told: string[] = [];
const log: Log = { ...silentLog, info: (event) => void told.push(event) };
const hourMs = 3_600_000;

async function failures({ app }: TestServer) {
  const events = await readEvents(reach(app.db), { after: 0, limit: 5000 });
  return events.filter(({ type }) => type.endsWith("Failed"));
}

onEachDatabase(
  "who guesses without end fills the log and not the table, and the next event counts what it is told for",
  async (server) => {
    told.length = 0;
    await server.createPerson({ email: "pat@example.org", password });
    const guess = async (times: number) => {
      const flow = await begin(server, "login", {});
      const typed = { method: "password", identifier: "pat@example.org", password: "wrong-guess" };
      for (let at = 0; at < times; at++) await submit(server, flow, typed, {});
    };
    await guess(130);
    assert.equal((await failures(server)).length, 100);
    assert.equal(told.filter((event) => /^login\.(failed|throttled)$/.test(event)).length, 130);

    server.advance(hourMs - 60_000);
    await guess(1);
    server.advance(120_000);
    await guess(2);
    const left = (await failures(server)).map(({ payload }) => (payload as { unrecorded?: number }).unrecorded);
    assert.deepEqual(left.slice(99), [undefined, 31, undefined]);
  },
  { log },
);

test("attempts at nobody's account share what they may write", async (t) => {
  const server = await startServer(t, { log });
  const flow = await begin(server, "registration", {});
  const tooShort = { method: "password", password: "short", traits: { email: "pat@example.org" } };
  for (let at = 0; at < 1010; at++) await submit(server, flow, tooShort, {});
  assert.equal((await failures(server)).length, 1000);
});
