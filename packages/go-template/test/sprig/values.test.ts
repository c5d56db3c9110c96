import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { sprigFunctions } from "@ostiary/go-template";
import { expectFailing, expectWritten, write } from "../support.ts";

test("no function is without a test", () => {
  const tests = readdirSync(import.meta.dirname).map((file) => readFileSync(join(import.meta.dirname, file), "utf8"));
  const untested = Object.keys(sprigFunctions).filter((name) => !tests.some((text) => new RegExp(`[{(|] *${name}\\b|:= *${name}\\b`).test(text)));
  assert.deepEqual(untested, []);
});

test("what reaches out of the template is not there", () => {
  for (const name of ["env", "expandenv", "getHostByName", "randAlpha", "uuidv4", "genPrivateKey", "derivePassword", "readFile", "toYaml"])
    assert.ok(!Object.hasOwn(sprigFunctions, name), name);
});

test("something stands in for nothing", () => {
  expectWritten([
    [
      "{{ default `d` `` }} {{ default `d` `x` }} {{ default `d` 0 }} {{ .Missing | default `d` }} {{ default `d` .None }} {{ default `d` false }}",
      "d x d d d d",
    ],
    ["{{ empty `` }} {{ empty .List }} {{ empty .Nothing }} {{ empty .Born }}", "true false true false"],
    [
      "{{ coalesce 0 `` `a` `b` }}[{{ coalesce `` 0 }}] {{ all 1 `a` true }} {{ all 1 0 }} {{ any 0 1 }} {{ any }} {{ all }}",
      "a[] true false true false true",
    ],
    ["{{ ternary `y` `n` true }} {{ .Zero | ternary `y` `n` }}", "y n"],
  ]);
  expectFailing([
    ["{{ fail `it is over` }}", /^it is over$/],
    ["{{ default 1 }}", /default takes 2 arguments, not 1/],
  ]);
});

test("what a value is", () => {
  expectWritten([
    [
      "{{ kindOf 1 }} {{ kindOf 1.5 }} {{ kindOf `a` }} {{ kindOf true }} {{ kindOf .List }} {{ kindOf .Map }} {{ kindOf .Nothing }} {{ kindOf .Born }}",
      "int float64 string bool slice map invalid struct",
    ],
    [
      "{{ typeOf 1 }} {{ typeOf .List }} {{ typeOf .Map }} {{ typeOf .Nothing }} {{ typeOf .Born }}",
      "int []interface {} map[string]interface {} <nil> time.Time",
    ],
    ["{{ kindIs `int` 1 }} {{ typeIs `string` 1 }}", "true false"],
  ]);
});

test("JSON has its keys in order, and cannot end an element", () => {
  expectWritten([
    [
      "{{ toJson .Map }} {{ toJson `</b>&` }} {{ toRawJson `</b>&` }} {{ mustToJson .Nothing }}",
      '{"a":1,"b":2,"inner":{"x":"deep"}} "\\u003c/b\\u003e\\u0026" "</b>&" null',
    ],
    ["{{ toPrettyJson (dict `a` (list 1)) }}", '{\n  "a": [\n    1\n  ]\n}'],
    ['{{ (fromJson "{\\"a\\":[1,2]}").a }} {{ (mustFromJson "[3]") }}[{{ fromJson "nope" }}]', "[1 2] [3][]"],
  ]);
  expectFailing([["{{ mustFromJson `nope` }}", /JSON/]]);
});

test("whole numbers", () => {
  expectWritten([
    [
      "{{ add 1 2 3 }} {{ add1 1 }} {{ sub 5 2 }} {{ mul 2 3 4 }} {{ div -7 2 }} {{ mod -7 3 }} {{ max 1 5 3 }} {{ min 2 1 }}",
      "6 2 3 24 -3 -1 5 1",
    ],
    ["{{ add `1` `2` }} {{ add 1.9 1 }} {{ add `x` 1 }} {{ add }} {{ add true 1 }} {{ add .Nothing 1 }}", "3 2 1 0 2 1"],
    [
      "{{ int `42` }} {{ int 4.9 }} {{ int64 `-7` }} {{ int `0x1f` }} {{ int `017` }} {{ int `4.9` }} {{ int true }}",
      "42 4 -7 31 15 0 1",
    ],
    ["{{ atoi `12` }} {{ atoi `0x1f` }} {{ float64 `1.5` }} {{ float64 `x` }}", "12 0 1.5 0"],
    [
      "{{ ceil 1.2 }} {{ floor -1.5 }} {{ round 1.2345 2 }} {{ round -1.5 0 }} {{ round 123.5555 3 }} {{ ceil `1.2` }}",
      "2 -2 1.23 -2 123.556 2",
    ],
  ]);
  expectFailing([
    ["{{ div 1 0 }}", /divided by zero/],
    ["{{ mod 1 0 }}", /divided by zero/],
    ["{{ sub 1 }}", /sub takes 2 arguments, not 1/],
  ]);
});

test("times are written by layouts, in any zone", () => {
  expectWritten([
    [
      '{{ date "2006-01-02 15:04" .Born }} {{ htmlDate .Born }} {{ unixEpoch .Born }} {{ date "2006" 0 }} {{ date "02.01." "2017-12-31T10:00:00Z" }}',
      "2024-02-03 16:05 2024-02-03 1706976306 1970 31.12.",
    ],
    [
      '{{ dateInZone "15:04 MST" .Born "Europe/Berlin" }} {{ date_in_zone "Mon 15:04 -0700" .Born "America/New_York" }} {{ dateInZone "15:04 MST" .Born "Nowhere" }}',
      "17:05 CET Sat 11:05 -0500 16:05 UTC",
    ],
    ['{{ dateInZone "15:04 MST Z07:00" .Born "Asia/Kolkata" }}', "21:35 IST +05:30"],
    ['{{ dateModify "-1h30m" .Born | date "15:04" }} {{ date_modify "24h" .Born | htmlDate }}', "14:35 2024-02-04"],
    ["{{ duration 3723 }} {{ duration `95` }} {{ duration 0 }} {{ duration -60 }} {{ ago (now) }}", "1h2m3s 1m35s 0s -1m0s 0s"],
  ]);
  assert.equal(write('{{ now | date "2006" }}'), String(new Date().getUTCFullYear()));
  expectFailing([
    ["{{ date `2006` `nope` }}", /"nope" is no time/],
    ["{{ dateModify `nope` .Born }}", /"nope" is no duration/],
  ]);
});

test("times are read by layouts", () => {
  const read = (layout: string, text: string) => write(`{{ toDate "${layout}" "${text}" | date "2006-01-02 15:04:05.000" }}`);
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
