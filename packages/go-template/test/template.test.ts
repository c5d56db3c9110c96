import assert from "node:assert/strict";
import { test } from "node:test";
import { parseTemplate, sprigFunctions as functions, Struct } from "@ostiary/go-template";

const fields = new Struct({
  To: "anna@example.org",
  Identity: { traits: { name: { first: "Zoë <b>" }, tags: ["x", "y"], empty: [] } },
  N: 3,
  At: new Date("2024-02-03T16:05:06.789Z"),
  URL: "https://id.example.org/?a=b&c=d",
  Nothing: null,
});
const render = (source: string, html = false) => parseTemplate(source, { name: "t", html, functions }).execute(fields);

const rendered: readonly (readonly [string, string])[] = [
  ["Hi {{ .To }}", "Hi anna@example.org"],
  ["{{- /* a comment */ -}} a {{- 1 -}} b", "a1b"],
  ["a\n{{- if true }}\n  b\n{{- end }}\nc", "a\n  b\nc"],
  ["{{ if eq .N 3 }}three{{ else if eq .N 4 }}four{{ else }}no{{ end }}", "three"],
  ["{{ if eq .N 1 2 3 }}some{{ end }}{{ if and (gt .N 2) (lt .N 4) (ne .N 5) (ge .N 3) (le .N 3) }} all{{ end }}", "some all"],
  ["{{ range $i, $t := .Identity.traits.tags }}{{ $i }}={{ $t }},{{ end }}", "0=x,1=y,"],
  ["{{ range .Identity.traits.empty }}x{{ else }}none{{ end }}", "none"],
  ['{{ range .Identity.traits.tags }}{{ if eq . "x" }}{{ continue }}{{ end }}{{ . }}{{ break }}{{ end }}', "y"],
  ["{{ range 3 }}{{ . }}{{ end }}", "012"],
  ["{{ with .Identity.traits.name }}{{ .first }} {{ $.To }}{{ end }}", "Zoë <b> anna@example.org"],
  ["{{ with .Nothing }}x{{ else with .N }}{{ . }}{{ end }}", "3"],
  ['{{ define "x" }}[{{ . }}]{{ end }}{{ template "x" .To }}{{ block "y" .N }}<{{ . }}>{{ end }}', "[anna@example.org]<3>"],
  ["{{ $x := 1 }}{{ if true }}{{ $x = 2 }}{{ $y := 3 }}{{ end }}{{ $x }}", "2"],
  ['{{ .Identity.traits.name.first | upper | printf "%q" }}', '"ZOË <B>"'],
  ['{{ printf "%05d|%-5s|%.2f|%v|%s|%t|%x|%%" 42 "ab" 3.14159 .Identity.traits.tags "s" true 255 }}', "00042|ab   |3.14|[x y]|s|true|ff|%"],
  ['{{ printf "%06s|%-06s|%06v|%06t|%06d|%06q" "ab" "ab" "-a" true -42 "a" }}', '0000ab|ab    |0000-a|00true|-00042|000"a"'],
  ['{{ .At.Format "Mon, 02 Jan 2006 15:04:05.000 -0700" }}', "Sat, 03 Feb 2024 16:05:06.789 +0000"],
  ['{{ date "2.1.06 3:04 PM" .At }} {{ dateInZone "15:04 -07:00" .At "Europe/Berlin" }}', "3.2.24 4:05 PM 17:05 +01:00"],
  ['{{ .Identity.traits.missing.deep }}|{{ default "friend" .Identity.traits.missing }}|{{ .Identity.constructor }}', "|friend|"],
  ["{{ (index .Identity.traits.tags 1) | title }} {{ len .Identity.traits.tags }} {{ not true }} {{ slice .To 0 4 }}", "Y 2 false anna"],
  ['{{ index .Identity.traits "name" "first" }}{{ and 1 0 }}{{ or 0 "x" }}', "Zoë <b>0x"],
  ["{{ `raw\\n` }}{{ 0x10 }}{{ 1_000 }}{{ -3 }}{{ 1.5 }}{{ \"\\u00e4\\t\" }}", "raw\\n161000-31.5ä\t"],
  ['{{ trim " a " }}{{ replace "-" "+" "a-b" }}{{ trunc 3 "abcdef" }}{{ join "," (list 1 2) }}{{ split "@" .To | len }}{{ (split "@" .To)._1 }}', "aa+babc1,22example.org"],
  ['{{ ternary "y" "n" true }}{{ coalesce "" .Nothing "z" }}{{ empty .Nothing }}{{ dict "a" 1 | toJson }}{{ add 1 2 }}{{ plural "code" "codes" 2 }}', 'yztrue{"a":1}3codes'],
  ['{{ contains "ann" .To }}{{ hasPrefix "bob" .To }}{{ has "x" .Identity.traits.tags }}{{ dig "traits" "name" "first" "?" .Identity }}', "truefalsetrueZoë <b>"],
  ['{{ urlquery "a b&c" }} {{ print 1 2 "a" "b" 3 }} {{ "x" | html }}', "a+b%26c 1 2a b3 x".replace("a b3", "ab3")],
  ['{{ regexFindAll "[0-9]" "a1b2c3" 2 }}{{ regexFindAll "x" "abc" -1 }}{{ regexSplit "z+" "pizza" -1 }}{{ regexSplit "," "a,b,c" 2 }}{{ regexSplit "" "ab" -1 }}', "[1 2][][pi a][a b,c][a b]"],
  ['{{ regexReplaceAllLiteral "a(x*)b" "-ab-axxb-" "${1}\\\\" }}', "-${1}\\-${1}\\-"],
  ['{{ dateModify "-1h30m" .At | date "15:04" }} {{ date_modify "24h" .At | htmlDate }} {{ duration 3723 }} {{ ago (now) }}', "14:35 2024-02-04 1h2m3s 0s"],
  ['{{ chunk 2 (list 1 2 3) }}{{ (deepCopy .Identity.traits.name).first }}{{ mustToJson (list 1) }}{{ toRawJson (dict "a" "<") }}{{ typeOf 1 }} {{ typeOf .Nothing }} {{ typeOf .Identity }}', '[[1 2] [3]]Zoë <b>[1]{"a":"<"}int <nil> map[string]interface {}'],
  ['{{ $u := urlParse "https://me:pw@id.example.org:8443/a%20b?x=1#y" }}{{ $u.scheme }} {{ $u.host }} {{ $u.hostname }} {{ $u.path }} {{ $u.query }} {{ $u.fragment }} {{ $u.userinfo }} {{ urlJoin $u }}', "https id.example.org:8443 id.example.org /a b x=1 y me:pw https://me:pw@id.example.org:8443/a%20b?x=1#y"],
];

test("templates of Go mean what they mean in Go", () => {
  for (const [source, expected] of rendered) assert.equal(render(source), expected, source);
});

const safe: readonly (readonly [string, string])[] = [
  ["<p>{{ .Identity.traits.name.first }}</p>", "<p>Zoë &lt;b&gt;</p>"],
  [`<a href="{{ .URL }}" title='{{ "it''s" }}'>`.replace("it''s", "it's"), `<a href="https://id.example.org/?a=b&amp;c=d" title='it&#39;s'>`],
  ['<a href="{{ "javascript:alert(1)" }}">', '<a href="#unsafe">'],
  ['<a href="{{ " java\\tscript:alert(1)" }}">', '<a href="#unsafe">'],
  ['<a href="https://x/{{ "javascript:1" }}">', '<a href="https://x/javascript:1">'],
  ['<a href=https://x/?q={{ "a b" }}>', "<a href=https://x/?q=a%20b>"],
  ['<p class={{ "a onclick=b" }}>', "<p class=a&#32;onclick&#61;b>"],
  ['<p style="color:{{ "red" }};width:{{ "expression(1)" }}">', '<p style="color:red;width:#unsafe">'],
  ["<title>{{ .Identity.traits.name.first }}</title>", "<title>Zoë &lt;b&gt;</title>"],
  ["{{ if true }}<b>{{ else }}<i>{{ end }}{{ .To | html }}", "<b>anna@example.org"],
];

test("values in HTML are escaped for the place where they stand", () => {
  for (const [source, expected] of safe) assert.equal(render(source, true), expected, source);
});

const refused: readonly (readonly [string, RegExp])[] = [
  ["\n{{ .Nope }}", / t:2: there is no field \.Nope; there are: \.To/],
  ["{{ nope . }}", /no function nope/],
  ["{{ constructor }}", /no function constructor/],
  ["{{ env `HOME` }}", /no function env/],
  ["{{ if }}", /a value is missing/],
  ["{{ .To ", /not closed/],
  ["{{ end }}", /ends nothing/],
  ["{{ if true }}", /\{\{end\}\} is missing/],
  ["{{ .To.Length }}", /has no field/],
  ["{{ $x }}", /no variable/],
  ["{{ template `x` }}", /no template/],
  ["{{ break }}", /outside of/],
  ["{{ .To | .N }}", /cannot take arguments/],
  ["{{ lt 1 `a` }}", /have an order/],
  ["{{ index .Identity.traits.tags 5 }}", /nothing at 5/],
  ["{{ define `r` }}{{ template `r` }}{{ end }}{{ template `r` }}", /without end/],
  ["{{ range until 5000 }}{{ range until 5000 }}{{ end }}{{ end }}", /steps/],
  ["{{ range until 5000 }}{{ repeat 1000 `x` }}{{ end }}", /characters/],
  [`${"{{ if true }}".repeat(500)}`, /within each other|missing/],
  [`{{ ${"(".repeat(500)} }}`, /within each other/],
];

test("what is no template is refused, with its place", () => {
  for (const [source, expected] of refused) {
    assert.throws(() => render(source), expected, source);
    assert.throws(() => render(source), /TemplateError: t:\d+: /);
  }
  for (const source of ["<script>`{{ .To }}`</script>", "<{{ .To }}>", "<p {{ .To }}>", '<p {{ "onclick" }}="x">', '<p on{{ "click" }}="x">', '<scr{{ "ipt" }}>'])
    assert.throws(() => render(source, true), /cannot stand/, source);
});
