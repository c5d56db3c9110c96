import assert from "node:assert/strict";
import { test } from "node:test";
import { parseTemplate, sprigFunctions as functions, Struct } from "@ostiary/go-template";
import { failureOf } from "./support.ts";

const recovery = new Struct({
  To: "ada@example.org",
  RecoveryURL: "https://id.example.org/self-service/recovery?flow=1&token=a%2Bb",
  RecoveryCode: "123456",
  ExpiresInMinutes: 15,
  Identity: {
    id: "i1",
    traits: { email: "ada@example.org", name: { first: "Ada <3", last: "" }, lang: "de" },
    metadata_public: null,
  },
  RequestURL: "https://shop.example.org/login?return_to=%2Fcart",
  TransientPayload: { shop: { name: "Byron & Co", items: ["a pen", "an engine"] } },
});

/** Lines as they stand in a file, with its last break. */
const lines = (...all: readonly string[]) => `${all.join("\n")}\n`;

test("a mail in plain text: blocks leave no empty lines behind", () => {
  const source = lines(
    "Hi {{ default .To .Identity.traits.name.first }},",
    "",
    "{{ if gt .ExpiresInMinutes 60 -}}",
    "your code for the day is {{ .RecoveryCode }}.",
    "{{- else -}}",
    'your code is {{ .RecoveryCode }}; it is valid for {{ .ExpiresInMinutes }} {{ plural "minute" "minutes" .ExpiresInMinutes }}.',
    "{{- end }}",
    "{{- with .TransientPayload.shop }}",
    "In your cart at {{ .name }}:",
    "{{- range $at, $item := .items }}",
    "  {{ add1 $at }}. {{ $item | title }}",
    "{{- end }}",
    "{{- end }}",
  );
  assert.equal(
    parseTemplate(source, { functions }).execute(recovery),
    lines(
      "Hi Ada <3,",
      "",
      "your code is 123456; it is valid for 15 minutes.",
      "In your cart at Byron & Co:",
      "  1. A Pen",
      "  2. An Engine",
    ),
  );
});

test("the same mail in HTML: what people have written stays text, and a link keeps its query", () => {
  const source = lines(
    "<!doctype html>",
    '<html lang="{{ .Identity.traits.lang }}"><head><title>{{ .RecoveryCode }} for {{ .Identity.traits.name.first }}</title></head>',
    '<body style="color: {{ "#333" }}">',
    '<p>Hi {{ .Identity.traits.name.first }}, go on <a href="{{ .RecoveryURL }}">here</a>',
    'or <a href="https://help.example.org/?about={{ .Identity.traits.name.first }}&amp;from={{ .RequestURL }}">ask</a>.</p>',
    "<!--[if mso]><p>{{ .TransientPayload.shop.name }}</p><![endif]-->",
    "</body></html>",
  );
  assert.equal(
    parseTemplate(source, { html: true, functions }).execute(recovery),
    lines(
      "<!doctype html>",
      '<html lang="de"><head><title>123456 for Ada &lt;3</title></head>',
      '<body style="color: #333">',
      '<p>Hi Ada &lt;3, go on <a href="https://id.example.org/self-service/recovery?flow=1&amp;token=a%2Bb">here</a>',
      'or <a href="https://help.example.org/?about=Ada%20%3c3&amp;from=https%3a%2f%2fshop.example.org%2flogin%3freturn_to%3d%252Fcart">ask</a>.</p>',
      "<!--[if mso]><p>Byron &amp; Co</p><![endif]-->",
      "</body></html>",
    ),
  );
});

test("one text in several languages, each in a template of its own", () => {
  const templates = {
    "subject.en": '{{ define "subject en" }}Your code: {{ . }}{{ end }}',
    "subject.de": '{{ define "subject de" }}Dein Code: {{ . }}{{ end }}',
  };
  const source =
    '{{ if eq .Identity.traits.lang "de" }}{{ template "subject de" .RecoveryCode }}{{ else }}{{ template "subject en" .RecoveryCode }}{{ end }}';
  const template = parseTemplate(source, { name: "subject", templates });
  assert.equal(template.execute(recovery), "Dein Code: 123456");
  assert.equal(template.execute({ Identity: { traits: { lang: "en" } }, RecoveryCode: "1" }), "Your code: 1");
});

test("a layout with blocks that a page fills in", () => {
  const layout = '<h1>{{ template "title" . }}</h1>{{ template "body" . }}{{ template "footer" . }}';
  const parts = '{{ define "footer" }}<hr>{{ .To }}{{ end }}{{ define "body" }}nothing to say{{ end }}';
  const page =
    '{{ define "title" }}Code {{ .RecoveryCode }}{{ end }}{{ define "body" }}<p>{{ .RecoveryCode }}</p>{{ end }}{{ template "layout" . }}';
  const written = parseTemplate(page, { html: true, templates: { layout, parts } }).execute(recovery);
  assert.equal(written, "<h1>Code 123456</h1><p>123456</p><hr>ada@example.org");
});

test("a table is made of what somebody sent along", () => {
  const source =
    '{{ range $key, $value := .TransientPayload.shop }}{{ printf "%-8s" $key }}{{ if kindIs "slice" $value }}{{ join ", " $value }}{{ else }}{{ $value }}{{ end }}\n{{ end }}';
  assert.equal(
    parseTemplate(source, { functions }).execute(recovery),
    "items   a pen, an engine\nname    Byron & Co\n",
  );
});

test("a mistake is found before anybody waits for the mail, or told with its place", () => {
  const told = (source: string) =>
    failureOf(() => void parseTemplate(source, { name: "body", functions }).execute(recovery), source).message;
  assert.equal(
    told("Hi,\n{{ .RecoveryCde }}"),
    "body:2: there is no field .RecoveryCde; there are: .To, .RecoveryURL, .RecoveryCode, .ExpiresInMinutes, .Identity, .RequestURL, .TransientPayload",
  );
  assert.equal(told("Hi,\n\n{{ uper .To }}"), "body:3: there is no function uper");
  assert.equal(told("{{ if .To }}Hi"), "body:1: {{end}} is missing");
  assert.equal(
    told("Hi\n{{ index .TransientPayload.shop.items 7 }}"),
    "body:2: there is nothing at 7: the length is 2",
  );
});

test("what a stranger sends is data, whatever it looks like", () => {
  for (const text of ["{{ .Secret }}", "{{ define `x` }}{{ end }}", "%s%n", "{{/*", "}}"])
    assert.equal(parseTemplate("[{{ .Text }}]").execute({ Text: text, Secret: "s3cret" }), `[${text}]`);
});
