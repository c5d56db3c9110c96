import assert from "node:assert/strict";
import { test } from "node:test";
import { parseTemplate, sprigFunctions as functions, TemplateError } from "@ostiary/go-template";
import { data, failureOf } from "./support.ts";

/** Templates of several lines, and the whole message of what is wrong with them. */
const placed: readonly (readonly [source: string, message: string])[] = [
  // when it is read
  ["one\n{{ .Name", "mail:2: an action is not closed by }}"],
  ['one\ntwo {{ "open }}', 'mail:2: "\\"" is not understood here'],
  ["{{ .Name }}\n{{ .Age\n  ! }}", 'mail:3: "!" is not understood here'],
  ["{{\n.Name\n.Age,\n}}", 'mail:3: "," is not understood here'],
  ['\n{{ "a\\qb" }}', "mail:2: the escape \\q is not known"],
  ["\n\n{{/* a */ .Name }}", "mail:3: a comment has to be closed together with its action: */}}"],
  ["{{ if .Name }}\n\n{{ nosuch }}{{ end }}", "mail:3: there is no function nosuch"],
  ["{{ if .Name }}\n\n", "mail:3: {{end}} is missing"],
  ["{{ .Name }}\n{{ end }}", "mail:2: {{end}} ends nothing"],
  ["{{ range .List }}\n{{ end }}\n{{ break }}", "mail:3: {{break}} stands outside of {{range}}"],
  ['{{ define "x" }}1{{ end }}\n{{ define "x" }}2{{ end }}', 'mail:2: the template "x" is defined twice'],
  ["{{ with .Map }}\n{{ else }}\n{{ else }}{{ end }}", "mail:3: {{else}} stands twice"],
  ["\n{{ .Name | }}", "mail:2: a value is missing"],
  ["\n{{ nil }}", "mail:2: nil is no command"],
  ["{{ template .Name }}", 'mail:1: the template\'s name is missing before "Name"'],
  // when it is executed
  ["\n{{ .Name.first }}", "mail:2: a string has no field .first"],
  ["{{ .Name }}\n{{ if true }}\n{{ $x }}{{ end }}", "mail:3: there is no variable $x"],
  ["\n{{ .Name\n| .Age }}", "mail:3: what is no function cannot take arguments"],
  ["{{ range .List }}\n{{ index $.List 9 }}{{ end }}", "mail:2: there is nothing at 9: the length is 3"],
  ["\n\n{{ range .Name }}{{ end }}", "mail:3: {{range}} cannot go over a text"],
  ['{{ template "no" }}', 'mail:1: there is no template "no"'],
  ["\n{{ fail `stop here` }}", "mail:2: stop here"],
  ["\n{{ trunc 1 }}", "mail:2: trunc takes 2 arguments, not 1"],
  [
    "\n{{ .Born.Local }}",
    "mail:2: a time has no .Local; it has: Format, UTC, Unix, UnixMilli, Year, Month, Day, Hour, Minute, Second, Weekday, YearDay",
  ],
];

test("an error tells the template, the line and what is wrong there", () => {
  for (const [source, message] of placed)
    assert.equal(
      failureOf(() => void parseTemplate(source, { name: "mail", functions }).execute(data), source).message,
      message,
    );
});

test("what an error is made of can be asked for", () => {
  const error = failureOf(() => void parseTemplate("a\nb {{ nosuch }}", { name: "folder/mail.gotmpl" }));
  assert.ok(error instanceof TemplateError);
  assert.deepEqual(
    { name: error.name, template: error.template, line: error.line, problem: error.problem },
    { name: "TemplateError", template: "folder/mail.gotmpl", line: 2, problem: "there is no function nosuch" },
  );
  assert.equal(failureOf(() => void parseTemplate("{{ nosuch }}")).message, "template:1: there is no function nosuch");
});

test("an error of a function is kept as the cause", () => {
  const cause = new RangeError("out of range");
  const throwing = {
    fails: () => {
      throw cause;
    },
    throwsText: () => {
      throw "no error at all";
    },
  };
  const error = failureOf(() => void parseTemplate("\n{{ fails }}", { functions: throwing }).execute());
  assert.equal(error.cause, cause);
  assert.equal(error.message, "template:2: out of range");
  assert.equal(
    failureOf(() => void parseTemplate("{{ throwsText }}", { functions: throwing }).execute()).problem,
    "no error at all",
  );
});

test("what fails writes nothing", () => {
  const template = parseTemplate("written before {{ .Name.first }}");
  assert.throws(() => template.execute({ Name: "Ada" }), TemplateError);
  assert.equal(template.execute({ Name: { first: "Ada" } }), "written before Ada");
});
