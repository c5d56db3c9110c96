import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { sprigFunctions } from "@ostiary/go-template";
import { expectFailing, expectWritten, write } from "../support.ts";

test("no function is without a test", () => {
  const tests = readdirSync(import.meta.dirname).map((file) => readFileSync(join(import.meta.dirname, file), "utf8"));
  const untested = Object.keys(sprigFunctions).filter(
    (name) => !tests.some((text) => new RegExp(`[{(|] *${name}\\b|:= *${name}\\b`).test(text)),
  );
  assert.deepEqual(untested, []);
});

test("what reaches out of the template is not there", () => {
  for (const name of [
    "env",
    "expandenv",
    "getHostByName",
    "randAlpha",
    "uuidv4",
    "genPrivateKey",
    "derivePassword",
    "readFile",
    "toYaml",
  ])
    assert.ok(!Object.hasOwn(sprigFunctions, name), name);
});

test("something stands in for nothing", () => {
  expectWritten([
    ["{{ default `d` `` }}", "d"],
    ["{{ default `d` `x` }}", "x"],
    ["{{ default `d` 0 }}", "d"],
    ["{{ .Missing | default `d` }}", "d"],
    ["{{ default `d` .None }}", "d"],
    ["{{ default `d` false }}", "d"],
    ["{{ empty `` }}", "true"],
    ["{{ empty .List }}", "false"],
    ["{{ empty .Nothing }}", "true"],
    ["{{ empty .Born }}", "false"],
    [
      "{{ coalesce 0 `` `a` `b` }}[{{ coalesce `` 0 }}] {{ all 1 `a` true }} {{ all 1 0 }} {{ any 0 1 }} {{ any }} {{ all }}",
      "a[] true false true false true",
    ],
    ["{{ ternary `y` `n` true }}", "y"],
    ["{{ .Zero | ternary `y` `n` }}", "n"],
  ]);
  expectFailing([
    ["{{ fail `it is over` }}", /^it is over$/],
    ["{{ default 1 }}", /default takes 2 arguments, not 1/],
  ]);
});

test("what a value is", () => {
  expectWritten([
    ["{{ kindOf 1 }}", "int"],
    ["{{ kindOf 1.5 }}", "float64"],
    ["{{ kindOf `a` }}", "string"],
    ["{{ kindOf true }}", "bool"],
    ["{{ kindOf .List }}", "slice"],
    ["{{ kindOf .Map }}", "map"],
    ["{{ kindOf .Nothing }}", "invalid"],
    ["{{ kindOf .Born }}", "struct"],
    ["{{ typeOf 1 }}", "int"],
    ["{{ typeOf .List }}", "[]interface {}"],
    ["{{ typeOf .Map }}", "map[string]interface {}"],
    ["{{ typeOf .Nothing }}", "<nil>"],
    ["{{ typeOf .Born }}", "time.Time"],
    ["{{ kindIs `int` 1 }}", "true"],
    ["{{ typeIs `string` 1 }}", "false"],
  ]);
});

test("JSON has its keys in order, and cannot end an element", () => {
  expectWritten([
    ["{{ toJson .Map }}", '{"a":1,"b":2,"inner":{"x":"deep"}}'],
    ["{{ toJson `</b>&` }}", '"\\u003c/b\\u003e\\u0026"'],
    ["{{ toRawJson `</b>&` }}", '"</b>&"'],
    ["{{ mustToJson .Nothing }}", "null"],
    ["{{ toPrettyJson (dict `a` (list 1)) }}", '{\n  "a": [\n    1\n  ]\n}'],
    ['{{ (fromJson "{\\"a\\":[1,2]}").a }} {{ (mustFromJson "[3]") }}[{{ fromJson "nope" }}]', "[1 2] [3][]"],
  ]);
  expectFailing([["{{ mustFromJson `nope` }}", /JSON/]]);
});

test("whole numbers", () => {
  expectWritten([
    ["{{ add 1 2 3 }}", "6"],
    ["{{ add1 1 }}", "2"],
    ["{{ sub 5 2 }}", "3"],
    ["{{ mul 2 3 4 }}", "24"],
    ["{{ div -7 2 }}", "-3"],
    ["{{ mod -7 3 }}", "-1"],
    ["{{ max 1 5 3 }}", "5"],
    ["{{ min 2 1 }}", "1"],
    ["{{ add `1` `2` }}", "3"],
    ["{{ add 1.9 1 }}", "2"],
    ["{{ add `x` 1 }}", "1"],
    ["{{ add }}", "0"],
    ["{{ add true 1 }}", "2"],
    ["{{ add .Nothing 1 }}", "1"],
    ["{{ int `42` }}", "42"],
    ["{{ int 4.9 }}", "4"],
    ["{{ int64 `-7` }}", "-7"],
    ["{{ int `0x1f` }}", "31"],
    ["{{ int `017` }}", "15"],
    ["{{ int `4.9` }}", "0"],
    ["{{ int true }}", "1"],
    ["{{ atoi `12` }}", "12"],
    ["{{ atoi `0x1f` }}", "0"],
    ["{{ float64 `1.5` }}", "1.5"],
    ["{{ float64 `x` }}", "0"],
    ["{{ ceil 1.2 }}", "2"],
    ["{{ floor -1.5 }}", "-2"],
    ["{{ round 1.2345 2 }}", "1.23"],
    ["{{ round -1.5 0 }}", "-2"],
    ["{{ round 123.5555 3 }}", "123.556"],
    ["{{ ceil `1.2` }}", "2"],
  ]);
  expectFailing([
    ["{{ div 1 0 }}", /divided by zero/],
    ["{{ mod 1 0 }}", /divided by zero/],
    ["{{ sub 1 }}", /sub takes 2 arguments, not 1/],
  ]);
});

test("times are written by layouts, in any zone", () => {
  expectWritten([
    ['{{ date "2006-01-02 15:04" .Born }}', "2024-02-03 16:05"],
    ["{{ htmlDate .Born }}", "2024-02-03"],
    ["{{ unixEpoch .Born }}", "1706976306"],
    ['{{ date "2006" 0 }}', "1970"],
    ['{{ date "02.01." "2017-12-31T10:00:00Z" }}', "31.12."],
    ['{{ dateInZone "15:04 MST" .Born "Europe/Berlin" }}', "17:05 CET"],
    ['{{ date_in_zone "Mon 15:04 -0700" .Born "America/New_York" }}', "Sat 11:05 -0500"],
    ['{{ dateInZone "15:04 MST" .Born "Nowhere" }}', "16:05 UTC"],
    ['{{ dateInZone "15:04 MST Z07:00" .Born "Asia/Kolkata" }}', "21:35 IST +05:30"],
    ['{{ dateModify "-1h30m" .Born | date "15:04" }}', "14:35"],
    ['{{ date_modify "24h" .Born | htmlDate }}', "2024-02-04"],
    ["{{ duration 3723 }}", "1h2m3s"],
    ["{{ duration `95` }}", "1m35s"],
    ["{{ duration 0 }}", "0s"],
    ["{{ duration -60 }}", "-1m0s"],
    ["{{ ago (now) }}", "0s"],
  ]);
  assert.equal(write('{{ now | date "2006" }}'), String(new Date().getUTCFullYear()));
  expectFailing([
    ["{{ date `2006` `nope` }}", /"nope" is no time/],
    ["{{ dateModify `nope` .Born }}", /"nope" is no duration/],
  ]);
});

test("times are read by layouts", () => {
  const read = (layout: string, text: string) =>
    write(`{{ toDate "${layout}" "${text}" | date "2006-01-02 15:04:05.000" }}`);
  const cases: readonly (readonly [layout: string, text: string, moment: string])[] = [
    ["2006-01-02", "2017-12-31", "2017-12-31 00:00:00.000"],
    ["02.01.2006 15:04", "31.12.2017 08:30", "2017-12-31 08:30:00.000"],
    ["Jan 2, 06 at 3:04PM", "Feb 3, 24 at 4:05PM", "2024-02-03 16:05:00.000"],
    ["Monday, 2 January 2006 15:04:05 -0700", "Saturday, 3 February 2024 17:05:06 +0100", "2024-02-03 16:05:06.000"],
    ["2006-01-02T15:04:05Z07:00", "2024-02-03T16:05:06.789Z", "2024-02-03 16:05:06.789"],
    ["1/_2/2006 03:04pm", "2/ 3/2024 12:00am", "2024-02-03 00:00:00.000"],
  ];
  for (const [layout, text, moment] of cases) assert.equal(read(layout, text), moment, layout);
  expectFailing([
    ['{{ toDate "2006-01-02" "31.12.2017" }}', /"31.12.2017" is no time/],
    ['{{ toDate "2006-01-02" "2017-02-30" }}', /is no time/],
    ['{{ toDate "15:04" "24:00" }}', /is no time/],
  ]);
});
