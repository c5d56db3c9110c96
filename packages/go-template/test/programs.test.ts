import assert from "node:assert/strict";
import { test } from "node:test";
import { parseTemplate } from "@ostiary/go-template";

/** What a program hears of a value that stands at its end, in what a browser would run. */
function heard(program: string, value: unknown): unknown {
  const page = parseTemplate(`<script>${program}</script>`, { html: true }).execute({ V: value });
  const code = /^<script>([^]*)<\/script>$/.exec(page)?.[1] ?? assert.fail(page);
  const said: unknown[] = [];
  new Function("say", "a", "b", "c", code)((one: unknown) => said.push(one), 8, 4, "c'c");
  return said.at(-1);
}

/** A value that would be a program, were it anything but a literal. */
const value = `'"/\`+say("hacked")+\`/"' <!-- </script> \n*/ // \\`;

test("a slash divides behind a value, and begins a pattern behind anything else", () => {
  const before: readonly string[] = [
    "",
    "a / b;",
    "a /b/ 2;",
    "(a) / b;",
    "[a][0] / b;",
    "a++ / b;",
    "a-- / b;",
    "'x' / b;",
    "a / b / 1;",
    "var x = /'/;",
    'var x = /"/g, y = /`/;',
    "c.replace(/'/g, '');",
    "c.split(/\\//);",
    "c.split(/[/'\"]/);",
    "c.split(/\\[/);",
    "if (/'/.test(c)) a;",
    "[/'/, /\"/];",
    "({ x: /'/ });",
    "a + /'/.test(c);",
    "a - -/'/.test(c);",
    "!/'/.test(c);",
    "a ? /'/ : /\"/;",
    "a && /'/.test(c) || /\"/.test(c);",
    "(() => { return /'/ })();",
    "typeof /'/;",
    "void /'/;",
    "for (const x of [1]) { /'/.test(c) }",
    "{ a } /'/.test(c);",
    "a\n/ b;",
    "/* ' */ a;",
    "// it's\n",
    "'a\\'b'; \"a\\\"b\";",
    "`a'b`;",
  ];
  for (const program of before) {
    assert.equal(heard(`${program} say({{ .V }})`, value), value, program);
    assert.equal(heard(`${program} say('{{ .V }}')`, value), value, program);
    assert.equal(heard(`${program} say("{{ .V }}")`, value), value, program);
  }
});

test("a value in a pattern stands for itself", () => {
  for (const text of ["a.b", "[x]", "(y)*", "a/b", "^$", "\\d", "'", "", "{2}", "+?|-"]) {
    assert.equal(heard("say(/^{{ .V }}$/.test(c))", text), false, text);
    const page = parseTemplate("/^{{ .V }}$/", { html: true });
    assert.equal(typeof page.execute({ V: text }), "string");
    assert.equal(
      heard(`say(new RegExp(/^{{ .V }}$/).test(${JSON.stringify(text).replace(/</g, "\\u003c")}))`, text),
      true,
      text,
    );
  }
});

test("a value in a comment is none", () => {
  assert.equal(heard("/* {{ .V }} */ say(1)", value), 1);
  assert.equal(heard("say(1) // {{ .V }}", value), 1);
  assert.equal(heard("// {{ .V }}\nsay({{ .V }})", value), value);
});

test("values of any kind are heard as what they are", () => {
  for (const given of [1, -2.5, true, false, null, "a", ["a", [1, null]], { a: { "</script>": "'" } }])
    assert.deepEqual(heard("say({{ .V }})", given), given);
  assert.equal(heard("say({{ .V }} / 2)", 8), 4);
  assert.equal(heard("say({{ .V }} / {{ .V }} / 2)", 8), 0.5);
});
