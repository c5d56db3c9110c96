import { test } from "node:test";
import { expectUnreadable, expectWritten } from "./support.ts";

test("what stands outside of actions is written as it is", () => {
  expectWritten([
    ["", ""],
    ["plain text, } and { and }} too\n", "plain text, } and { and }} too\n"],
    ["{{ .Name }}", "Ada"],
    ["{{.Name}}, {{\t.Age\n}}", "Ada, 36"],
    ['{{ "}}" }}', "}}"],
  ]);
  expectUnreadable([
    ["{{ .Name", /not closed/],
    ["{{ .Name }", /not understood/],
    ["{{}}", /a value is missing/],
    ["{{ }}", /a value is missing/],
    ["{{ {{ .Name }} }}", /not understood/],
  ]);
});

test("comments write nothing, and are all of their action", () => {
  expectWritten([
    ["a{{/* a comment */}}b", "ab"],
    ["a{{/* over\nlines, with }} in it */}}b", "ab"],
    ["a \n{{- /* trimmed */ -}}\n b", "ab"],
  ]);
  expectUnreadable([
    ["{{ /* not at the beginning */ }}", /not understood/],
    ["{{/* not all */ .Name }}", /a comment has to be closed together with its action/],
    ["{{/* never closed }}", /not understood|not closed/],
  ]);
});

test("a dash and a blank at the end of an action take the blanks beyond it away", () => {
  expectWritten([
    ["a  {{- 1 }}  b", "a1  b"],
    ["a  {{ 1 -}}  b", "a  1b"],
    ["a \t\r\n {{- 1 -}} \n\n b", "a1b"],
    ["{{- 1 -}}", "1"],
    ["{{ 1 -}} {{- 2 }}", "12"],
    ["{{ if true -}}\n  yes\n{{- end }}\n", "yes\n"],
    // A dash that belongs to a number is none of these.
    ["{{-3}} {{- 3}}", "-33"],
  ]);
  expectUnreadable([["{{ 3-}} x", /not understood/]]);
});

test("strings stand between quotes with Go's escapes, or between backquotes without", () => {
  expectWritten([
    [`{{ "a\\tb\\n\\"\\\\" }}`, 'a\tb\n"\\'],
    [`{{ "\\a\\b\\f\\r\\v" }}`, "\x07\b\f\r\v"],
    [`{{ "\\x41\\101\\u00e4\\U0001F600" }}`, "AAä😀"],
    ['{{ `raw \\n "text"\nover lines` }}', 'raw \\n "text"\nover lines'],
    ['{{ "ünïcode 😀" }}', "ünïcode 😀"],
  ]);
  expectUnreadable([
    ['{{ "open }}', /not understood|not closed/],
    ['{{ "over\nlines" }}', /not understood/],
    [`{{ "\\q" }}`, /the escape \\q is not known/],
    [`{{ "\\'" }}`, /the escape \\' is not known/],
    ["{{ `open }}", /not understood|not closed/],
  ]);
});

test("numbers are written as in Go, and a character is a number", () => {
  expectWritten([
    ["{{ 0 }} {{ 42 }} {{ -7 }} {{ +7 }} {{ 1_000 }}", "0 42 -7 7 1000"],
    ["{{ 0x1F }} {{ 0b101 }} {{ 0o17 }} {{ 017 }}", "31 5 15 15"],
    ["{{ 1.5 }} {{ .5 }} {{ 1e3 }} {{ 25E-1 }}", "1.5 0.5 1000 2.5"],
    [`{{ 'a' }} {{ '\\n' }} {{ '"' }} {{ '\\'' }} {{ '😀' }}`, "97 10 34 39 128512"],
  ]);
  expectUnreadable([
    ["{{ 1i }}", /not understood/],
    ["{{ 'ab' }}", /more than one character/],
    ["{{ 1x }}", /not understood/],
  ]);
});

test("true, false and nil are words of the language", () => {
  expectWritten([["{{ true }} {{ false }} {{ eq nil .Nothing }}", "true false true"]]);
  expectUnreadable([
    ["{{ nil }}", /nil is no command/],
    ["{{ nil | print }}", /nil is no command/],
    ["{{ true.x }}", /not understood/],
  ]);
});

test("what is no action is refused", () => {
  expectUnreadable([
    ["{{ .Name != `x` }}", /"!" is not understood here/],
    ["{{ .Active && .Zero }}", /"&" is not understood here/],
    ["{{ !.Active }}", /"!" is not understood here/],
    ["{{ a.b }}", /there is no function a/],
    ["{{ . Name }}", /there is no function Name/],
    ["{{ ..Name }}", /not understood/],
    ["{{ .1 .2 . ; }}", /not understood/],
    ["{{ , }}", /not understood/],
    ["{{ .Name, .Age }}", /not understood/],
    ["{{ (.Name }}", /not understood/],
    ["{{ .Name) }}", /not understood/],
    ["{{ () }}", /a value is missing/],
    ["{{ | .Name }}", /a value is missing/],
    ["{{ .Name | }}", /a value is missing/],
    ['{{ eq"a""a" }}', /not understood/],
    ["{{ if not(.Zero) }}{{ end }}", /"\(" is not understood here/],
    ["{{ nosuch .Name }}", /there is no function nosuch/],
    ["{{ constructor }}", /there is no function constructor/],
    ["{{ if }}x{{ end }}", /a value is missing/],
    ["{{ if .Active }}x", /{{end}} is missing/],
    ["{{ end }}", /{{end}} ends nothing/],
    ["{{ else }}", /{{else}} ends nothing/],
    ["{{ if .Active }}{{ else }}{{ else }}{{ end }}", /{{else}} stands twice/],
    ["{{ end .Name }}", /ends nothing/],
    ["{{ if .Active }}{{ end .Name }}", /}} is missing before "Name"/],
  ]);
});
