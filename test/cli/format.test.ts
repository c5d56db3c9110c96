import assert from "node:assert/strict";
import { test } from "node:test";
import { printerFor } from "../../src/cli/output/print.ts";
import { formatOptions } from "../../src/cli/output/format.ts";
import { runIn } from "../support/command-line.ts";

const people = {
  identities: [
    { id: "1", state: "active", traits: { name: "Ada", age: 36, "e.mail": "ada@example.org" }, tags: ["a", "b"] },
    { id: "2", state: "inactive", traits: { name: "Alan", age: 41 }, tags: [] },
    { id: "3", state: "active", traits: { name: "Grace" }, tags: ["c"] },
  ],
  next_page_token: "x",
};
type Person = (typeof people.identities)[number];
const columns = { ID: ({ id }: Person) => id, NAME: ({ traits }: Person) => traits.name };

/** What is printed of these people in a format. */
async function printed(...words: readonly string[]): Promise<string> {
  const lines: string[] = [];
  const flags = words[0] === "-q" ? { quiet: true } : { format: formatOptions[0]!.read!(words[0] ?? "table") };
  const print = await printerFor({
    operands: [],
    flags,
    environment: {},
    input: () => process.stdin,
    interrupted: () => () => undefined,
    out: (line) => lines.push(line),
    err: () => undefined,
  });
  await print.rows(columns, people.identities, people);
  return lines.join("\n");
}

test("data is printed as a table, as names alone, as JSON, and as YAML", async () => {
  assert.equal(await printed("table"), "ID  NAME\n1   Ada\n2   Alan\n3   Grace");
  assert.equal(await printed("-q"), "1\n2\n3");
  assert.equal(await printed("json"), JSON.stringify(people));
  assert.equal(await printed("json-pretty"), JSON.stringify(people, undefined, 2));
  assert.match(await printed("yaml"), /^identities:\n {2}- id: "1"\n {4}state: active\n {4}traits:\n {6}name: Ada\n/);
});

test("a pointer shows what is there, and fails where nothing is", async () => {
  assert.equal(await printed("jsonpointer=/identities/1/traits/name"), '"Alan"');
  assert.equal(JSON.parse(await printed("jsonpointer=")).next_page_token, "x");
  await assert.rejects(printed("jsonpointer=/identities/7/id"), /nothing is at \/identities\/7\/id/);
});

test("a path is one of RFC 9535, or of the syntax that Kratos takes", async () => {
  for (const [path, found] of [
    ["$.identities[0].id", "1"],
    ["$.identities[9].id", null],
    ["$.identities[?@.state=='active'].id", ["1", "3"]],
    ["$..name", ["Ada", "Alan", "Grace"]],
    ["next_page_token", "x"],
    ["identities.0.id", "1"],
    ["identities.9.id", null],
    ["identities.#", 3],
    ["identities.#.id", ["1", "2", "3"]],
    ["identities.#.traits.age", [36, 41]],
    ["identities.#.tags.0", ["a", "c"]],
    ["identities.#.id|0", "1"],
    ["identities.#.id|#", 3],
    ["identities.0.traits.e\\.mail", "ada@example.org"],
    ["identities.0.tr*.na?e", "Ada"],
    ['identities.#(traits.name=="Alan").id', "2"],
    ['identities.#(state=="active")#.id', ["1", "3"]],
    ["identities.#(traits.age>40).id", "2"],
    ["identities.#(traits.age<=41)#.id", ["1", "2"]],
    ['identities.#(traits.name%"A*")#.id', ["1", "2"]],
    ['identities.#(traits.name!%"A*").id', "3"],
    ["identities.#(traits.age)#.id", ["1", "2"]],
    ['identities.#(state!="active").id', "2"],
  ] as const)
    assert.deepEqual(JSON.parse(await printed(`jsonpath=${path}`)), found, path);
});

test("a path that cannot be read is refused before anything is done", async () => {
  for (const path of ["$.identities[", "identities.#(", "@reverse", "a..b", "{id,state}", "a.#(b==c)", "a.#(b%1)"])
    assert.deepEqual(
      await runIn({}, "tenants", "list", "-e", "http://127.0.0.1:1", "--format", `jsonpath=${path}`).then(
        ({ code }) => code,
      ),
      2,
      path,
    );
});

test("what people have called themselves moves no cursor, and makes no line", async () => {
  const lines: string[] = [];
  const print = await printerFor({
    operands: [],
    flags: {},
    environment: {},
    input: () => process.stdin,
    interrupted: () => () => undefined,
    out: (line) => lines.push(line),
    err: () => undefined,
  });
  await print.rows({ NAME: (name: string) => name }, ["\u001B[2JAda\r\n\u0007x", "b\u2028c"]);
  assert.deepEqual(lines, ["NAME", "Ada x", "b c"]);
});
