import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { test } from "node:test";
import type { TestContext } from "node:test";
import type { Config } from "../../src/config/config.ts";
import { fixedConfig } from "../../src/config/watch.ts";
import type { ConfigTree } from "../support/config.ts";
import { createMigrated, databases } from "../support/databases.ts";
import { freePort } from "../support/free-port.ts";
import { silentLog } from "../support/log.ts";
import { openRelay } from "../support/relay.ts";
import { startServer } from "../support/server.ts";

const schema = (traits: object) =>
  `base64://${Buffer.from(JSON.stringify({ type: "object", properties: { traits } })).toString("base64")}`;
const good = schema({
  type: "object",
  properties: { email: { type: "string", "ory.sh/kratos": { credentials: { password: { identifier: true } } } } },
});
const broken = schema({ type: "object", properties: { email: { type: "string", pattern: "(" } } });

/** Asks a port whether it is ready, over and over, until it is told to stop; answers with all that it said. */
function poll(port: number): () => Promise<number[]> {
  const said: number[] = [];
  let stopped = false;
  const running = (async () => {
    while (!stopped) {
      const status = await fetch(`http://127.0.0.1:${port}/health/ready`).then(
        (answer) => answer.status,
        () => 0,
      );
      if (status) said.push(status);
      else await pause(1);
    }
  })();
  return async () => {
    stopped = true;
    await running;
    return said;
  };
}

/** Starts a server that will not stay, and answers with what its port for administrators said until it was gone. */
async function saidBeforeItsEnd(t: TestContext, config: ConfigTree, publicPort?: number): Promise<number[]> {
  const [spare, port] = [await freePort(), await freePort()];
  const stop = poll(port);
  const store = ({ serve, ...rest }: Config) =>
    fixedConfig({
      ...rest,
      serve: { ...serve, public: { ...serve.public, port: publicPort ?? spare }, admin: { ...serve.admin, port } },
    });
  const outcome = await startServer(t, { config, store }).then(
    () => "stays",
    () => "ends",
  );
  const said = await stop();
  assert.equal(outcome, "ends");
  return said;
}

test("a server whose schemas cannot all be used never answers", async (t) => {
  const schemas = Array.from({ length: 40 }, (_, at) => ({ id: `s${at}`, url: at === 38 ? broken : good }));
  assert.deepEqual(await saidBeforeItsEnd(t, { identity: { default_schema_id: "s0", schemas } }), []);
});

test("a server whose schema is not there never answers", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "ostiary-ready-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "person.json"), "{");
  for (const name of ["person.json", "none.json"])
    assert.deepEqual(
      await saidBeforeItsEnd(t, {
        identity: { default_schema_id: "s", schemas: [{ id: "s", url: `file://${folder}/${name}` }] },
      }),
      [],
    );
});

test("a port is not ready as long as the other one may fail", async (t) => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  t.after(() => other.close());
  const { port } = other.address() as AddressInfo;
  const said = await saidBeforeItsEnd(t, {}, port);
  assert.ok(!said.includes(200), said.join());
});

for (const dialect of databases.filter((name) => name !== "sqlite"))
  test(`a database that cannot be reached is told at the start, and when it comes back (${dialect})`, async (t) => {
    const { dsn, drop } = await createMigrated(dialect);
    const relay = await openRelay();
    const real = new URL(dsn);
    const through = new URL(dsn);
    through.host = `127.0.0.1:${relay.port}`;
    const events: string[] = [];
    const tell = (event: string, fields = {}) => void events.push(`${event} ${JSON.stringify(fields)}`);
    const { admin } = await startServer(t, { dsn: through.href, log: { ...silentLog, info: tell, error: tell } });
    t.after(() => relay.close());
    t.after(() => drop());
    const until = async (event: RegExp) => {
      for (let tries = 0; tries < 300 && !events.some((one) => event.test(one)); tries++) await pause(100);
      assert.ok(
        events.some((one) => event.test(one)),
        `${event} in ${events.join("\n")}`,
      );
    };
    await until(/cannot be used.*reason":"The database cannot be (reached|used): \S/);
    assert.equal((await admin("GET", "/health/ready")).status, 503);
    relay.pointAt(`http://${real.hostname}:${real.port}`);
    await until(/can be used again/);
    assert.equal((await admin("GET", "/health/ready")).status, 200);
    assert.equal(events.filter((event) => event.includes("database")).length, 2);
  });
