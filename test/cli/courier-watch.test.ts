import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { runIn } from "../support/command-line.ts";
import { mergeTrees, wholeTree } from "../support/config.ts";
import type { ConfigTree } from "../support/config.ts";
import { until } from "../support/courier.ts";
import { freePort } from "../support/free-port.ts";
import { startMailServer } from "../support/mail-server.ts";
import { begin, submit } from "../support/person.ts";
import { startServer } from "../support/server.ts";

const door = fileURLToPath(new URL("../../bin/ostiary.js", import.meta.url));

interface Watch {
  readonly child: ChildProcess;
  readonly events: { readonly event: string; readonly reason?: string; readonly metrics?: number }[];
  /** What it was, when it ended. */
  readonly code: Promise<unknown>;
}

/** Starts `ostiary courier watch`, and hears what it says. */
function watch(t: TestContext, file: string, ...words: string[]): Watch {
  const child = spawn(process.execPath, [door, "courier", "watch", "-c", file, ...words], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  t.after(() => child.kill("SIGKILL"));
  const events: Watch["events"] = [];
  for (const output of [child.stdout, child.stderr])
    createInterface(output).on("line", (line) =>
      events.push(line.startsWith("{") ? JSON.parse(line) : { event: line }),
    );
  return { child, events, code: once(child, "exit").then(([code]) => code) };
}

function writeConfig(
  t: TestContext,
  tree: ConfigTree,
): { readonly file: string; readonly config: ConfigTree; readonly dsn: string } {
  const folder = mkdtempSync(join(tmpdir(), "ostiary-watch-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "kratos.yml");
  const dsn = `sqlite://${folder}/people.sqlite`;
  const config = mergeTrees({ dsn, log: { level: "info", format: "json" } }, tree);
  writeFileSync(file, JSON.stringify(wholeTree(config)));
  return { file, config: tree, dsn };
}

test("`courier watch` sends what servers write, counts it for whoever watches it, and ends when it is asked to", async (t) => {
  const mails = await startMailServer(t);
  const { file, config, dsn } = writeConfig(t, {
    courier: {
      smtp: { connection_uri: `smtp://127.0.0.1:${mails.port}/?disable_starttls=true` },
      worker: { pull_wait: "50ms" },
    },
    selfservice: { methods: { code: { enabled: true } }, flows: { recovery: { enabled: true } } },
  });
  await runIn({}, "migrate", "sql", "up", "--yes", dsn);
  const server = await startServer(t, { dsn, config });
  await server.createPerson({ email: "pat@example.org", password: "correct horse battery" });
  const ask = async () =>
    submit(server, await begin(server, "recovery", {}), { method: "code", email: "pat@example.org" }, {});
  await ask();

  const port = await freePort();
  const { child, events, code } = watch(t, file, "--expose-metrics-port", String(port));
  await until(() => mails.count() === 1, 30_000);
  assert.deepEqual(mails.received[0]!.to, ["pat@example.org"], "what was there before it came");
  await ask();
  await until(() => mails.count() === 2, 10_000);
  assert.equal(events.find(({ event }) => event === "sending")!.metrics, port);

  const metrics = `http://127.0.0.1:${port}/metrics/prometheus`;
  await until(
    async () => /^\w*(?:mail|courier|message)\w*total\{[^}]*\} 2$/m.test(await (await fetch(metrics)).text()),
    5000,
  );
  const other = await Promise.all([fetch(`http://127.0.0.1:${port}/`), fetch(metrics, { method: "POST" })]);
  assert.deepEqual(
    other.map(({ status }) => status),
    [404, 404],
  );

  child.kill("SIGTERM");
  assert.equal(await code, 0);
  assert.deepEqual(
    events.slice(-2).map(({ event }) => event),
    ["stopping", "stopped"],
  );
  await ask();
  assert.equal(mails.count(), 2, "nobody sends any more");
});

test("what stands in the way of `courier watch` is told in a sentence, and ends it", async (t) => {
  const taken = createServer().listen(0, "0.0.0.0");
  await once(taken, "listening");
  t.after(() => taken.close());
  const { port } = taken.address() as AddressInfo;
  const { file, dsn } = writeConfig(t, {});
  const endOf = async (...words: Parameters<typeof watch> extends [unknown, ...infer R] ? R : never) => {
    const { events, code } = watch(t, ...words);
    return {
      code: await code,
      reason:
        events.find(({ event }) => event === "the server failed")?.reason ??
        events.map(({ event }) => event).join("\n"),
    };
  };
  const cases = await Promise.all([
    endOf(file, "--expose-metrics-port", String(port)),
    endOf(writeConfig(t, { dsn: "memory" }).file),
    endOf(writeConfig(t, { dsn: `${dsn}/none/people.sqlite` }).file),
    endOf(file, "--expose-metrics-port", "70000"),
  ]);
  const sentences = [
    new RegExp(`port ${port}.*expose-metrics-port.*another process`),
    /`memory` cannot be shared\. Start the server with --watch-courier/,
    /cannot be opened|there is no folder|not a directory/i,
    /expose-metrics-port/,
  ];
  for (const [at, sentence] of sentences.entries()) {
    assert.equal(cases[at]!.code, at === 3 ? 2 : 1, cases[at]!.reason);
    assert.match(cases[at]!.reason, sentence);
    assert.doesNotMatch(cases[at]!.reason, /\n\s+at /);
  }
});
