import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { runIn, runWith } from "../support/command-line.ts";
import { startServer } from "../support/server.ts";

async function start(t: TestContext) {
  const server = await startServer(t);
  const folder = mkdtempSync(join(tmpdir(), "ostiary-identities-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const environment = { KRATOS_ADMIN_URL: server.adminUrl };
  const write = (name: string, content: unknown) => {
    const path = join(folder, name);
    writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
    return path;
  };
  return {
    server,
    write,
    run: (...words: string[]) => runIn(environment, ...words),
    feed: (input: string, ...words: string[]) => runWith(input, environment, ...words),
  };
}

const person = (name: string, more: object = {}) => ({
  schema_id: "person",
  traits: { email: `${name}@example.org` },
  ...more,
});

test("people are imported, listed, shown, changed and deleted in Kratos' words", async (t) => {
  const { run, write } = await start(t);
  const one = await run(
    "import",
    "identities",
    write("ada.json", JSON.stringify(person("ada"), undefined, 2)),
    "--format",
    "json",
  );
  assert.equal(one.code, 0, one.err);
  const ada = JSON.parse(one.out);
  assert.deepEqual([ada.traits.email, ada.state, ada.schema_id], ["ada@example.org", "active", "person"]);
  const several = await run(
    "import",
    "identities",
    write("two.json", [person("alan", { external_id: "7" }), person("grace")]),
    "-q",
  );
  assert.equal(several.out.split("\n").length, 2, several.err);

  const listed = JSON.parse((await run("ls", "identities", "--format", "json")).out);
  assert.deepEqual(
    [listed.identities.map(({ traits }: { traits: { email: string } }) => traits.email), listed.next_page_token],
    [["ada@example.org", "alan@example.org", "grace@example.org"], ""],
  );
  const table = await run("list", "identities", "--page-size", "2");
  assert.match(table.out, /^ID +EXTERNAL ID +VERIFIED ADDRESSES +RECOVERY ADDRESSES +SCHEMA ID +SCHEMA URL\n/);
  const [, next] = /^There are more: --page-token (\S+)$/.exec(table.err)!;
  assert.equal((await run("list", "identities", "--page-token", next!, "-q")).out, several.out.split("\n")[1]);
  assert.equal((await run("list", "identities", "2", "2", "-q")).out.split("\n").length, 1);
  assert.equal(
    (await run("identities", "list", "--all", "--page-size", "1", "-q")).out,
    [ada.id, several.out].join("\n"),
  );
  assert.equal((await run("identities", "list", "-q", "--filter", 'traits.email = "ada@example.org"')).out, ada.id);
  assert.equal(
    (await run("identities", "list", "--identifier", "ada@example.org", "--format", "jsonpath=identities.#")).out,
    "1",
  );

  const shown = await run("get", "identity", ada.id);
  assert.match(shown.out, new RegExp(`^ID +${ada.id}\n`));
  assert.equal(
    JSON.parse((await run("get", "identity", "--external-id", "7", "--format", "json")).out).traits.email,
    "alan@example.org",
  );
  const both = await run(
    "get",
    "identity",
    ada.id,
    "00000000-0000-7000-8000-000000000000",
    "-i",
    "oidc",
    "--format",
    "json",
  );
  assert.deepEqual([both.code, JSON.parse(both.out).length], [1, 1]);
  assert.match(both.err, /^00000000-0000-7000-8000-000000000000: /);

  const patched = await run(
    "identities",
    "patch",
    ada.id,
    "--set",
    '/metadata_public={"plan": 7}',
    "--set",
    "/state=inactive",
    "--format",
    "json",
  );
  assert.deepEqual(
    [JSON.parse(patched.out).metadata_public, JSON.parse(patched.out).state],
    [{ plan: 7 }, "inactive"],
    patched.err,
  );
  const file = write("patch.json", [{ op: "replace", path: "/traits/email", value: "countess@example.org" }]);
  const again = JSON.parse(
    (await run("identities", "patch", ada.id, file, "--unset", "/metadata_public/plan", "--format", "json")).out,
  );
  assert.deepEqual([again.traits.email, again.metadata_public], ["countess@example.org", {}]);
  assert.equal(JSON.parse((await run("identities", "export", ada.id)).out).identity.id, ada.id);

  const gone = await run("delete", "identity", ada.id, "nobody");
  assert.deepEqual([gone.code, gone.out], [1, `ID\n${ada.id}`]);
  assert.match(gone.err, /^nobody: /);
  const [alan, grace] = several.out.split("\n") as [string, string];
  assert.equal((await run("delete", "identity", alan)).out, `ID  ${alan}`);
  assert.equal((await run("identities", "delete", grace, "-q")).out, grace);
});

test("people are validated without being sent, by the schemas of a server or by one of a file", async (t) => {
  const { run, feed, write } = await start(t);
  const good = write("good.ndjson", `${JSON.stringify(person("ada"))}\n\n${JSON.stringify(person("alan"))}\n`);
  assert.deepEqual(await run("validate", "identity", good), { code: 0, out: "All identities are valid.", err: "" });
  const bad = write("bad.json", [
    person("ada"),
    { schema_id: "person", traits: { email: 7 } },
    { ...person("x"), trait: 1 },
    person("y", { schema_id: "nobody" }),
  ]);
  const { code, out, err } = await run("identities", "validate", bad);
  assert.deepEqual([code, out], [1, ""]);
  assert.deepEqual(
    err.split("\n").map((line) => /bad\.json:(\d)/.exec(line)?.[1]),
    ["2", "3", "4"],
  );
  assert.match(err, /bad\.json:2: traits\.email: /);
  assert.match(
    (await feed("{]\n{}\n", "validate", "identity")).err,
    /^stdin:1: This is no JSON: .*\nstdin:2: traits\.email: /,
  );
  const schema = write("schema.json", {
    $schema: "http://json-schema.org/draft-07/schema#",
    type: "object",
    properties: { traits: { type: "object", properties: { team: { enum: ["red"] } }, required: ["team"] } },
  });
  const alone = (row: object) =>
    runWith(JSON.stringify(row), {}, "identities", "validate", "--schema", schema, "-e", "http://127.0.0.1:1");
  assert.equal((await alone({ traits: { team: "red" } })).code, 0);
  assert.match((await alone({ traits: { team: "blue" } })).err, /^stdin:1: traits\.team: /);
});

test("what is wrong with a call about people is told in a sentence", async (t) => {
  const { run, write } = await start(t);
  const cases: readonly (readonly [number, RegExp, ...string[]])[] = [
    [2, /Missing required argument 'id'/, "get", "identity"],
    [2, /takes a page as two numbers/, "list", "identities", "3"],
    [2, /takes a page as two numbers/, "list", "identities", "3", "x"],
    [2, /--page-size must be a whole number from 1 to 500/, "list", "identities", "--page-size", "501"],
    [2, /takes either a number of a page, or --page-token/, "list", "identities", "1", "2", "--all"],
    [2, /needs a change/, "identities", "patch", "x"],
    [2, /--set must be a pointer and a value/, "identities", "patch", "x", "--set", "state"],
    [2, /--unset must be a pointer/, "identities", "patch", "x", "--unset", "state"],
    [1, /is no JSON patch/, "identities", "patch", "x", write("no.json", [{}])],
    [1, /none\.json cannot be read/, "identities", "import", "none.json"],
    [1, /none\.json cannot be read/, "validate", "identity", "none.json"],
    [1, /not a credential type/, "get", "identity", "x", "-i", "telepathy"],
    [1, /filter/i, "identities", "list", "--filter", "==="],
  ];
  for (const [ends, sentence, ...words] of cases) {
    const { code, err } = await run(...words);
    assert.match(err, sentence, words.join(" "));
    assert.equal(code, ends, words.join(" "));
  }
});
