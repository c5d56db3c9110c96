import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { startApp } from "../../src/app.ts";
import { readConfig } from "../../src/config/load.ts";
import { fixedConfig } from "../../src/config/watch.ts";
import { Client } from "../support/client.ts";
import { runIn } from "../support/command-line.ts";
import { silentLog } from "../support/log.ts";

function emptyFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "ostiary-init-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Starts what was written, at any ports, without development mode: secrets and all are its own. */
async function start(t: TestContext, file: string): Promise<Client> {
  const reading = readConfig({
    files: [file],
    environment: {},
    flags: {},
    spareSecret: "unused-spare-secret-of-tests",
  });
  assert.ok(reading.kind === "read", JSON.stringify(reading));
  const { serve } = reading.config;
  const anywhere = { ...serve, public: { ...serve.public, port: 0 }, admin: { ...serve.admin, port: 0 } };
  const app = await startApp(fixedConfig({ ...reading.config, serve: anywhere }), silentLog);
  t.after(() => app.close());
  return new Client(app.addresses.public);
}

for (const [signIn, groups] of [
  ["password", ["default", "password"]],
  ["passkey", ["default", "passkey"]],
  ["code", ["default", "code"]],
] as const)
  test(`what init writes starts at once, for people who sign in by ${signIn}`, async (t) => {
    const folder = join(emptyFolder(t), "new");
    const ran = await runIn({}, "init", folder, "--name", "Ada's shop", "--sign-in", signIn, "--yes");
    assert.equal(ran.code, 0, ran.err);
    assert.match(ran.out, /npx ostiary serve --dev -c .*kratos\.yml/);
    assert.equal(statSync(join(folder, "kratos.yml")).mode & 0o777, 0o600);
    const client = await start(t, join(folder, "kratos.yml"));
    const { status, body } = await client.get("/self-service/login/api");
    assert.equal(status, 200, JSON.stringify(body));
    const found = [...new Set(body.ui.nodes.map((node: { group: string }) => node.group))];
    assert.deepEqual(found, groups);
    const { body: pages } = await client.get("/ui/welcome", { accept: "text/html" });
    assert.match(pages, /<html/);
  });

test("nothing is overwritten, each has secrets of its own, and what cannot be is told", async (t) => {
  const folder = emptyFolder(t);
  assert.equal((await runIn({}, "init", join(folder, "a"), "-y")).code, 0);
  assert.equal((await runIn({}, "init", join(folder, "b"), "-y")).code, 0);
  const [one, other] = ["a", "b"].map((name) => readFileSync(join(folder, name, "kratos.yml"), "utf8"));
  const secrets = (text: string) => [...text.matchAll(/\[([0-9a-f]{32,64})\]/g)].map(([, secret]) => secret);
  assert.equal(new Set([...secrets(one!), ...secrets(other!)]).size, 4);
  const again = await runIn({}, "init", join(folder, "a"), "-y");
  assert.equal(again.code, 1);
  assert.match(again.err, /is not overwritten/);
  assert.equal(readFileSync(join(folder, "a", "kratos.yml"), "utf8"), one);
  rmSync(join(folder, "a", "kratos.yml"));
  writeFileSync(join(folder, "a", "person.schema.json"), "{}");
  assert.match((await runIn({}, "init", join(folder, "a"), "-y")).err, /person\.schema\.json is there already/);
  assert.match(
    (await runIn({}, "init", join(folder, "c"), "-y", "--sign-in", "magic")).err,
    /no way to sign in by "magic"/,
  );
  assert.match(
    (await runIn({}, "init", join(folder, "c"), "-y", "--url", "id.example.org")).err,
    /URL of http or https/,
  );
});

test("the doctor finds nothing wrong with it but the missing mail server", async (t) => {
  const folder = join(emptyFolder(t), "new");
  await runIn({}, "init", folder, "-y", "--url", "https://id.example.org", "--name", 'Quotes " and: colons');
  const file = join(folder, "kratos.yml");
  const { out } = await runIn({ UV_THREADPOOL_SIZE: "64" }, "doctor", "-c", file, "--offline", "--format", "json");
  const errors = JSON.parse(out).filter(({ severity }: { severity: string }) => severity === "error");
  assert.deepEqual(
    errors.map(({ where }: { where: string }) => where),
    ["courier.smtp.connection_uri"],
  );
});
