import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import type { Dialect } from "../../src/db/statement.ts";
import { Client } from "../support/client.ts";
import { createScratch, databases, onServer } from "../support/databases.ts";
import { password } from "../support/person.ts";
import { startProcess } from "../support/server-process.ts";
import type { ServerProcess } from "../support/server-process.ts";

const present = resolve(import.meta.dirname, "../..");
/** The folder of a released version, as scripts/assemble.mjs makes one. Without it the present version is the older one, and has a successor made up. */
const older = process.env.OSTIARY_TEST_OLDER;

/** The present version with one migration more: all that is read from beside a module has to be its own. */
function makeSuccessor(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "ostiary-successor-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const part of ["bin", "gen", "migrations", "package.json", "packages", "proto", "sdk", "src", "web"])
    cpSync(join(present, part), join(folder, part), { recursive: true });
  symlinkSync(join(present, "node_modules"), join(folder, "node_modules"));
  for (const dialect of ["sqlite", "postgresql", "mysql"]) {
    const next = String(readdirSync(join(folder, "migrations", dialect)).length / 2 + 1).padStart(4, "0");
    const write = (direction: string, sql: string) =>
      writeFileSync(join(folder, "migrations", dialect, `${next}_nicknames.${direction}.sql`), `${sql};\n`);
    write("up", "alter table identities add column nickname varchar(32) not null default 'none'");
    write("down", "alter table identities drop column nickname");
  }
  return folder;
}

const migrate = (home: string, dsn: string) =>
  promisify(execFile)(process.execPath, [join(home, "bin/ostiary.js"), "migrate", "sql", "up", "--yes", dsn]);

/** What stands before servers, as a load balancer does: it sends nothing to one that is not ready. */
class Balancer {
  readonly #servers: { readonly server: ServerProcess; readonly client: Client; isReady: boolean }[] = [];
  #turn = 0;

  add(server: ServerProcess): void {
    this.#servers.push({ server, client: new Client(server.publicUrl), isReady: true });
  }

  async look(): Promise<void> {
    for (const one of this.#servers)
      one.isReady = await fetch(`${one.server.publicUrl}/health/ready`).then(
        ({ ok }) => ok,
        () => false,
      );
  }

  /** Another server each time, so that a flow begins at one version and goes on at the other. */
  next(): Client {
    const ready = this.#servers.filter(({ isReady }) => isReady);
    return ready[this.#turn++ % ready.length]!.client;
  }

  pathOf = (action: string) => new URL(action).pathname + new URL(action).search;
}

/** Signs up, in, and out, and asks who is signed in; each call at whichever server comes next. */
async function visit(balancer: Balancer, email: string, asked: { count: number }): Promise<void> {
  const call = async (expected: number, method: string, path: string, options = {}) => {
    const answer = await balancer.next().send(method, path, options);
    asked.count++;
    assert.equal(answer.status, expected, `${method} ${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const submit = async (kind: string, body: object) => {
    const flow = await call(200, "GET", `/self-service/${kind}/api`);
    return call(200, "POST", balancer.pathOf(flow.ui.action), { json: { method: "password", password, ...body } });
  };
  const whoami = (token: string, expected = 200) =>
    call(expected, "GET", "/sessions/whoami", { headers: { "x-session-token": token } });
  await submit("registration", { traits: { email } });
  const { session_token: token } = await submit("login", { identifier: email });
  for (let times = 0; times < 4; times++) assert.equal((await whoami(token)).identity.traits.email, email);
  await call(204, "DELETE", "/self-service/logout/api", { json: { session_token: token } });
  for (let times = 0; times < 2; times++) await whoami(token, 401);
}

function keepVisiting(balancer: Balancer) {
  const asked = { count: 0 };
  let stopped = false;
  const failures: unknown[] = [];
  const work = async (worker: number) => {
    for (let index = 0; !stopped && failures.length === 0; index++)
      await visit(balancer, `v${worker}-${index}@example.org`, asked).catch((error) => failures.push(error));
  };
  const look = async () => {
    while (!stopped) {
      await balancer.look();
      await pause(50);
    }
  };
  const working = Promise.all([work(0), work(1), look()]);
  return {
    asked,
    failures,
    stop: () => ((stopped = true), working),
    /** Waits for so many more answers. */
    async goOn(calls: number) {
      const enough = asked.count + calls;
      while (asked.count < enough && failures.length === 0) await pause(20);
    },
  };
}

// Servers on a file of SQLite share a machine and migrate when they start: they are restarted, not rolled.
const shared = databases.filter((dialect) => dialect !== "sqlite") as Exclude<Dialect, "sqlite">[];

for (const dialect of shared)
  test(`a newer version takes over from an older one, and nobody notices (${dialect})`, async (t) => {
    const [before, after] = older ? [older, present] : [present, makeSuccessor(t)];
    const { dsn, drop } = await createScratch(dialect);
    t.after(() => drop());
    await migrate(before, dsn);
    const config = {
      dsn,
      serve: { public: { base_url: "http://id.example.org/" }, shutdown: { lame_duck: "1s" } },
      courier: { smtp: { connection_uri: "smtp://127.0.0.1:9/" } },
    };
    const balancer = new Balancer();
    const old = await startProcess(t, { config, home: before });
    balancer.add(old);
    const visits = keepVisiting(balancer);
    await visits.goOn(50);

    const { stdout } = await migrate(after, dsn);
    if (!older) assert.match(stdout, /Applied \d{4}_nicknames/);
    await visits.goOn(50);
    balancer.add(await startProcess(t, { config, home: after }));
    await visits.goOn(200);
    assert.equal(await old.stop(), 0);
    await visits.goOn(50);
    await visits.stop();
    assert.deepEqual(visits.failures, [], `of ${visits.asked.count} calls`);
    if (!older) await onServer(dialect, "select nickname from identities", dsn);
  });
