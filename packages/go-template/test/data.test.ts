import assert from "node:assert/strict";
import { test } from "node:test";
import { parseTemplate, Struct } from "@ostiary/go-template";
import { expectFailing, expectWritten, failureOf, write } from "./support.ts";

test("dot is the data, and its fields are reached by their names", () => {
  expectWritten([
    ["{{ .Name }} {{ $.Name }} {{ .Map.inner.x }} {{ (.Map.inner).x }}", "Ada Ada deep deep"],
    ["{{ with .Map }}{{ .a }}{{ .inner.x }}{{ end }}", "1deep"],
    ["{{ .Ünknown }}{{ ._x1 }}", ""],
  ]);
  assert.equal(write("{{ . }}", {}, "text"), "text");
  assert.equal(write("{{ . }}", {}, null), "");
});

test("a key that a map has not is nothing, and so is all within it", () => {
  expectWritten([
    ["[{{ .Missing }}{{ .Missing.deeper.still }}{{ .Map.nope }}{{ .Nothing }}]", "[]"],
    ["{{ if .Missing.deeper }}yes{{ else }}no{{ end }}", "no"],
    ["{{ .Map.constructor }}{{ .toString }}{{ .__proto__ }}", ""],
  ]);
  expectFailing([
    ["{{ .Name.first }}", /a string has no field .first/],
    ["{{ .Age.x }}", /a number has no field .x/],
    ["{{ .List.length }}", /a list has no field .length/],
  ]);
});

test("a struct has just the fields that it has, and tells which", () => {
  const person = new Struct({ Name: "Ada", Tags: ["x"], Inner: new Struct({ A: 1 }) });
  const template = (source: string) => parseTemplate(source, { name: "t" });
  assert.equal(template("{{ .Name }}{{ .Inner.A }}{{ index .Tags 0 }}{{ .Inner }}").execute(person), "Ada1xmap[A:1]");
  assert.equal(
    failureOf(() => void template("\n{{ .Nmae }}").execute(person)).message,
    "t:2: there is no field .Nmae; there are: .Name, .Tags, .Inner",
  );
  assert.match(failureOf(() => void template("{{ .Inner.B }}").execute(person)).problem, /no field .B; there are: .A/);
  assert.match(failureOf(() => void template("{{ .toString }}").execute(person)).problem, /no field .toString/);
});

test("values are printed as Go prints them, whole numbers as such", () => {
  expectWritten([
    ["{{ .Name }} {{ .Age }} {{ .Share }} {{ .Debt }} {{ .Active }}", "Ada 36 1.5 -7 true"],
    ["{{ .List }} {{ .None }} {{ .Map }}", "[a b c] [] map[a:1 b:2 inner:map[x:deep]]"],
    ["{{ .Mixed }}", "[1 a <nil> true 1.5 [1] map[k:v]]"],
    ["{{ 1e6 }} {{ 1e21 }} {{ 0.0000001 }}", "1000000 1e+21 1e-07"],
    ["{{ .Born }}", "2024-02-03 16:05:06.789 +0000 UTC"],
  ]);
});

test("a time has methods", () => {
  expectWritten([
    ['{{ .Born.Format "2006-01-02T15:04:05Z07:00" }}', "2024-02-03T16:05:06Z"],
    [
      "{{ .Born.Year }} {{ .Born.Month }} {{ .Born.Day }} {{ .Born.Weekday }} {{ .Born.YearDay }}",
      "2024 February 3 Saturday 34",
    ],
    [
      "{{ .Born.Hour }} {{ .Born.Minute }} {{ .Born.Second }} {{ .Born.Unix }} {{ .Born.UnixMilli }}",
      "16 5 6 1706976306 1706976306789",
    ],
    ["{{ .Born.UTC.Year }}{{ (.Born.UTC).Year }}", "20242024"],
  ]);
  expectFailing([
    ["{{ .Born.Format }}", /Format takes one argument/],
    ["{{ .Born.Format 1 }}", /Format takes one argument, a text/],
    ["{{ .Born.Local }}", /a time has no .Local; it has: Format/],
  ]);
});

test("layouts of times are written by Go's example", () => {
  const layouts: readonly (readonly [layout: string, written: string])[] = [
    ["2006-01-02 15:04:05", "2024-02-03 16:05:06"],
    ["Monday, January 2 2006", "Saturday, February 3 2024"],
    ["Mon Jan _2 06", "Sat Feb  3 24"],
    ["1/2 3:4:5 PM pm", "2/3 4:5:6 PM pm"],
    ["03:04", "04:05"],
    [".0 .000 .000000 .9 .999 ,000", ".7 .789 .789000 .7 .789 ,789"],
    ["002 __2", "034  34"],
    ["MST -0700 -07:00 -07 Z0700 Z07:00", "UTC +0000 +00:00 +00 Z Z"],
    ["no sign of it", "no sign of it"],
  ];
  for (const [layout, written] of layouts) assert.equal(write(`{{ .Born.Format "${layout}" }}`), written, layout);
});

test("functions of one's own are called by their names, and go before Sprig's and Go's", () => {
  const functions = {
    shout: (text: unknown) => `${String(text)}!`,
    len: () => "mine",
    sum: (...all: readonly unknown[]) => all.reduce<number>((sum, one) => sum + Number(one), 0),
  };
  assert.equal(write("{{ .Name | shout }} {{ len .List }} {{ sum 1 2 3 }}", { functions }), "Ada! mine 6");
  assert.match(failureOf(() => void write("{{ upper .Name }}", { functions })).problem, /there is no function upper/);
  const failing = { fails: () => assert.fail("as it says") };
  assert.equal(failureOf(() => void write("\n\n{{ fails }}", { functions: failing })).message, "t:3: as it says");
});

test("nothing that a template is given is changed by it", () => {
  const given = { map: { a: 1 }, list: [1] };
  write(
    '{{ $m := set .map "b" 2 }}{{ $l := append .list 2 }}{{ $u := unset .map "a" }}{{ $d := merge .map (dict "c" 3) }}',
    {},
    given,
  );
  assert.deepEqual(given, { map: { a: 1 }, list: [1] });
});
