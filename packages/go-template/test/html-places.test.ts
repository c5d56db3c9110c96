import assert from "node:assert/strict";
import { test } from "node:test";
import { parseTemplate, sprigFunctions as functions, Struct } from "@ostiary/go-template";

const fields = new Struct({ To: "joe+tag@example.org", Code: "123456", URL: "https://id.example.org/?a=b&c=d", Evil: "a&admin=1#x", Words: `"it's" </script> <b>`, N: 7, Yes: true, None: null, List: ["a", 1] });
const render = (source: string) => parseTemplate(source, { html: true, functions }).execute(fields);
const to = "joe%2btag%40example.org";

/** What stands where, and what becomes of it; marked where Go's html/template says another thing. */
const places: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  "in the query and the fragment of a link values are encoded, whatever has led there": [
    ['<a href="https://x/r?code={{ .Code }}&email={{ .To }}">', `<a href="https://x/r?code=123456&email=${to}">`],
    ['<a href="https://x/r?u={{ .URL }}">', '<a href="https://x/r?u=https%3a%2f%2fid.example.org%2f%3fa%3db%26c%3dd">'],
    ['<a href="https://x/r?{{ if .Yes }}t={{ .Evil }}{{ else }}n=1{{ end }}&e={{ .To }}">', `<a href="https://x/r?t=a%26admin%3d1%23x&e=${to}">`],
    ['<a href="https://x/r#{{ .To }}">', `<a href="https://x/r#${to}">`],
    // Go does not see that the query has begun within a value.
    ['<a href="{{ .URL }}&e={{ .To }}">', `<a href="https://id.example.org/?a=b&amp;c=d&e=${to}">`],
    ['<a href="{{ .URL }}">', '<a href="https://id.example.org/?a=b&amp;c=d">'],
    ['<a href="mailto:{{ .To }}?subject={{ .Words }}">', '<a href="mailto:joe+tag@example.org?subject=%22it%27s%22%20%3c%2fscript%3e%20%3cb%3e">'],
    ["<a href=https://x/?q={{ .To }}&z=1>", `<a href=https://x/?q=${to}&z=1>`],
    ["<a href='https://x/?q={{ .Words }}'>", "<a href='https://x/?q=%22it%27s%22%20%3c%2fscript%3e%20%3cb%3e'>"],
    ['<img src="https://x/{{ .Code }}.png?e={{ .To }}"><form action="/a?b={{ .To }}">', `<img src="https://x/123456.png?e=${to}"><form action="/a?b=${to}">`],
    ['<a data-href="https://x/?e={{ .To }}" xlink:href="https://x/?e={{ .To }}" data-image-url="https://x/?e={{ .To }}">', `<a data-href="https://x/?e=${to}" xlink:href="https://x/?e=${to}" data-image-url="https://x/?e=${to}">`],
    ['<a href="https://x/?a=1&amp;b={{ .To }}">', `<a href="https://x/?a=1&amp;b=${to}">`],
    ['<a href="app://in?e={{ .To }}">', `<a href="app://in?e=${to}">`],
  ],
  "what its template has escaped is not escaped again": [
    ['<a href="https://x/?e={{ .To | urlquery }}&f={{ urlquery .To }}">', `<a href="https://x/?e=${to}&f=${to}">`],
    ['<a href="https://x/{{ urlquery .URL }}">{{ urlquery .To }}', '<a href="https://x/https%3A%2F%2Fid.example.org%2F%3Fa%3Db%26c%3Dd">joe%2Btag%40example.org'],
    ['<p title="{{ .Words | html }}">{{ html .Words }}<a href="https://x/?w={{ "<" | html }}">', '<p title="&#34;it&#39;s&#34; &lt;/script&gt; &lt;b&gt;">&#34;it&#39;s&#34; &lt;/script&gt; &lt;b&gt;<a href="https://x/?w=%3c">'],
  ],
  "in the path of a link what is no part of a URL is encoded, and nothing twice": [
    ['<a href="https://x/{{ .To }}/y">', '<a href="https://x/joe+tag@example.org/y">'],
    ['<a href="https://x/&#35;/{{ .Words }}">', '<a href="https://x/&#35;/%22it%27s%22%20%3c/script%3e%20%3cb%3e">'],
    ['<a href="https://x/{{ "a%20b c%" }}">', '<a href="https://x/a%20b%20c%25">'],
    ['<a href="java{{ "script:alert(1)" }}"><a href="{{ "javascript:alert(1)" }}"><a href=" {{ "vbscript:x" }}">', '<a href="java#unsafe"><a href="#unsafe"><a href=" #unsafe">'],
  ],
  "lists of images and styles have links in them": [
    ['<img srcset="https://x/1.png?e={{ .To }} 1x, https://x/2.png?e={{ "a, b" }} {{ .N }}x">', `<img srcset="https://x/1.png?e=${to} 1x, https://x/2.png?e=a%2c%20b 7x">`],
    ['<img srcset="{{ "javascript:x" }} 1x">', '<img srcset="#unsafe 1x">'],
    ['<td style="background:url(https://x/bg.png?e={{ .To }});color:{{ "#fff" }}">', `<td style="background:url(https://x/bg.png?e=${to});color:#fff">`],
    ['<td style="{{ "color:red" }};width:{{ "10% !important" }};top:{{ "1px;left:2px" }};x:{{ "ex pression" }}">', '<td style="color:red;width:10% !important;top:#unsafe;x:#unsafe">'],
    [`<td style="background:url('{{ .URL }}')">`, `<td style="background:url('https://id.example.org/?a=b&amp;c=d')">`],
    ['<td style="width:{{ "expression(1)" }};font-family:\'{{ .Words }}\'">', "<td style=\"width:#unsafe;font-family:'\\22 it\\27 s\\22  \\3c \\2f script\\3e  \\3c b\\3e '\">"],
    ["<style>p { color: {{ `red` }}; background: url(https://x/?e={{ .To }}) }</style>{{ .Words }}", `<style>p { color: red; background: url(https://x/?e=${to}) }</style>&#34;it&#39;s&#34; &lt;/script&gt; &lt;b&gt;`],
  ],
  "in programs values are literals, or parts of one": [
    ["<script>var a = {{ .Words }}, b = '{{ .Words }}', c = {{ .N }}, d = {{ .List }};</script>", String.raw`<script>var a = "\"it\u0027s\" \u003c/script\u003e \u003cb\u003e", b = '\"it\u0027s\" \u003c\u002fscript\u003e \u003cb\u003e', c = 7, d = ["a",1];</script>`],
    ['<script type="application/ld+json">{"url": "{{ .URL }}"}</script>', String.raw`<script type="application/ld+json">{"url": "https:\u002f\u002fid.example.org\u002f?a=b\u0026c=d"}</script>`],
    ['<a onclick="go({{ .Code }}, \'{{ "\'" }}\')">', '<a onclick="go(&#34;123456&#34;, \'\\u0027\')">'],
    ["<script>/* {{ `*/ x` }} */ // {{ \"\\n\" }}</script>", "<script>/* \\u002a\\u002f x */ // \\n</script>"],
  ],
  "what only Outlook reads is markup, and other comments end where they end": [
    ['<!--[if mso]><v:roundrect href="https://x/r?code={{ .Code }}&e={{ .To }}"><![endif]--><a href="https://x/?e={{ .To }}">', `<!--[if mso]><v:roundrect href="https://x/r?code=123456&e=${to}"><![endif]--><a href="https://x/?e=${to}">`],
    ["<!--[if !mso]><!--><b>{{ .Words }}</b><!--<![endif]--><i>{{ .N }}</i>", "<!--[if !mso]><!--><b>&#34;it&#39;s&#34; &lt;/script&gt; &lt;b&gt;</b><!--<![endif]--><i>7</i>"],
    ["<!--[if gte mso 9]><xml>{{ `--><script>` }}</xml><![endif]-->", "<!--[if gte mso 9]><xml>&#45;&#45;&gt;&lt;script&gt;</xml><![endif]-->"],
    ["<!--[if mso]><b class={{ `--` }}>{{ `-` }}-></b><![endif]-->{{ `-` }}", "<!--[if mso]><b class=&#45;&#45;>&#45;-></b><![endif]-->-"],
    ["<!-- for {{ .To }} {{ `-->` }} --><p>{{ .N }}", "<!-- for joe+tag@example.org &#45;&#45;&gt; --><p>7"],
  ],
  "attributes without quotes, with conditions, and parts of names": [
    ["<p class={{ `a onclick=b` }} title={{ .None }} id={{ .N }}>", '<p class=a&#32;onclick&#61;b title="" id=7>'],
    ['<a {{ if .Yes }}href="https://x/?e={{ .To }}"{{ else }}name="x"{{ end }} title="{{ .Words }}">', `<a href="https://x/?e=${to}" title="&#34;it&#39;s&#34; &lt;/script&gt; &lt;b&gt;">`],
    ['<a{{ if .Yes }} href="{{ .URL }}"{{ end }}><input {{ "checked" }}><h{{ 3 }}>{{ .Words }}', '<a href="https://id.example.org/?a=b&amp;c=d"><input checked><h3>&#34;it&#39;s&#34; &lt;/script&gt; &lt;b&gt;'],
    ['<iframe srcdoc="{{ .Words }}">', '<iframe srcdoc="&amp;#34;it&amp;#39;s&amp;#34; &amp;lt;/script&amp;gt; &amp;lt;b&amp;gt;">'],
    ["<{{ if .Yes }}script{{ end }}>{{ .Words }}</script>", '<script>"\\"it\\u0027s\\" \\u003c/script\\u003e \\u003cb\\u003e"</script>'],
  ],
};

for (const [title, cases] of Object.entries(places))
  test(title, () => {
    for (const [source, expected] of cases) assert.equal(render(source), expected, source);
  });
