import assert from "node:assert/strict";
import { test } from "node:test";
import { parseTemplate } from "@ostiary/go-template";

const write = (source: string, value: unknown): string => parseTemplate(source, { html: true }).execute({ V: value });
const bad = "javascript:alert(1)";

test("links are all attributes that browsers follow or load", () => {
  const elements: Readonly<Record<string, readonly string[]>> = {
    a: ["href", "data-href", "xlink:href"],
    area: ["href"],
    audio: ["src"],
    blockquote: ["cite"],
    body: ["background"],
    button: ["formaction"],
    embed: ["src"],
    form: ["action"],
    iframe: ["src", "longdesc"],
    img: ["src", "usemap", "data-src", "data-image-url"],
    input: ["src", "formaction"],
    link: ["href"],
    object: ["data", "classid", "codebase", "archive"],
    source: ["src"],
    video: ["poster", "src"],
    html: ["manifest", "xmlns", "xmlns:x"],
  };
  for (const [element, names] of Object.entries(elements))
    for (const name of names) {
      assert.equal(write(`<${element} ${name}="{{ .V }}">`, bad), `<${element} ${name}="#unsafe">`);
      assert.equal(
        write(`<${element.toUpperCase()} ${name.toUpperCase()}='{{ .V }}'>`, bad),
        `<${element.toUpperCase()} ${name.toUpperCase()}='#unsafe'>`,
      );
      assert.equal(write(`<${element} ${name}={{ .V }}>`, "https://x/?a=b"), `<${element} ${name}=https://x/?a&#61;b>`);
    }
});

test("a link leads to the web, to a mailbox or a telephone, or to somewhere near", () => {
  const kept = [
    "https://x/",
    "HTTP://x/",
    "mailto:a@x.org",
    "tel:+49",
    "//x/y",
    "/path",
    "path/to",
    "?a=b",
    "#top",
    "./a:b",
    "",
  ];
  for (const link of kept) assert.equal(write('<a href="{{ .V }}">', link), `<a href="${link}">`, link);
  const refused = [
    bad,
    "JAVASCRIPT:x",
    " javascript:x",
    "java\nscript:x",
    "java\tscript:x",
    "\u0001javascript:x",
    "vbscript:x",
    "data:text/html,x",
    "file:///etc",
    "ftp://x",
    "blob:x",
    "a:b",
    ":",
  ];
  for (const link of refused) assert.equal(write('<a href="{{ .V }}">', link), '<a href="#unsafe">', link);
});

test("programs are all attributes that begin with on", () => {
  for (const name of ["onclick", "onload", "ONERROR", "data-onclick", "x:onclick"])
    assert.equal(
      write(`<p ${name}="f({{ .V }})">`, "');alert(1)//"),
      `<p ${name}="f(&#34;\\u0027);alert(1)\\u002f\\u002f&#34;)">`,
      name,
    );
});

test("values of programs have their types", () => {
  const typed: readonly (readonly [value: unknown, literal: string])[] = [
    [1, "1"],
    [-1.5, "-1.5"],
    [true, "true"],
    [null, "null"],
    [undefined, "null"],
    ["a", '"a"'],
    [["a", 1], '["a",1]'],
    [{ a: { b: null } }, '{"a":{"b":null}}'],
    [new Date(0), '"1970-01-01T00:00:00.000Z"'],
  ];
  for (const [value, literal] of typed)
    assert.equal(write("<script>f({{ .V }})</script>", value), `<script>f(${literal})</script>`);
});

test("a style takes what cannot end its value", () => {
  const kept = [
    "red",
    "#fff",
    "12px",
    "1.5em",
    "50%",
    "bold italic",
    "Arial, sans-serif",
    "10% !important",
    "-1px",
    "",
  ];
  for (const value of kept) assert.equal(write('<p style="x: {{ .V }}">', value), `<p style="x: ${value}">`, value);
  const refused = [
    "red; y: z",
    "a{b}",
    "url(x)",
    "/**/",
    "a\\62",
    "<b>",
    "'a'",
    '"a"',
    "`",
    "expression(1)",
    "ex/**/pression",
    "@import",
    "-mozbinding: x",
    "a--b",
  ];
  for (const value of refused) assert.equal(write('<p style="x: {{ .V }}">', value), '<p style="x: #unsafe">', value);
  assert.equal(
    write("<p style=\"x: url('{{ .V }}'); y: url({{ .V }})\">", bad),
    "<p style=\"x: url('#unsafe'); y: url(#unsafe)\">",
  );
  assert.equal(
    write("<style>a::before { content: '{{ .V }}' }</style>", "'; } </style>"),
    "<style>a::before { content: '\\27 \\3b  \\7d  \\3c \\2f style\\3e ' }</style>",
  );
});

test("each address of a list of images is a link", () => {
  assert.equal(write('<img srcset="{{ .V }} 2x, /b.png {{ .V }}x">', "3"), '<img srcset="3 2x, /b.png 3x">');
  assert.equal(write('<img srcset="/a.png 1x, {{ .V }} 2x">', bad), '<img srcset="/a.png 1x, #unsafe 2x">');
  assert.equal(
    write('<img srcset="{{ .V }}">', "/a.png 1x, javascript:x"),
    '<img srcset="/a.png%201x%2c%20javascript:x">',
  );
  assert.equal(write('<link imagesrcset="/a.png {{ .V }}">', "1x, /b.png"), '<link imagesrcset="/a.png #unsafe">');
});

test("all other attributes take any text", () => {
  const text = `<b> & "it's" \`x\``;
  const escaped = "&lt;b&gt; &amp; &#34;it&#39;s&#34; &#96;x&#96;";
  for (const name of ["title", "alt", "value", "placeholder", "class", "id", "aria-label", "data-name", "x"]) {
    assert.equal(write(`<p ${name}="{{ .V }}">`, text), `<p ${name}="${escaped}">`);
    assert.equal(write(`<p ${name} = '{{ .V }}'>`, text), `<p ${name} = '${escaped}'>`);
    assert.equal(write(`<p ${name}={{ .V }}>`, text), `<p ${name}=${escaped.replaceAll(" ", "&#32;")}>`);
  }
});

test("a place is where browsers see it, however the page is written", () => {
  const places: readonly (readonly [source: string, written: string])[] = [
    ['<p\n  title="{{ .V }}"\n>{{ .V }}', '<p\n  title="&lt;"\n>&lt;'],
    ["<br/><input disabled value={{ .V }}>", "<br/><input disabled value=&lt;>"],
    ["<a href=\"x\" title='{{ .V }}'>", "<a href=\"x\" title='&lt;'>"],
    ["a < b {{ .V }} < c", "a < b &lt; < c"],
    ["<p>1 <2 {{ .V }}</p>", "<p>1 <2 &lt;</p>"],
    ['</p title="{{ .V }}">', '</p title="&lt;">'],
    ["<!-- <script> -->{{ .V }}", "<!-- <script> -->&lt;"],
    ["<script>//<p>\n</script>{{ .V }}", "<script>//<p>\n</script>&lt;"],
    ['<textarea><p title="</textarea>{{ .V }}', '<textarea><p title="</textarea>&lt;'],
    ["<SCRIPT>f({{ .V }})</SCRIPT>{{ .V }}", '<SCRIPT>f("\\u003c")</SCRIPT>&lt;'],
    [
      '<script type="text/javascript" async>f({{ .V }})</script >{{ .V }}',
      '<script type="text/javascript" async>f("\\u003c")</script >&lt;',
    ],
    ["<scripty>{{ .V }}</scripty>", "<scripty>&lt;</scripty>"],
    ["<svg><title>{{ .V }}</title></svg>", "<svg><title>&lt;</title></svg>"],
  ];
  for (const [source, written] of places) assert.equal(write(source, "<"), written, source);
});
