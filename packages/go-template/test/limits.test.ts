import assert from "node:assert/strict";
import { test } from "node:test";
import { defaultLimits, parseTemplate, TemplateError } from "@ostiary/go-template";
import fc from "fast-check";
import { data, expectFailing, expectUnreadable, failureOf, write } from "./support.ts";

test("a template that takes too much is ended", () => {
  expectFailing([
    ["{{ range until 5000 }}{{ range until 5000 }}{{ end }}{{ end }}", /more than 100000 steps/],
    ["{{ range 90000 }}{{ range 90000 }}{{ end }}{{ end }}", /steps/],
    ["{{ range 1000000 }}{{ end }}", /cannot go over/],
    ["{{ range until 5000 }}{{ repeat 1000 `x` }}{{ end }}", /more than 1000000 characters/],
    [`{{ range until 5000 }}${"x".repeat(1000)}{{ end }}`, /more than 1000000 characters/],
    ['{{ define "r" }}{{ template "r" }}{{ end }}{{ template "r" }}', /call each other without end/],
    [
      '{{ define "a" }}{{ template "b" . }}{{ template "b" . }}{{ end }}{{ define "b" }}{{ range until 10 }}{{ template "c" . }}{{ end }}{{ end }}{{ define "c" }}{{ range until 10000 }}{{ end }}{{ end }}{{ template "a" . }}',
      /steps/,
    ],
    ['{{ regexReplaceAll "" (repeat 10000 "ab") (repeat 1000 "c") }}', /more than 100000 characters/],
  ]);
});

test("a template may take what the limits say, and no more", () => {
  const limited = (source: string, limits: Partial<typeof defaultLimits>) =>
    parseTemplate(source, { name: "t", limits });
  assert.equal(limited("{{ range 10 }}{{ . }}{{ end }}", { steps: 30 }).execute(), "0123456789");
  assert.match(
    failureOf(() => void limited("{{ range 10 }}{{ . }}{{ end }}", { steps: 15 }).execute()).problem,
    /more than 15 steps/,
  );
  assert.equal(limited("12345{{ 6 }}", { characters: 6 }).execute(), "123456");
  assert.equal(
    failureOf(() => void limited("1234\n{{ 567 }}", { characters: 6 }).execute()).message,
    "t:2: it writes more than 6 characters",
  );
  const nested = '{{ define "a" }}{{ template "b" }}{{ end }}{{ define "b" }}x{{ end }}{{ template "a" }}';
  assert.equal(limited(nested, { depth: 2 }).execute(), "x");
  assert.match(failureOf(() => void limited(nested, { depth: 1 }).execute()).problem, /without end/);
  assert.deepEqual(defaultLimits, { steps: 100_000, depth: 100, characters: 1_000_000 });
});

test("what is nested too deep is not read", () => {
  expectUnreadable([
    ["{{ if true }}".repeat(500), /too many blocks within each other/],
    [`{{ ${"(".repeat(500)} }}`, /too many parentheses within each other/],
    [`{{ if 1 }}${"{{ else if 1 }}".repeat(5_000)}{{ end }}`, /too many {{else}} behind each other/],
  ]);
  assert.equal(write(`${"{{ if true }}".repeat(90)}x${"{{ end }}".repeat(90)}`), "x");
  assert.equal(write(`{{ if false }}${"{{ else if false }}".repeat(450)}{{ else }}x{{ end }}`), "x");
});

test("one execution leaves nothing for the next", () => {
  const template = parseTemplate("{{ $n := 0 }}{{ range .List }}{{ $n = . }}{{ end }}{{ $n }}", {
    limits: { steps: 20 },
  });
  for (let times = 0; times < 5; times++) assert.equal(template.execute(data), "c");
});

const pieces = [
  "{{",
  "}}",
  "{{-",
  "-}}",
  " ",
  "\n",
  "if",
  "else",
  "end",
  "range",
  "with",
  "define",
  "template",
  "block",
  "break",
  "continue",
  ".",
  ".Name",
  ".List",
  ".Map",
  "$",
  "$x",
  ":=",
  "=",
  "|",
  "(",
  ")",
  ",",
  '"a"',
  "`b`",
  "'c'",
  "1",
  "-2.5",
  "true",
  "nil",
  "/*",
  "*/",
  "<p title=",
  "<script>",
  "</script>",
  '"',
  "printf",
  "index",
  "len",
  "eq",
  "and",
  "upper",
  "dict",
  "regexFind",
];

test("whatever is given as a template is either refused by an error of ours, or written", () => {
  const joined = fc.array(fc.constantFrom(...pieces), { maxLength: 14 }).map((parts) => parts.join(" "));
  const sources = fc.oneof(
    fc.string(),
    joined,
    joined.map((action) => `{{ ${action} }}`),
  );
  const property = fc.property(sources, fc.boolean(), (source, html) => {
    try {
      assert.equal(typeof write(source, { html }), "string");
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
    }
  });
  const runs = Number(process.env["OSTIARY_PROPERTY_RUNS"] ?? 0);
  fc.assert(property, runs > 0 ? { numRuns: runs } : { numRuns: 3_000, seed: 7 });
});

test("whatever is written into HTML stays what it is: text, a value, a literal", () => {
  const source = [
    `<p title="{{ .a }}" x='{{ .b }}'>{{ .a }}</p>`,
    `<script>f({{ .a }}, '{{ .b }}', "{{ .a }}", /{{ .b }}/)</script>`,
    `<i onclick="g({{ .a }}, '{{ .b }}', {{ .a }})">{{ .b }}</i>`,
  ].join("");
  const parts =
    /^<p title="([^"]*)" x='([^']*)'>([^<]*)<\/p><script>([^<]*)<\/script><i onclick="([^"]*)">([^<]*)<\/i>$/;
  // Values from which any of the signs that mean something can come.
  const values = fc.string({
    unit: fc.constantFrom(..."<>\"'&`/\\;:=()[]{}*-!#? \n\u2028ax1".split("")),
    maxLength: 12,
  });
  const property = fc.property(values, values, (a, b) => {
    const page = parseTemplate(source, { html: true }).execute({ a, b });
    const [, title, x, text, script, handler, last] = parts.exec(page) ?? assert.fail(page);
    for (const [shown, value] of [
      [title, a],
      [x, b],
      [text, a],
      [last, b],
    ] as const)
      assert.equal(unescaped(shown!), value.replaceAll("\0", "\uFFFD"), page);
    const heard: unknown[] = [];
    const hear = (one: string, two: string, three: string, pattern: RegExp) =>
      heard.push(one, two, three, pattern.test(b));
    new Function("f", script!)(hear);
    new Function("g", unescaped(handler!))((...all: string[]) => heard.push(...all));
    assert.deepEqual(heard, [a, b, a, true, a, b, a], page);
  });
  fc.assert(property, { numRuns: 2_000, seed: 7 });
});

/** As browsers read attributes and text. */
const unescaped = (html: string): string =>
  html.replace(/&(?:#(\d+)|amp|lt|gt);/g, (name, code?: string) =>
    code ? String.fromCodePoint(Number(code)) : ({ "&amp;": "&", "&lt;": "<", "&gt;": ">" }[name] ?? name),
  );
