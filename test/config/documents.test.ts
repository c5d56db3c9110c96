import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { hook, startTarget } from "../support/hook-target.ts";
import { password, signInNatively } from "../support/person.ts";
import { startServer } from "../support/server.ts";

test("a file is named by its path behind file://, from where the server was started", async (t) => {
  const folder = mkdtempSync("test/support/in the way ");
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const schema = join(folder, "50%25 of it.json");
  cpSync("examples/person.schema.json", schema);
  for (const url of [
    "file://examples/person.schema.json",
    "file://./examples/person.schema.json",
    `file://${relative(process.cwd(), "examples/person.schema.json")}`,
    `file://${process.cwd()}/examples/person.schema.json`,
    pathToFileURL(schema).href,
  ]) {
    const { native } = await startServer(t, {
      config: { identity: { default_schema_id: "person", schemas: [{ id: "person", url }] } },
    });
    assert.equal((await native.get("/schemas/person")).status, 200, url);
  }
});

test("a hook's program may be named by its path alone, as was usual once", async (t) => {
  const { called, url } = await startTarget(t);
  const folder = mkdtempSync("test/support/program-");
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const program = join(folder, "body.jsonnet");
  writeFileSync(program, "function(ctx) { from: 'a file' }");
  const server = await startServer(t, {
    config: {
      selfservice: {
        flows: {
          login: {
            after: { hooks: [program, `./${program}`, `file://${program}`].map((body) => hook(url, { body })) },
          },
        },
      },
    },
  });
  await server.createPerson({ email: "ada@example.org", password });
  await signInNatively(server, "ada@example.org");
  assert.deepEqual(
    called.map(({ body }) => body),
    Array(3).fill('{"from":"a file"}'),
  );
});
