import { test } from "node:test";
import { expectFailing, expectOutcomes, expectUnreadable } from "./support.ts";

test("null, true and false stand for themselves", () => {
  expectOutcomes([
    ["null", null],
    ["true", true],
    ["[true, false, null]", [true, false, null]],
  ]);
});

test("numbers are written as in JSON, with lines to group digits if one likes", () => {
  expectOutcomes([
    ["0", 0],
    ["-7", -7],
    ["3.25", 3.25],
    ["1e3", 1000],
    ["25E-1", 2.5],
    ["1.5e+2", 150],
    ["1_000_000", 1_000_000],
    ["1_0.2_5e0_1", 102.5],
    ["9007199254740993", 9_007_199_254_740_992],
  ]);
  expectUnreadable([
    ["01", /1 cannot stand here/],
    ["1.", /\. cannot stand here|a name was expected/],
    [".5", /cannot stand here/],
    ["1e", /e cannot stand here/],
    ["0x10", /x10 cannot stand here/],
    ["1__0", /cannot stand here/],
    ["1e400", /too large/],
  ]);
});

test("a string stands between quotes of either kind, which the other kind needs no escape in", () => {
  expectOutcomes([
    [`"it's"`, "it's"],
    [`'say "hi"'`, 'say "hi"'],
    [`"a\\"b" + 'c\\'d'`, "a\"bc'd"],
    [`"\\\\ \\/ \\b \\f \\n \\r \\t"`, "\\ / \b \f \n \r \t"],
    [`"\\u0041\\u00e9"`, "Aé"],
    ['"ünïcode 😀"', "ünïcode 😀"],
    ['"two\nlines"', "two\nlines"],
    ['""', ""],
  ]);
  expectUnreadable([
    ['"open', /not closed/],
    ["'open\"", /not closed/],
    [`"\\x41"`, /no such escape/],
    [`"\\u12g4"`, /no such escape/],
    [`"\\u12"`, /no such escape/],
    [`"\\`, /no such escape/],
  ]);
});

test("characters beyond U+FFFF are two escapes, of which one alone is none", () => {
  expectOutcomes([
    [`"\\ud83d\\ude00"`, "😀"],
    [`std.length("\\ud83d\\ude00")`, 1],
  ]);
  expectUnreadable([
    [`"\\ud83d"`, /surrogate/],
    [`"\\ude00\\ud83d"`, /surrogate/],
  ]);
});

test("a verbatim string knows one escape: its quote, twice", () => {
  expectOutcomes([
    [`@"C:\\new"`, "C:\\new"],
    [`@"a ""quoted"" word"`, 'a "quoted" word'],
    [`@'it''s'`, "it's"],
    [`@""`, ""],
    ['@"two\nlines"', "two\nlines"],
  ]);
  expectUnreadable([
    ['@"open', /not closed/],
    ["@'open''", /not closed/],
    ["@name", /a quote has to follow @/],
  ]);
});

test("a block of text stands between lines of |||, without the indentation of its first line", () => {
  expectOutcomes([
    ["|||\n  one\n  two\n|||", "one\ntwo\n"],
    ["|||\n  one\n    deeper\n  two\n|||", "one\n  deeper\ntwo\n"],
    ["|||\n\ttab\n\t\tdeeper\n|||", "tab\n\tdeeper\n"],
    ["|||\n  one\n\n  two\n|||", "one\n\ntwo\n"],
    ["|||\n\n  behind an empty line\n|||", "\nbehind an empty line\n"],
    ["|||\n  a ||| in the midst\n|||", "a ||| in the midst\n"],
    ["|||\n  no \\n escape\n|||", "no \\n escape\n"],
    ["|||-\n  without its last break\n|||", "without its last break"],
    ["|||   \n  blanks behind the bars\n|||", "blanks behind the bars\n"],
    ["{ a: |||\n    deep\n  |||, b: 1 }", { a: "deep\n", b: 1 }],
    ['|||\n  a\n||| + "b"', "a\nb"],
  ]);
  expectUnreadable([
    ["||| on the same line\n|||", /a line break has to follow/],
    ["|||\nnot indented\n|||", /has to be indented/],
    ["|||\n  one\n less\n|||", /not closed/],
    ["|||\n  never closed", /not closed/],
  ]);
});

test("lists and objects may end with a comma, and hold one alone nowhere", () => {
  expectOutcomes([
    ["[]", []],
    ["[1, [2, 3,], {}]", [1, [2, 3], {}]],
    ["{}", {}],
    ["{ a: 1, 'b c': 2, \"d\": 3, ['e' + 'f']: 4, }", { a: 1, "b c": 2, d: 3, ef: 4 }],
    ["{ 'if': 1, 'self': 2 }['if']", 1],
    ["{ @'verbatim': 1 }", { verbatim: 1 }],
    ["{ |||\n  block\n|||: 1 }", { "block\n": 1 }],
  ]);
  expectUnreadable([
    ["[,]", /, cannot stand here/],
    ["[1,, 2]", /, cannot stand here/],
    ["{,}", /a name was expected/],
    ["[1 2]", /\] was expected here/],
    ["[1; 2]", /\] was expected here/],
    ["{ a: 1; b: 2 }", /; cannot stand here/],
    ["{ a = 1 }", /= cannot stand here/],
    ["{ a }", /} cannot stand here/],
    ["{ if: 1 }", /a name was expected/],
    ["{ a: 1", /ends too early/],
    ["[1", /ends too early/],
  ]);
});

test("comments are of three kinds, and do not nest", () => {
  expectOutcomes([
    ["1 // to the end of the line", 1],
    ["1 # to the end of the line", 1],
    ["/* over\nlines */ 1", 1],
    ["1 /* in the midst */ + /* of it */ 2", 3],
    ["{ a: 1 // one\n, b: 2 # two\n}", { a: 1, b: 2 }],
    ["'// none' + '# none'", "// none# none"],
    ["6 //* 2\n/ 3", 2],
  ]);
  expectUnreadable([
    ["/* open", /cannot stand here|means nothing/],
    ["/* one /* two */ */ 1", /cannot stand here/],
  ]);
});

test("names are of ASCII letters, digits and lines, and stand for something", () => {
  expectOutcomes([
    ["local _a1 = 2; _a1", 2],
    ["local If = 1; If", 1],
  ]);
  expectUnreadable([
    ["nobody", /nothing is called nobody here/],
    ["[1, { a: nobody }]", /nothing is called nobody/],
    ["if false then nobody", /nothing is called nobody/],
    ["local ü = 1; 1", /means nothing/],
    ["1 + §", /means nothing/],
    ["", /ends too early/],
    ["// nothing but a comment", /ends too early/],
  ]);
  expectFailing([["std.nobody", /there is no field nobody/]]);
});
