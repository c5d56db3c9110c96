import { test } from "node:test";
import { expectFailing, expectOutcomes } from "../support.ts";

test("characters and code points", () => {
  expectOutcomes([
    ["[std.codepoint('A'), std.codepoint('😀'), std.char(65), std.char(128512)]", [65, 128_512, "A", "😀"]],
    ["std.stringChars('añ😀')", ["a", "ñ", "😀"]],
  ]);
  expectFailing([
    ["std.codepoint('ab')", /one character is needed/],
    ["std.codepoint('')", /one character is needed/],
    ["std.char(-1)", /-1 is no code point/],
    ["std.char(1114112)", /is no code point/],
    ["std.char(55296)", /is no code point/],
    ["std.char(65.5)", /is no code point/],
  ]);
});

test("parts, counted in characters", () => {
  expectOutcomes([
    [
      "[std.substr('hello', 1, 3), std.substr('hello', 3, 10), std.substr('hello', 9, 1), std.substr('😀ab', 1, 1)]",
      ["ell", "lo", "", "a"],
    ],
    [
      "[std.startsWith('hello', 'he'), std.startsWith('he', 'hello'), std.endsWith('hello', 'lo'), std.endsWith('hello', '')]",
      [true, false, true, true],
    ],
    [
      "[std.findSubstr('an', 'banana'), std.findSubstr('ana', 'banana'), std.findSubstr('x', 'banana'), std.findSubstr('b', '😀b'), std.findSubstr('', 'a')]",
      [[1, 3], [1, 3], [], [1], []],
    ],
    ["[std.isEmpty(''), std.isEmpty(' ')]", [true, false]],
  ]);
  expectFailing([
    ["std.substr('hello', -1, 2)", /cannot be less than zero/],
    ["std.substr('hello', 1, -2)", /cannot be less than zero/],
    ["std.substr('hello', 0.5, 2)", /a whole number is needed/],
    ["std.isEmpty([])", /str has to be a string/],
  ]);
});

test("what stands at the ends is stripped", () => {
  expectOutcomes([
    [
      "[std.stripChars('--a-b--', '-'), std.lstripChars('--a--', '-'), std.rstripChars('--a--', '-')]",
      ["a-b", "a--", "--a"],
    ],
    [
      "[std.stripChars('[a]', ']['), std.stripChars('abc', ''), std.stripChars('aaa', 'a'), std.stripChars('😀a😀', '😀')]",
      ["a", "abc", "", "a"],
    ],
    [`std.trim(" \\t\\n\\f\\r\\u0085\\u00a0 a b \\u00a0")`, "a b"],
    // A space of no width is no blank.
    [`std.length(std.trim("\\u200ba\\u200b"))`, 3],
  ]);
});

test("split: at each place, from the left or from the right", () => {
  expectOutcomes([
    ["std.split('a,b,,c', ',')", ["a", "b", "", "c"]],
    ["std.split('a--b', '--')", ["a", "b"]],
    ["std.split('abc', 'x')", ["abc"]],
    ["std.split('', ',')", [""]],
    [
      "[std.splitLimit('a,b,c', ',', 1), std.splitLimit('a,b,c', ',', 0), std.splitLimit('a,b,c', ',', -1), std.splitLimit('a,b', ',', 5)]",
      [["a", "b,c"], ["a,b,c"], ["a", "b", "c"], ["a", "b"]],
    ],
    [
      "[std.splitLimitR('a,b,c', ',', 1), std.splitLimitR('a,b,c', ',', 0), std.splitLimitR('a,b,c', ',', -1)]",
      [["a,b", "c"], ["a,b,c"], ["a", "b", "c"]],
    ],
  ]);
  expectFailing([
    ["std.split('abc', '')", /cannot be split by nothing/],
    ["std.splitLimit('a,b', ',', 1.5)", /a whole number is needed/],
  ]);
});

test("strReplace takes what it is given literally", () => {
  expectOutcomes([
    ["std.strReplace('a.b.c', '.', '-')", "a-b-c"],
    ["std.strReplace('aaa', 'aa', 'b')", "ba"],
    ["std.strReplace('price', 'i', '$&')", "pr$&ce"],
    ["std.strReplace('abc', 'x', 'y')", "abc"],
  ]);
  expectFailing([["std.strReplace('a', '', 'b')", /split by nothing/]]);
});

test("upper and lower case: of ASCII alone, but for comparing", () => {
  expectOutcomes([
    ["std.asciiUpper('straße 1') + std.asciiLower('ÄBC')", "STRAßE 1Äbc"],
    [
      "[std.equalsIgnoreCase('HeLLo', 'hEllO'), std.equalsIgnoreCase('Ä', 'ä'), std.equalsIgnoreCase('a', 'b')]",
      [true, true, false],
    ],
  ]);
});

test("numbers are read in three bases", () => {
  expectOutcomes([
    ["[std.parseInt('42'), std.parseInt('-7'), std.parseInt('+5'), std.parseInt('007')]", [42, -7, 5, 7]],
    ["[std.parseOctal('755'), std.parseHex('ff'), std.parseHex('FF')]", [493, 255, 255]],
  ]);
  expectFailing([
    ["std.parseInt('1.5')", /"1.5" is no number/],
    ["std.parseInt('')", /"" is no number/],
    ["std.parseInt('12a')", /is no number/],
    ["std.parseOctal('8')", /is no number/],
    ["std.parseHex('0x1f')", /is no number/],
    ["std.parseHex('-1')", /is no number/],
  ]);
});

test("texts are escaped for where they go", () => {
  expectOutcomes([
    [`std.escapeStringJson("a\\"b\\n\\u0001\\u0080é")`, '"a\\"b\\n\\u0001\\u0080é"'],
    ["std.escapeStringJson([1])", '"[1]"'],
    [`std.escapeStringPython("it's")`, '"it\'s"'],
    [`std.escapeStringBash("it's")`, `'it'"'"'s'`],
    ["std.escapeStringDollars('$a $$')", "$$a $$$$"],
    [`std.escapeStringXML("<a b='c' d=\\"e\\">&")`, "&lt;a b=&apos;c&apos; d=&quot;e&quot;&gt;&amp;"],
  ]);
});
