import assert from "node:assert/strict";
import { create } from "@bufbuild/protobuf";
import { test } from "node:test";
import type { ConfigTree } from "../support/config.ts";
import { contract } from "../support/contract.ts";
import { doors } from "../support/doors.ts";
import { password, submitIn } from "../support/person.ts";
import { onEachDatabase } from "../support/servers.ts";
import { startServer } from "../support/server.ts";
import type { TestServer } from "../support/server.ts";
import { runSql } from "../support/run-sql.ts";

const page = (kind: string) => ({ enabled: true, ui_url: `http://app.example.org/${kind}` });
const few = (changes: ConfigTree = {}): { config: ConfigTree } => ({
  config: {
    courier: { smtp: { connection_uri: "smtp://127.0.0.1:1/" } },
    selfservice: {
      new_flows_per_client: { at_once: 5, per_hour: 60, ...changes },
      methods: { code: { enabled: true } },
      flows: {
        recovery: page("recovery"),
        verification: page("verification"),
        settings: { ui_url: "http://app.example.org/settings" },
      },
    },
  },
});

const begin = (server: TestServer, kind: string, headers: Record<string, string> = {}) =>
  server.native.get(`/self-service/${kind}/api`, { headers });
const rows = async ({ app }: TestServer): Promise<number> =>
  Number((await runSql<{ n: number | string }>(app.db, "select count(*) as n from flows"))[0]!.n);

onEachDatabase(
  "a client begins so many flows and no more, of all kinds together, and what is refused leaves nothing behind",
  async (server) => {
    const kinds = ["login", "registration", "recovery", "verification"];
    for (let at = 0; at < 5; at++) assert.equal((await begin(server, kinds[at % 4]!)).status, 200);
    const before = await rows(server);
    for (const kind of kinds) {
      const { status, headers, body } = await begin(server, kind);
      assert.deepEqual([status, body.error.id], [429, undefined], kind);
      assert.ok(Number(headers.get("retry-after")) >= 50 && Number(headers.get("retry-after")) <= 60);
      const spa = await server.spa().get(`/self-service/${kind}/browser`);
      assert.equal(spa.status, 429);
      const navigated = await server.browser().get(`/self-service/${kind}/browser`);
      assert.deepEqual(
        [navigated.status, navigated.headers.has("retry-after")],
        [429, true],
        "not even an error is kept",
      );
    }
    assert.equal(await rows(server), before);
    server.advance(60_000);
    assert.deepEqual([(await begin(server, "login")).status, (await begin(server, "login")).status], [200, 429]);
  },
  few(),
);

test("every protocol is counted, and told in its own words", async (t) => {
  for (const [protocol, open] of Object.entries(doors)) {
    const server = await startServer(t, few());
    const door = open(server.publicUrl);
    const verdicts = new Set<string>();
    for (const kind of ["Login", "Registration", "Recovery", "Verification"]) {
      const method = contract.public.find(({ name }) => name === `CreateNative${kind}Flow`)!;
      for (let at = 0; at < 2; at++) {
        const outcome = await door(method, create(method.input));
        if (outcome) verdicts.add(outcome.verdict);
      }
    }
    if (verdicts.size) assert.deepEqual([...verdicts], ["fine", "429"], protocol);
  }
});

test("settings are counted as well, and so is what takes the place of a flow that has run out", async (t) => {
  const server = await startServer(t, few({ at_once: 4 }));
  await server.createPerson({ email: "ada@example.org", password });
  const spa = server.spa();
  assert.equal(
    (await submitIn(spa, "login", { method: "password", identifier: "ada@example.org", password })).status,
    200,
  );
  assert.equal((await spa.get("/self-service/settings/browser")).status, 200);
  const { body: flow } = await begin(server, "registration");
  server.advance(3 * 3_600_000);
  const { body: late } = await begin(server, "login");
  server.advance(3_600_001);
  const expired = [];
  for (let at = 0; at < 6; at++)
    expired.push((await server.native.post(at % 2 ? flow.ui.action : late.ui.action, { method: "password" })).status);
  assert.deepEqual(expired, [410, 410, 410, 410, 429, 429]);
  assert.equal((await spa.get("/self-service/settings/browser")).status, 429);
});

test("nobody's flows are another client's", async (t) => {
  const server = await startServer(t, {
    config: { ...few().config, serve: { trusted_proxies: { networks: ["127.0.0.0/8"] } } },
  });
  for (let at = 0; at < 20; at++)
    assert.equal((await begin(server, "login", { "x-forwarded-for": `198.51.100.${at}` })).status, 200);
  const all = [];
  for (let at = 0; at < 6; at++)
    all.push((await begin(server, "login", { "x-forwarded-for": `2001:db8::${at}` })).status);
  assert.deepEqual(all, [200, 200, 200, 200, 200, 429]);
});

test("a day's ordinary use of many behind one address is below what is usual, and an operator can lift it", async (t) => {
  const server = await startServer(t);
  for (let hour = 0; hour < 3; hour++) {
    for (let at = 0; at < 300; at++) assert.equal((await begin(server, "login")).status, 200);
    server.advance(60_000);
  }
  const free = await startServer(t, few({ at_once: 1, enabled: false }));
  for (let at = 0; at < 20; at++) assert.equal((await begin(free, "login")).status, 200);
});
