import assert from "node:assert/strict";
import { test } from "node:test";
import { compile, type JsonValue } from "@ostiary/jsonnet";
import fc from "fast-check";

const asked = Number(process.env["OSTIARY_PROPERTY_RUNS"] ?? 0);
const runs = asked > 0 ? { numRuns: asked } : { numRuns: 200, seed: 7 };

/** Texts of whole characters: half a surrogate pair is none. */
const text = fc.string({ unit: "binary" });
// Of minus zero JSON knows nothing.
const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const json = fc.jsonValue({ maxDepth: 4, stringUnit: "binary" }) as fc.Arbitrary<JsonValue>;
const plain = { noNullPrototype: true } as const;
const texts = fc.array(text, { maxLength: 8 });
const numbers = fc.array(fc.integer({ min: -20, max: 20 }), { maxLength: 20 });

/** Holds for any values that a program of two or three parameters comes to what JavaScript says. */
function agrees<Values extends unknown[]>(
  source: string,
  values: { [At in keyof Values]: fc.Arbitrary<Values[At]> },
  expected: (...values: Values) => unknown,
): void {
  const program = compile(source);
  const property = fc.property(...(values as unknown as [fc.Arbitrary<unknown>]), (...given) => {
    const [a, b, c] = given as unknown[];
    const topLevelArguments = Object.fromEntries(Object.entries({ a, b, c }).slice(0, given.length));
    assert.deepEqual(program.evaluate({ topLevelArguments }), expected(...(given as unknown as Values)));
  });
  fc.assert(property as fc.IProperty<unknown>, runs);
}

const same = <Value>(value: Value): Value => value;

test("what goes in comes out", () => {
  agrees("function(a) a", [json], (a) => JSON.parse(JSON.stringify(a)) as unknown);
});

test("what is written as a document is read as what it was", () => {
  const asJson = (value: JsonValue) => JSON.parse(JSON.stringify(value)) as unknown;
  agrees("function(a) std.parseJson(std.manifestJson(a))", [json], asJson);
  agrees("function(a) std.parseJson(std.manifestJsonMinified(a))", [json], asJson);
  agrees("function(a) std.parseJson(std.manifestJsonEx(a, ' ', '\\n', ' : '))", [json], asJson);
  agrees("function(a) std.parseJson(std.toString([a]))[0]", [json], asJson);
  agrees(
    "function(a) std.parseYaml(std.manifestJson(a))",
    [fc.record({ list: fc.array(fc.integer()), word: fc.stringMatching(/^[ -~]*$/) }, plain)],
    same,
  );
});

test("YAML says what JSON says, however it is laid out", () => {
  const document = fc.record(
    {
      list: fc.array(fc.oneof(fc.integer(), fc.boolean(), fc.constant(null), fc.stringMatching(/^[ -~]{0,12}$/))),
      lines: fc.array(fc.stringMatching(/^[!-~]{1,5}$/)).map((lines) => `${lines.join("\n")}\n`),
      inner: fc.dictionary(
        fc.stringMatching(/^[a-zA-Z0-9._/-]{1,6}$/).filter((name) => name !== "__proto__"),
        fc.array(fc.integer()),
        plain,
      ),
    },
    plain,
  );
  const isEmptyBlock = (lines: string) => lines === "\n";
  for (const style of ["false, true", "true, true", "false, false", "true, false"])
    agrees(
      `function(a) std.parseYaml(std.manifestYamlDoc(a, ${style}))`,
      [document.filter(({ lines }) => !isEmptyBlock(lines))],
      same,
    );
});

test("numbers are JavaScript's", () => {
  const whole = fc.integer({ min: -1_000_000, max: 1_000_000 });
  agrees("function(a, b) [a + b, a - b, a * b]", [whole, whole], (a, b) => [a + b, a - b, a * b]);
  agrees("function(a, b) [a < b, a <= b, a == b, a != b]", [number, number], (a, b) => [
    a < b,
    a <= b,
    a === b,
    a !== b,
  ]);
  agrees("function(a, b) [a & b, a | b, a ^ b, ~a]", [whole, whole], (a, b) => [a & b, a | b, a ^ b, ~a]);
  agrees("function(a, b) a % b", [whole, fc.integer({ min: 1, max: 99 })], (a, b) => a % b);
  agrees("function(a) [std.floor(a), std.ceil(a), std.abs(a)]", [number], (a) => [
    Math.floor(a),
    Math.ceil(a),
    Math.abs(a),
  ]);
});

test("17 digits tell each number from its neighbours", () => {
  agrees("function(a) std.parseJson(std.toString(a))", [number], (a) => a);
  agrees("function(a) std.parseJson('%.17g' % a)", [number], (a) => a);
});

test("%d, %x and %o write whole numbers as JavaScript does", () => {
  const whole = fc.integer({ min: 0 });
  agrees(
    "function(a) '%d %x %X %o' % [a, a, a, a]",
    [whole],
    (a) => `${a} ${a.toString(16)} ${a.toString(16).toUpperCase()} ${a.toString(8)}`,
  );
  agrees(
    "function(a, b) '[%*d]' % [b, a]",
    [whole, fc.integer({ min: 0, max: 30 })],
    (a, b) => `[${String(a).padStart(b)}]`,
  );
});

test("strings are lists of characters", () => {
  agrees("function(a) std.join('', std.stringChars(a))", [text], same);
  agrees("function(a) std.length(a)", [text], (a) => [...a].length);
  agrees("function(a, b) (a + b)[std.length(a):]", [text, text], (_, b) => b);
  agrees("function(a) std.decodeUTF8(std.encodeUTF8(a))", [text], same);
  agrees("function(a) std.base64Decode(std.base64(a))", [text], same);
  agrees("function(a) [std.codepoint(c) for c in std.stringChars(a)]", [text], (a) =>
    [...a].map((char) => char.codePointAt(0)),
  );
  agrees("function(a) std.join('', [std.char(std.codepoint(c)) for c in std.stringChars(a)])", [text], same);
});

test("what is split is joined again", () => {
  const separator = fc.string({ minLength: 1, maxLength: 2 });
  agrees("function(a, b) std.join(b, std.split(a, b))", [text, separator], (a, _b) => a);
  agrees(
    "function(a, b) std.split(std.join(b, a), b)",
    [fc.array(fc.stringMatching(/^[a-z]*$/), { minLength: 1 }), fc.constantFrom(",", "--", "😀")],
    (a, _b) => a,
  );
  agrees(
    "function(a, b) std.strReplace(a, b, '') == std.join('', std.split(a, b))",
    [text, separator],
    (_a, _b) => true,
  );
  agrees(
    "function(a, b) std.length(std.findSubstr(b, a)) > 0 == (std.length(std.split(a, b)) > 1)",
    [text, separator],
    (_a, _b) => true,
  );
});

test("lists are mapped, filtered, folded, sorted and cut as in JavaScript", () => {
  agrees("function(a) std.map(function(x) x * 2, a)", [numbers], (a) => a.map((x) => x * 2));
  agrees("function(a) [x for x in a if x > 0]", [numbers], (a) => a.filter((x) => x > 0));
  agrees("function(a) std.foldl(function(s, x) s - x, a, 0)", [numbers], (a) => a.reduce((s, x) => s - x, 0));
  agrees("function(a) std.foldr(function(x, s) x - s, a, 0)", [numbers], (a) => a.reduceRight((s, x) => x - s, 0));
  agrees("function(a) std.sort(a)", [numbers], (a) => a.toSorted((x, y) => x - y));
  agrees("function(a) std.reverse(a)", [numbers], (a) => a.toReversed());
  agrees(
    "function(a, b, c) a[b:c]",
    [numbers, fc.integer({ min: -25, max: 25 }), fc.integer({ min: -25, max: 25 })],
    (a, b, c) => a.slice(b, c),
  );
  agrees("function(a) [std.member(a, 0), std.count(a, 0)]", [numbers], (a) => [
    a.includes(0),
    a.filter((x) => x === 0).length,
  ]);
});

test("strings are sorted by code point", () => {
  const byCodePoint = (one: string, other: string) => Buffer.compare(Buffer.from(one), Buffer.from(other));
  agrees("function(a) std.sort(a)", [texts], (a) => a.toSorted(byCodePoint));
  agrees("function(a) std.objectFields({ [x]: 1 for x in std.set(a) })", [texts], (a) =>
    [...new Set(a)].sort(byCodePoint),
  );
});

test("sets are those of JavaScript, in order", () => {
  const ordered = (some: Iterable<number>) => [...some].sort((x, y) => x - y);
  agrees("function(a) std.set(a)", [numbers], (a) => ordered(new Set(a)));
  agrees("function(a, b) std.setUnion(std.set(a), std.set(b))", [numbers, numbers], (a, b) =>
    ordered(new Set([...a, ...b])),
  );
  agrees("function(a, b) std.setInter(std.set(a), std.set(b))", [numbers, numbers], (a, b) =>
    ordered(new Set(a.filter((x) => b.includes(x)))),
  );
  agrees("function(a, b) std.setDiff(std.set(a), std.set(b))", [numbers, numbers], (a, b) =>
    ordered(new Set(a.filter((x) => !b.includes(x)))),
  );
});

test("objects: what stands on the right goes before, and a patch of nothing changes nothing", () => {
  const names = fc.stringMatching(/^[a-e]$/);
  const object = fc.dictionary(names, fc.integer(), plain);
  agrees("function(a, b) a + b", [object, object], (a, b) => ({ ...a, ...b }));
  agrees("function(a, b) std.mergePatch(a, b)", [object, object], (a, b) => ({ ...a, ...b }));
  agrees("function(a) std.mergePatch(a, {})", [object], (a) => ({ ...a }));
  agrees("function(a, b) std.objectRemoveKey(a, b)", [object, names], (a, b) =>
    Object.fromEntries(Object.entries(a).filter(([name]) => name !== b)),
  );
  agrees("function(a) a == { [one.key]: one.value for one in std.objectKeysValues(a) }", [object], (_a) => true);
});
