import assert from "node:assert/strict";
import { test } from "node:test";
import { escapeHtml, parseTemplate, sprigFunctions } from "@ostiary/go-template";

const given = { Text: `<i>"it's" & more</i>`, Mail: "joe+tag@example.org", Link: "https://x/?a=b&c=d" };
const write = (source: string) => parseTemplate(source, { html: true, functions: sprigFunctions }).execute(given);
const asText = escapeHtml(given.Text);

test("in text html escapes no more than would be escaped anyway", () => {
  assert.equal(write("{{ .Text }}|{{ .Text | html }}|{{ html .Text }}"), `${asText}|${asText}|${asText}`);
  assert.equal(write('<p title="{{ html .Text }}">'), `<p title="${asText}">`);
});

test("elsewhere html counts for nothing: the place decides", () => {
  assert.equal(write("<script>f({{ .Text | html }})</script>"), write("<script>f({{ .Text }})</script>"));
  assert.equal(write('<a href="/?q={{ .Text | html }}">'), write('<a href="/?q={{ .Text }}">'));
  assert.equal(write('<p style="color: {{ "red;" | html }}">'), '<p style="color: #unsafe">');
});

test("urlquery is heard in the query of a link, and is text elsewhere", () => {
  assert.equal(write('<a href="/?q={{ .Mail | urlquery }}">'), '<a href="/?q=joe%2btag%40example.org">');
  assert.equal(write("{{ .Mail | urlquery }}"), "joe%2Btag%40example.org");
  assert.equal(write('<p title="{{ .Text | urlquery }}">'), '<p title="%3Ci%3E%22it%27s%22+%26+more%3C%2Fi%3E">');
});

test("what goes through another function is escaped as all else", () => {
  assert.equal(write("{{ .Text | html | upper }}"), escapeHtml(escapeHtml(given.Text).toUpperCase()));
  assert.equal(write('{{ printf "%s!" (html "<") }}'), "&amp;lt;!");
  assert.equal(write("{{ print (html `<`) }}"), "&amp;lt;");
  assert.equal(write("{{ $x := html `<` }}{{ $x }}"), "&lt;");
});

test("functions of one's own are escaped like values, whatever they answer with", () => {
  const functions = {
    markup: () => "<b>",
    list: () => ["<", 1],
    object: () => ({ "<": "&" }),
    nothing: () => undefined,
  };
  assert.equal(
    parseTemplate("{{ markup }}{{ list }}{{ object }}{{ nothing }}", { html: true, functions }).execute(),
    "&lt;b&gt;[&lt; 1]map[&lt;:&amp;]",
  );
  assert.equal(parseTemplate('<a href="/{{ list }}">', { html: true, functions }).execute(), '<a href="/[%3c%201]">');
});

test("without html nothing is escaped that is not asked for", () => {
  const plain = (source: string) => parseTemplate(source, { functions: sprigFunctions }).execute(given);
  assert.equal(plain('<a href="{{ .Link }}">{{ .Text }}</a>'), `<a href="${given.Link}">${given.Text}</a>`);
  assert.equal(
    plain("{{ html .Text }} {{ urlquery .Mail }} {{ js `it's` }}"),
    `${asText.replaceAll("&#96;", "`")} joe%2Btag%40example.org it\\'s`,
  );
  assert.equal(plain("{{ .Text | html | upper }}"), asText.toUpperCase());
});
