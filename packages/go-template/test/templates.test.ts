import assert from "node:assert/strict";
import { test } from "node:test";
import { expectFailing, expectUnreadable, expectWritten, failureOf, write } from "./support.ts";

test("define names a template, template writes it over a value", () => {
  expectWritten([
    ['{{ define "hi" }}Hi {{ . }}{{ end }}{{ template "hi" .Name }}', "Hi Ada"],
    ['{{ template "late" .Name }}{{ define "late" }}<{{ . }}>{{ end }}', "<Ada>"],
    ['{{ define "none" }}[{{ . }}]{{ end }}{{ template "none" }}', "[]"],
    ["{{ define `raw` }}x{{ end }}{{ template `raw` }}", "x"],
    ['{{ define "own" }}{{ $.a }}{{ end }}{{ template "own" .Map }}', "1"],
    [
      '{{ define "a" }}{{ template "b" . }}!{{ end }}{{ define "b" }}{{ . | upper }}{{ end }}{{ template "a" .Name }}',
      "ADA!",
    ],
    ['{{ define "up" }}{{ . }}{{ end }}{{ template "up" .Name | upper }}', "ADA"],
    ['{{ range .List }}{{ template "item" . }}{{ end }}{{ define "item" }}({{ . }}){{ end }}', "(a)(b)(c)"],
  ]);
});

test("block defines a template and writes it at once", () => {
  expectWritten([
    ['{{ block "b" .Name }}B:{{ . }}{{ end }}{{ template "b" .Age }}', "B:AdaB:36"],
    ['{{ if .Active }}{{ block "b" . }}in a branch{{ end }}{{ end }}', "in a branch"],
  ]);
});

test("a template is defined once, unless it was empty", () => {
  expectWritten([
    ['{{ define "x" }} {{ end }}{{ define "x" }}full{{ end }}{{ define "x" }}{{ end }}{{ template "x" }}', "full"],
  ]);
  expectUnreadable([
    ['{{ define "x" }}1{{ end }}{{ define "x" }}2{{ end }}', /the template "x" is defined twice/],
    ['{{ block "x" . }}1{{ end }}{{ define "x" }}2{{ end }}', /defined twice/],
    ['{{ if .Active }}{{ define "x" }}{{ end }}{{ end }}', /{{define}} stands within another block/],
    ["{{ define x }}{{ end }}", /the template's name is missing/],
    ['{{ define "x" }}', /{{end}} is missing/],
    ['{{ define "x" }}{{ else }}{{ end }}', /{{else}} belongs to nothing/],
    ["{{ template .Name }}", /the template's name is missing/],
  ]);
  expectFailing([
    ['{{ template "nosuch" }}', /there is no template "nosuch"/],
    ['{{ template "x" "a" "b" }}{{ define "x" }}{{ end }}', /what is no function cannot take arguments/],
  ]);
});

test("other templates can be called by their names, and what they define; one's own go before", () => {
  const templates = {
    footer: "-- {{ .Name }} --",
    parts: '{{ define "part" }}theirs{{ end }}{{ define "other" }}other{{ end }}',
  };
  assert.equal(
    write('{{ template "footer" . }}{{ template "other" }}{{ template "part" }}', { templates }),
    "-- Ada --othertheirs",
  );
  assert.equal(write('{{ define "part" }}mine{{ end }}{{ template "part" }}', { templates }), "mine");
});

test("what is wrong is told with the template where it stands", () => {
  const told = (source: string, templates: Record<string, string>) =>
    failureOf(() => void write(source, { name: "main", templates }), source).message;
  assert.equal(told("fine", { footer: "\n{{ nosuch }}" }), "footer:2: there is no function nosuch");
  assert.equal(
    told('\n{{ template "footer" . }}', { footer: "\n\n{{ .Name.x }}" }),
    "footer:3: a string has no field .x",
  );
  assert.equal(told('{{ template "footer" . }}\n{{ .Name.x }}', { footer: "" }), "main:2: a string has no field .x");
  assert.equal(
    told('{{ define "d" }}\n{{ .x }}{{ end }}\n{{ template "d" 1 }}', {}),
    "main:2: a number has no field .x",
  );
});

test("templates may call themselves, as deep as they may go", () => {
  const tree = {
    label: "a",
    children: [
      { label: "b", children: [] },
      { label: "c", children: [{ label: "d", children: [] }] },
    ],
  };
  const source =
    '{{ define "node" }}{{ .label }}({{ range .children }}{{ template "node" . }}{{ end }}){{ end }}{{ template "node" . }}';
  assert.equal(write(source, {}, tree), "a(b()c(d()))");
  expectFailing([['{{ define "x" }}{{ template "x" }}{{ end }}{{ template "x" }}', /without end/]]);
});
