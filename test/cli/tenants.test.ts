import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { runIn } from "../support/command-line.ts";
import { startServer } from "../support/server.ts";

test("tenants are made, listed, shown, changed and deleted on the command line", async (t) => {
  const server = await startServer(t);
  const folder = mkdtempSync(join(tmpdir(), "ostiary-cli-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const settings = join(folder, "acme.yml");
  writeFileSync(settings, "session: { lifespan: 8h }\n");
  const run = (...words: string[]) => runIn({ KRATOS_ADMIN_URL: server.adminUrl }, "tenants", ...words);

  const made = await run(
    "create",
    "acme",
    "--host",
    "login.acme.example",
    "--host",
    "acme.example",
    "--settings",
    settings,
    "--format",
    "json",
  );
  assert.equal(made.code, 0, made.err);
  const { id } = JSON.parse(made.out);
  const shown = JSON.parse((await run("get", "acme")).out);
  assert.deepEqual(
    [shown.id, shown.hosts, shown.config],
    [id, ["login.acme.example", "acme.example"], { session: { lifespan: "8h" } }],
  );
  assert.match((await run("list")).out, new RegExp(`^${id}  acme     active  login.acme.example, acme.example$`, "m"));
  assert.deepEqual(
    JSON.parse((await run("list", "--format", "json")).out)
      .map(({ slug }: { slug: string }) => slug)
      .toSorted(),
    ["acme", "default"],
  );

  assert.match((await run("delete", "acme")).err, /^ostiary tenants delete: The tenant is in use\. Deactivate it/);
  assert.match(
    (await run("update", "acme", "--state", "inactive", "--host", "acme.example")).out,
    /^STATE {2}inactive\nHOSTS {2}acme\.example$/m,
  );
  assert.equal((await run("delete", id)).code, 0);
  assert.match((await run("get", id)).err, /^ostiary tenants get: The tenant does not exist\.$/);
});

test("what is wrong with a tenant is told in a sentence", async (t) => {
  const server = await startServer(t);
  const cases: readonly (readonly [number, RegExp, ...string[]])[] = [
    [1, /A slug has 1 to 63/, "create", "Acme Inc"],
    [1, /none\.yml cannot be read/, "create", "acme", "--settings", "none.yml"],
    [2, /Missing required argument 'id or slug'/, "get"],
    [1, /is the server's, and no tenant's/, "create", "acme", "--settings", "package.json"],
    [2, /--format must be table, json/, "list", "--format", "xml"],
  ];
  for (const [ends, sentence, ...words] of cases) {
    const { code, err } = await runIn({}, "tenants", ...words, "--endpoint", server.adminUrl);
    assert.match(err, sentence, words.join(" "));
    assert.equal(code, ends);
  }
  assert.match((await runIn({}, "tenants", "list", "-e", "http://127.0.0.1:1")).err, /The server cannot be reached/);
  assert.match((await runIn({}, "tenants", "list", "-e", "nowhere")).err, /--endpoint must be the URL of a server/);
});
