import assert from "node:assert/strict";
import { test } from "node:test";
import { escapeHtml, parseTemplate, sprigFunctions as functions, Struct } from "@ostiary/go-template";

const fields = new Struct({
  To: "joe+tag@example.org",
  Code: "123456",
  URL: "https://id.example.org/?a=b&c=d",
  Evil: "a&admin=1#x",
  Words: `"it's" </script> <b>`,
  N: 7,
  Yes: true,
  None: null,
  List: ["a", 1],
});
const render = (source: string) => parseTemplate(source, { html: true, functions }).execute(fields);
const to = "joe%2btag%40example.org";

/** What stands where, and what becomes of it; marked where Go's html/template says another thing. */
const places: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  "in the query and the fragment of a link values are encoded, whatever has led there": [
    ['<a href="https://x/r?code={{ .Code }}&email={{ .To }}">', `<a href="https://x/r?code=123456&email=${to}">`],
    ['<a href="https://x/r?u={{ .URL }}">', '<a href="https://x/r?u=https%3a%2f%2fid.example.org%2f%3fa%3db%26c%3dd">'],
    [
      '<a href="https://x/r?{{ if .Yes }}t={{ .Evil }}{{ else }}n=1{{ end }}&e={{ .To }}">',
      `<a href="https://x/r?t=a%26admin%3d1%23x&e=${to}">`,
    ],
    ['<a href="https://x/r#{{ .To }}">', `<a href="https://x/r#${to}">`],
    // Signs mean what they mean however they are written.
    [
      '<a href="https://x/r&#35;{{ .To }}"><a href="https://x/r&quest;a={{ .Evil }}">',
      `<a href="https://x/r&#35;${to}"><a href="https://x/r&quest;a=a%26admin%3d1%23x">`,
    ],
    // Go does not see that the query has begun within a value.
    ['<a href="{{ .URL }}&e={{ .To }}">', `<a href="https://id.example.org/?a=b&amp;c=d&e=${to}">`],
    ['<a href="{{ .URL }}">', '<a href="https://id.example.org/?a=b&amp;c=d">'],
    [
      '<a href="mailto:{{ .To }}?subject={{ .Words }}">',
      '<a href="mailto:joe+tag@example.org?subject=%22it%27s%22%20%3c%2fscript%3e%20%3cb%3e">',
    ],
    ["<a href=https://x/?q={{ .To }}&z=1>", `<a href=https://x/?q=${to}&z=1>`],
    ["<a href='https://x/?q={{ .Words }}'>", "<a href='https://x/?q=%22it%27s%22%20%3c%2fscript%3e%20%3cb%3e'>"],
    [
      '<img src="https://x/{{ .Code }}.png?e={{ .To }}"><form action="/a?b={{ .To }}">',
      `<img src="https://x/123456.png?e=${to}"><form action="/a?b=${to}">`,
    ],
    [
      '<a data-href="https://x/?e={{ .To }}" xlink:href="https://x/?e={{ .To }}" data-image-url="https://x/?e={{ .To }}">',
      `<a data-href="https://x/?e=${to}" xlink:href="https://x/?e=${to}" data-image-url="https://x/?e=${to}">`,
    ],
    ['<a href="https://x/?a=1&amp;b={{ .To }}">', `<a href="https://x/?a=1&amp;b=${to}">`],
    ['<a href="app://in?e={{ .To }}">', `<a href="app://in?e=${to}">`],
  ],
  "what its template has escaped is not escaped again": [
    ['<a href="https://x/?e={{ .To | urlquery }}&f={{ urlquery .To }}">', `<a href="https://x/?e=${to}&f=${to}">`],
    [
      '<a href="https://x/{{ urlquery .URL }}">{{ urlquery .To }}',
      '<a href="https://x/https%3A%2F%2Fid.example.org%2F%3Fa%3Db%26c%3Dd">joe%2Btag%40example.org',
    ],
    [
      '<p title="{{ .Words | html }}">{{ html .Words }}<a href="https://x/?w={{ "<" | html }}">',
      '<p title="&#34;it&#39;s&#34; &lt;/script&gt; &lt;b&gt;">&#34;it&#39;s&#34; &lt;/script&gt; &lt;b&gt;<a href="https://x/?w=%3c">',
    ],
  ],
  "in the path of a link what is no part of a URL is encoded, and nothing twice": [
    ['<a href="https://x/{{ .To }}/y">', '<a href="https://x/joe+tag@example.org/y">'],
    ['<a href="https://x/a/{{ .Words }}">', '<a href="https://x/a/%22it%27s%22%20%3c/script%3e%20%3cb%3e">'],
    ['<a href="https://x/{{ "a%20b c%" }}">', '<a href="https://x/a%20b%20c%25">'],
    [
      '<a href="java{{ "script:alert(1)" }}"><a href="{{ "javascript:alert(1)" }}"><a href=" {{ "vbscript:x" }}">',
      '<a href="java#unsafe"><a href="#unsafe"><a href=" #unsafe">',
    ],
  ],
  "lists of images and styles have links in them": [
    [
      '<img srcset="https://x/1.png?e={{ .To }} 1x, https://x/2.png?e={{ "a, b" }} {{ .N }}x">',
      `<img srcset="https://x/1.png?e=${to} 1x, https://x/2.png?e=a%2c%20b 7x">`,
    ],
    ['<img srcset="{{ "javascript:x" }} 1x">', '<img srcset="#unsafe 1x">'],
    [
      '<td style="background:url(https://x/bg.png?e={{ .To }});color:{{ "#fff" }}">',
      `<td style="background:url(https://x/bg.png?e=${to});color:#fff">`,
    ],
    [
      '<td style="{{ "color:red" }};width:{{ "10% !important" }};top:{{ "1px;left:2px" }};x:{{ "ex pression" }}">',
      '<td style="color:red;width:10% !important;top:#unsafe;x:#unsafe">',
    ],
    [`<td style="background:url('{{ .URL }}')">`, `<td style="background:url('https://id.example.org/?a=b&amp;c=d')">`],
    [
      '<td style="width:{{ "expression(1)" }};font-family:\'{{ .Words }}\'">',
      "<td style=\"width:#unsafe;font-family:'\\22 it\\27 s\\22  \\3c \\2f script\\3e  \\3c b\\3e '\">",
    ],
    [
      "<style>p { color: {{ `red` }}; background: url(https://x/?e={{ .To }}) }</style>{{ .Words }}",
      `<style>p { color: red; background: url(https://x/?e=${to}) }</style>&#34;it&#39;s&#34; &lt;/script&gt; &lt;b&gt;`,
    ],
  ],
  "in programs values are literals, or parts of one": [
    [
      "<script>var a = {{ .Words }}, b = '{{ .Words }}', c = {{ .N }}, d = {{ .List }};</script>",
      String.raw`<script>var a = "\"it\u0027s\" \u003c\u002fscript\u003e \u003cb\u003e", b = '\"it\u0027s\" \u003c\u002fscript\u003e \u003cb\u003e', c = 7, d = ["a",1];</script>`,
    ],
    [
      '<script type="application/ld+json">{"url": "{{ .URL }}"}</script>',
      String.raw`<script type="application/ld+json">{"url": "https:\u002f\u002fid.example.org\u002f?a=b\u0026c=d"}</script>`,
    ],
    ['<a onclick="go({{ .Code }}, \'{{ "\'" }}\')">', "<a onclick=\"go(&#34;123456&#34;, '\\u0027')\">"],
    ['<script>/* {{ `*/ x` }} */ // {{ "\\n" }}</script>', "<script>/* \\u002a\\u002f x */ // \\n</script>"],
  ],
  "what only Outlook reads is markup, and other comments end where they end": [
    [
      '<!--[if mso]><v:roundrect href="https://x/r?code={{ .Code }}&e={{ .To }}"><![endif]--><a href="https://x/?e={{ .To }}">',
      `<!--[if mso]><v:roundrect href="https://x/r?code=123456&e=${to}"><![endif]--><a href="https://x/?e=${to}">`,
    ],
    [
      "<!--[if !mso]><!--><b>{{ .Words }}</b><!--<![endif]--><i>{{ .N }}</i>",
      "<!--[if !mso]><!--><b>&#34;it&#39;s&#34; &lt;/script&gt; &lt;b&gt;</b><!--<![endif]--><i>7</i>",
    ],
    [
      "<!--[if gte mso 9]><xml>{{ `--><script>` }}</xml><![endif]-->",
      "<!--[if gte mso 9]><xml>&#45;&#45;&gt;&lt;script&gt;</xml><![endif]-->",
    ],
    [
      "<!--[if mso]><b class={{ `--` }}>{{ `-` }}-></b><![endif]-->{{ `-` }}",
      "<!--[if mso]><b class=&#45;&#45;>&#45;-></b><![endif]-->-",
    ],
    ["<!-- for {{ .To }} {{ `-->` }} --><p>{{ .N }}", "<!-- for joe+tag@example.org &#45;&#45;&gt; --><p>7"],
  ],
  "attributes without quotes, with conditions, and parts of names": [
    ["<p class={{ `a onclick=b` }} title={{ .None }} id={{ .N }}>", '<p class=a&#32;onclick&#61;b title="" id=7>'],
    [
      '<a {{ if .Yes }}href="https://x/?e={{ .To }}"{{ else }}name="x"{{ end }} title="{{ .Words }}">',
      `<a href="https://x/?e=${to}" title="&#34;it&#39;s&#34; &lt;/script&gt; &lt;b&gt;">`,
    ],
    [
      '<a{{ if .Yes }} href="{{ .URL }}"{{ end }}><input {{ "checked" }}><h{{ 3 }}>{{ .Words }}',
      '<a href="https://id.example.org/?a=b&amp;c=d"><input checked><h3>&#34;it&#39;s&#34; &lt;/script&gt; &lt;b&gt;',
    ],
    [
      '<iframe srcdoc="{{ .Words }}">',
      '<iframe srcdoc="&amp;#34;it&amp;#39;s&amp;#34; &amp;lt;/script&amp;gt; &amp;lt;b&amp;gt;">',
    ],
    [
      "<{{ if .Yes }}script{{ end }}>{{ .Words }}</script>",
      '<script>"\\"it\\u0027s\\" \\u003c\\u002fscript\\u003e \\u003cb\\u003e"</script>',
    ],
  ],
};

/** What has been tried to get a program of one's own to run: none of these values may end its literal, its attribute or its element. */
const attacks: readonly (readonly [source: string, values: Readonly<Record<string, unknown>>, written: string])[] = [
  // A quote of one value is none to the next.
  [
    '<a onclick="f({{ .A }}, {{ .B }})">',
    { A: "'", B: "alert(1)" },
    '<a onclick="f(&#34;\\u0027&#34;, &#34;alert(1)&#34;)">',
  ],
  [
    "<script>f({{ .A }}, '{{ .B }}')</script>",
    { A: "'", B: "'); alert(1)//" },
    "<script>f(\"\\u0027\", '\\u0027); alert(1)\\u002f\\u002f')</script>",
  ],
  // Quotes of an attribute's program are quotes however they are written.
  [
    '<a onclick="f(&quot;{{ .A }}&quot;, &#39;{{ .A }}&#x27;)">',
    { A: "\"+alert(1)+'" },
    '<a onclick="f(&quot;\\&#34;+alert(1)+\\u0027&quot;, &#39;\\&#34;+alert(1)+\\u0027&#x27;)">',
  ],
  // A slash begins a pattern where nothing can be divided, and quotes in it are none.
  [
    "<script>x.replace(/'/g, ''); y = {{ .A }}</script>",
    { A: "alert(1)" },
    "<script>x.replace(/'/g, ''); y = \"alert(1)\"</script>",
  ],
  [
    "<script>if (/[/'\"]/.test(x)) f({{ .A }}); return /\\/'/.test({{ .A }})</script>",
    { A: "a" },
    '<script>if (/[/\'"]/.test(x)) f("a"); return /\\/\'/.test("a")</script>',
  ],
  [
    "<script>x = a / b; y = c++ / d; z = (e) / '{{ .A }}'</script>",
    { A: "'" },
    "<script>x = a / b; y = c++ / d; z = (e) / '\\u0027'</script>",
  ],
  [
    "<script>x = /{{ .A }}/</script>",
    { A: "/; alert(1) // [(" },
    "<script>x = /\\u002f; alert\\u00281\\u0029 \\u002f\\u002f \\u005b\\u0028/</script>",
  ],
  [
    "<script>/* it's {{ .A }} */ y = {{ .A }} // it's {{ .A }}\nz = {{ .A }}</script>",
    { A: "*/ alert(1)" },
    '<script>/* it\'s \\u002a\\u002f alert(1) */ y = "*\\u002f alert(1)" // it\'s \\u002a\\u002f alert(1)\nz = "*\\u002f alert(1)"</script>',
  ],
  [
    "<script>x = {{ .A }}</script>",
    { A: { a: "</script><script>alert(1)" } },
    '<script>x = {"a":"\\u003c\\u002fscript\\u003e\\u003cscript\\u003ealert(1)"}</script>',
  ],
  ["<script>x = {{ .A }}, y = {{ .B }}</script>", { A: null, B: true }, "<script>x = null, y = true</script>"],
  // A style goes on where its value was refused.
  [
    '<p style="color: {{ .A }}; width: {{ .B }}">',
    { A: '"', B: "1px; position: fixed" },
    '<p style="color: #unsafe; width: #unsafe">',
  ],
  ["<style>p { color: {{ .A }} }</style>", { A: "red } </style><script>" }, "<style>p { color: #unsafe }</style>"],
  // Where a page goes to by itself.
  [
    '<meta http-equiv="refresh" content="0; url={{ .A }}"><meta http-equiv="refresh" content="{{ .B }}">',
    { A: "javascript:alert(1)", B: "0;url=javascript:alert(1)" },
    '<meta http-equiv="refresh" content="0; url=#unsafe"><meta http-equiv="refresh" content="#unsafe">',
  ],
  [
    '<meta name="description" content="{{ .A }}">',
    { A: "Ada & Bob; javascript: no" },
    '<meta name="description" content="Ada &amp; Bob; javascript: no">',
  ],
  [
    '<a href="java{{ .A }}"><a href="{{ .B }}{{ .A }}"><a href="{{ .C }}">',
    { A: "script:alert(1)", B: "java", C: "&#106;avascript:alert(1)" },
    '<a href="java#unsafe"><a href="java#unsafe"><a href="&amp;#106;avascript:alert%281%29">',
  ],
  [
    '<svg><a xlink:href="{{ .A }}"><object data="{{ .A }}"><form action="{{ .A }}">',
    { A: " JavaScript:alert(1)" },
    '<svg><a xlink:href="#unsafe"><object data="#unsafe"><form action="#unsafe">',
  ],
  [
    "<title>{{ .A }}</title><textarea>{{ .A }}</textarea>",
    { A: "</title></textarea><script>" },
    "<title>&lt;/title&gt;&lt;/textarea&gt;&lt;script&gt;</title><textarea>&lt;/title&gt;&lt;/textarea&gt;&lt;script&gt;</textarea>",
  ],
  ["<!-- {{ .A }} -->", { A: "--><script>" }, "<!-- &#45;&#45;&gt;&lt;script&gt; -->"],
  [
    "<p title={{ .A }} class={{ .B }}>",
    { A: "a onclick=alert(1)", B: "" },
    '<p title=a&#32;onclick&#61;alert(1) class="">',
  ],
];

test("no value becomes a program", () => {
  for (const [source, values, written] of attacks)
    assert.equal(parseTemplate(source, { html: true }).execute(values), written, source);
});

test("where no value is safe, none is written", () => {
  const sources = [
    "<script>x = `{{ .To }}`</script>",
    "<{{ .To }}>",
    "<p {{ .To }}>",
    '<p {{ "onclick" }}="x">',
    '<p on{{ "click" }}="x">',
    '<scr{{ "ipt" }}>',
    '<a {{ "href" }}="x">',
    '<p {{ "style" }}="x">',
  ];
  for (const source of sources)
    assert.throws(() => render(source), { name: "TemplateError", problem: /cannot stand/ }, source);
});

test("text is escaped, and what templates call is as well", () => {
  assert.equal(
    render('{{ define "x" }}<a href="/?q={{ . }}">{{ end }}{{ template "x" .Words }}<p>{{ .Words | upper }}'),
    '<a href="/?q=%22it%27s%22%20%3c%2fscript%3e%20%3cb%3e"><p>&#34;IT&#39;S&#34; &lt;/SCRIPT&gt; &lt;B&gt;',
  );
  assert.equal(
    render("{{ range .List }}<li>{{ . }}</li>{{ end }}{{ if .Yes }}<b>{{ else }}<i>{{ end }}{{ .None }}"),
    "<li>a</li><li>1</li><b>",
  );
  assert.equal(escapeHtml("<a b='c'>\"&`\0"), "&lt;a b=&#39;c&#39;&gt;&#34;&amp;&#96;\uFFFD");
});

for (const [title, cases] of Object.entries(places))
  test(title, () => {
    for (const [source, expected] of cases) assert.equal(render(source), expected, source);
  });
