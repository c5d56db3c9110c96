import { test } from "node:test";
import { expectFailing, expectOutcomes, type Outcomes } from "../support.ts";

const yaml = (cases: readonly (readonly [text: string, value: Outcomes[number][1]])[]): Outcomes =>
  cases.map(([text, value]) => [`std.parseYaml(${JSON.stringify(text)})`, value] as const);

test("JSON", () => {
  expectOutcomes([
    [`std.parseJson('{"a": [1, 2.5, null, true, "x"], "b": {}}')`, { a: [1, 2.5, null, true, "x"], b: {} }],
    [`std.parseJson('{"a": 1, "a": 2}').a`, 2],
    [`std.parseJson('{"a": {"b": 1}}') + { a+: { c: 2 } }`, { a: { b: 1, c: 2 } }],
    [`std.parseJson('" x "')`, " x "],
  ]);
  expectFailing([
    ["std.parseJson('nope')", /the text is no JSON/],
    ["std.parseJson('')", /the text is no JSON/],
    ["std.parseJson('[1,]')", /the text is no JSON/],
    ["std.parseJson(1)", /str has to be a string/],
  ]);
});

test("YAML: a document, or a list of them where a line begins one", () => {
  expectOutcomes(
    yaml([
      ["a: 1\nb: [x, z]\nc:\n  - true\n  - {d: null}\n", { a: 1, b: ["x", "z"], c: [true, { d: null }] }],
      ["a: |\n  one\n  two\nb: >-\n  one\n  two\n", { a: "one\ntwo\n", b: "one two" }],
      ["---\na: 1\n", [{ a: 1 }]],
      ["a: 1\n---\n- 2\n", [{ a: 1 }, [2]]],
      ["a: '---'\n", { a: "---" }],
      ["", null],
      ["# nothing but a comment\n", null],
    ]),
  );
});

test("YAML is of its version 1.1: yes is true, but moments stay texts", () => {
  expectOutcomes(
    yaml([
      ["[yes, No, on, OFF, y, t, ~, 'yes']", [true, false, true, false, true, "t", null, "yes"]],
      ["[017, 0x1f, 0b11, 1_000, +5, .5, 1e3]", [15, 31, 3, 1000, 5, 0.5, 1000]],
      ["[2020-01-01, 2001-12-14t21:59:43.10-05:00, 1:20]", ["2020-01-01", "2001-12-14t21:59:43.10-05:00", "1:20"]],
      ["1: a\ntrue: b", { 1: "a", true: "b" }],
      ["{a: 1, a: 2}", { a: 2 }],
      ["a: &x {b: 1}\nc: {<<: *x, d: 2}\ne: *x", { a: { b: 1 }, c: { b: 1, d: 2 }, e: { b: 1 } }],
      ["a: !unknown text", { a: "text" }],
    ]),
  );
});

test("what is no YAML, or none that JSON could say", () => {
  expectFailing([
    ["std.parseYaml('[')", /the text is no YAML/],
    [`std.parseYaml("a: 1\\n b: 2")`, /the text is no YAML/],
    ["std.parseYaml('a: *nobody')", /no YAML|refers to itself/],
    [`std.parseYaml("? [a]\\n: 1")`, /the text is no YAML/],
    ["std.parseYaml('[.inf]')", /Infinity is no number/],
    ["std.parseYaml(1)", /str has to be a string/],
  ]);
  // A few lines would become a billion.
  const laughs = [
    "a: &a [x, x, x, x, x, x, x, x, x, x]",
    ..."bcdefghi"
      .split("")
      .map((name, at) => `${name}: &${name} [${Array.from({ length: 10 }, () => `*${"abcdefgh"[at]}`).join(", ")}]`),
  ].join("\n");
  expectFailing([[`std.parseYaml(${JSON.stringify(laughs)})`, /refers to itself too often/]]);
});
