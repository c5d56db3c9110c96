import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { runIn } from "../support/command-line.ts";
import { written } from "../support/mapper.ts";
import { startServer } from "../support/server.ts";
import { makeTenant } from "../tenants/world.ts";

const mapper = written("{ identity: { traits: {} } }");

async function start(t: TestContext) {
  const server = await startServer(t);
  const folder = mkdtempSync(join(tmpdir(), "ostiary-cli-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = (text: string) => {
    writeFileSync(join(folder, "work.yml"), text);
    return join(folder, "work.yml");
  };
  const run = (...words: string[]) => runIn({ KRATOS_ADMIN_URL: server.adminUrl }, "providers", ...words);
  return { server, file, run };
}

test("providers are made, listed, shown, replaced, tried and deleted on the command line", async (t) => {
  const { file, run } = await start(t);
  const amazon = `id: work\nprovider: amazon\nclient_id: c\nmapper_url: ${mapper}\n`;
  const made = await run("create", file(`${amazon}client_secret: hidden\npkce: auto\n`));
  assert.deepEqual(
    [made.code, made.out.trim()],
    [0, "ID        work\nSOURCE    database\nPROVIDER  amazon\nLABEL"],
    made.err,
  );
  assert.match((await run("list")).out, /^work {2}database {2}amazon$/m);
  assert.equal(JSON.parse((await run("list", "--format", "json")).out)[0].config.client_secret, "***");

  const tried = await run("test", "work");
  assert.equal(tried.code, 1, tried.err);
  assert.equal(tried.err, "");
  assert.match(tried.out, /^settings +pkce: Amazon/m);
  assert.match(tried.out, /^mapper +ok$/m);

  const replaced = await run("replace", file(`${amazon}client_secret: "***"\nlabel: Work\n`));
  assert.match(replaced.out, /^LABEL +Work$/m, replaced.err);
  assert.equal(JSON.parse((await run("get", "work")).out).config.label, "Work");
  assert.equal((await run("delete", "work")).code, 0);
  assert.match((await run("get", "work")).err, /^ostiary providers get: /);
});

test("the providers of a tenant are reached by its slug", async (t) => {
  const { server, file, run } = await start(t);
  await makeTenant(server, "acme");
  const github = `id: hub\nprovider: github\nclient_id: c\nclient_secret: s\nmapper_url: ${mapper}\n`;
  assert.equal((await run("create", "--tenant", "acme", file(github))).code, 0);
  assert.equal((await run("list", "-q")).out, "");
  assert.equal((await run("list", "--tenant", "acme", "-q")).out, "hub");
});

test("what is wrong with a provider is told in a sentence", async (t) => {
  const { file, run } = await start(t);
  assert.match((await run("create", "none.yml")).err, /none\.yml cannot be read/);
  assert.match((await run("create", file("- 1"))).err, /must contain an object/);
  assert.match((await run("create", file("id: work"))).err, /provider: is required/);
  assert.match((await run("test")).err, /Missing required argument 'id'/);
});
