import { test } from "node:test";
import { expectFailing, expectOutcomes } from "../support.ts";

test("JSON: hidden fields are left out, the others sorted", () => {
  expectOutcomes([
    [
      "std.manifestJson({ b: [1, { c: 'x' }], a: true, h:: 1 })",
      '{\n    "a": true,\n    "b": [\n        1,\n        {\n            "c": "x"\n        }\n    ]\n}',
    ],
    ["std.manifestJson({ a: [], b: {} })", '{\n    "a": [\n\n    ],\n    "b": {\n\n    }\n}'],
    ["std.manifestJsonMinified({ b: [1, 2], a: {}, c: null })", '{"a":{},"b":[1,2],"c":null}'],
    ["std.manifestJsonEx({ a: [1] }, '\\t')", '{\n\t"a": [\n\t\t1\n\t]\n}'],
    ["std.manifestJsonEx({ a: [1, 2] }, '', ' ', ' : ')", '{ "a" : [ 1, 2 ] }'],
    ["std.manifestJsonMinified({ '10': 1, '9': 2, '': 3 })", '{"":3,"10":1,"9":2}'],
    ["std.manifestJsonMinified([0.1, -0, 1e-7, 123456789012])", "[0.1,-0,1e-7,123456789012]"],
    [`std.manifestJsonMinified("a\\"\\n\\u007f<é")`, '"a\\"\\n\\u007f<é"'],
  ]);
  expectFailing([
    ["std.manifestJson({ a: std.length })", /a function cannot be a part/],
    ["std.manifestJson({ assert false : 'odd' })", /odd/],
  ]);
});

test("YAML", () => {
  expectOutcomes([
    [
      "std.manifestYamlDoc({ a: 1, b: [1, { c: 2, d: 3 }, [4]], e: {}, f: [], g: { h: 'x' } })",
      '"a": 1\n"b":\n- 1\n- "c": 2\n  "d": 3\n-\n  - 4\n"e": {}\n"f": []\n"g":\n  "h": "x"',
    ],
    ["std.manifestYamlDoc({ a: [1, { b: [2] }] }, indent_array_in_object=true)", '"a":\n  - 1\n  - "b":\n      - 2'],
    [
      "std.manifestYamlDoc({ text: 'one\\n\\ntwo\\n', list: ['x\\n'] })",
      '"list":\n- |\n  x\n"text": |\n  one\n  \n  two',
    ],
    ["std.manifestYamlDoc([[1, [2]], [{ a: 1 }]])", '-\n  - 1\n  -\n    - 2\n-\n  - "a": 1'],
    [
      "[std.manifestYamlDoc('a\\nb'), std.manifestYamlDoc(1.5), std.manifestYamlDoc(null), std.manifestYamlDoc([])]",
      ['"a\\nb"', "1.5", "null", "[]"],
    ],
  ]);
});

test("YAML without quotes around names, but for those that mean something else", () => {
  const names = [
    "plain",
    "a-b",
    "a.b",
    "a/b",
    "_",
    "v1",
    "true",
    "No",
    "y",
    "null",
    "1",
    "-1",
    "1.5",
    "1e3",
    "0x1f",
    "0b1",
    "0o7",
    "1_000",
    "2020-01-01",
    ".inf",
    "-",
    "---",
    "~",
    "=",
    "a b",
    "",
    "1:20",
    "ü",
  ];
  const bare = names.slice(0, 6);
  expectOutcomes(
    names.map(
      (name) =>
        [
          `std.manifestYamlDoc({ '${name}': 0 }, quote_keys=false)`,
          `${bare.includes(name) ? name : JSON.stringify(name)}: 0`,
        ] as const,
    ),
  );
});

test("several documents of YAML", () => {
  expectOutcomes([
    ["std.manifestYamlStream([{ a: [1] }, 2])", '---\n"a":\n- 1\n---\n2\n...\n'],
    ["std.manifestYamlStream([{ a: [1] }], true, false, false)", "---\na:\n  - 1\n"],
    ["std.manifestYamlStream([])", "---\n\n...\n"],
  ]);
  expectFailing([["std.manifestYamlStream({})", /value has to be an array/]]);
});

test("TOML: objects are tables, lists of objects are arrays of tables, all else stands in line", () => {
  expectOutcomes([
    ["std.manifestToml({ b: 'x', a: 1.5, c: true })", 'a = 1.5\nb = "x"\nc = true'],
    [
      "std.manifestToml({ list: [1, [2, { x: 'y' }], []], empty: [] })",
      'empty = []\nlist = [\n  1,\n  [ 2, { x = "y" } ],\n  []\n]',
    ],
    ["std.manifestToml({ a: 1, t: { b: 2, u: { c: 3 } } })", "a = 1\n\n[t]\n  b = 2\n\n  [t.u]\n    c = 3"],
    [
      "std.manifestTomlEx({ a: 1, t: [{ b: 2 }, { u: { c: 3 } }, {}] }, '')",
      "a = 1\n\n[[t]]\nb = 2\n\n[[t]]\n\n\n[t.u]\nc = 3\n\n[[t]]",
    ],
    ["std.manifestTomlEx({ t: { list: [1] } }, '\\t')", "\n\n[t]\n\tlist = [\n\t\t1\n\t]"],
    ["std.manifestToml({ 'a b': 'q\"\\n', 'ü': { 'c.d': 1 } })", '"a b" = "q\\"\\n"\n\n["ü"]\n  "c.d" = 1'],
    ["std.manifestToml({})", ""],
  ]);
  expectFailing([
    ["std.manifestToml({ a: null })", /TOML cannot say null/],
    ["std.manifestToml([1])", /value has to be an object/],
    ["std.manifestToml({ a: std.length })", /a function cannot be a part/],
  ]);
});

test("INI: what stands before all sections, and these", () => {
  expectOutcomes([
    [
      "std.manifestIni({ main: { a: 1 }, sections: { s: { b: 'x', c: [1, 'two'] }, r: {} } })",
      "a = 1\n[r]\n[s]\nb = x\nc = 1\nc = two\n",
    ],
    ["std.manifestIni({ sections: {} })", ""],
    [
      "std.manifestIni({ main: { '10': 0.5, '9': null, yes: true }, sections: {} })",
      "10 = 0.5\n9 = null\nyes = true\n",
    ],
  ]);
  expectFailing([
    ["std.manifestIni({ main: {} })", /there is no field sections/],
    ["std.manifestIni({ sections: [] })", /needs an object of sections/],
    ["std.manifestIni({ sections: { a: 1 } })", /a section of an INI document has to be an object/],
  ]);
});

test("Python: a value, or variables", () => {
  expectOutcomes([
    [
      "std.manifestPython({ b: [true, false, null], a: 'it\\'s', n: 1.5 })",
      '{"a": "it\'s", "b": [True, False, None], "n": 1.5}',
    ],
    ["std.manifestPythonVars({ b: [1], a: { c: null }, h:: 1 })", 'a = {"c": None}\nb = [1]\n'],
  ]);
  expectFailing([["std.manifestPythonVars([1])", /conf has to be an object/]]);
});

test("XML, of lists that begin with an element's name", () => {
  expectOutcomes([
    [
      "std.manifestXmlJsonml(['svg', { width: 10, id: 'x' }, ['g', ['line', {}]], 'text'])",
      '<svg id="x" width="10"><g><line></line></g>text</svg>',
    ],
    // Nothing is escaped, as everywhere else.
    ["std.manifestXmlJsonml(['p', std.escapeStringXML('a < b'), '<br>'])", "<p>a &lt; b<br></p>"],
  ]);
  expectFailing([
    ["std.manifestXmlJsonml('p')", /value has to be an array/],
    ["std.manifestXmlJsonml([])", /begins with its name/],
    ["std.manifestXmlJsonml([1])", /begins with its name/],
    ["std.manifestXmlJsonml(['p', 1])", /within an element of XML stand texts and elements/],
    ["std.manifestXmlJsonml(['p', 'text', { late: 1 }])", /stand texts and elements/],
  ]);
});
