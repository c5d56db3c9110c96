import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { evaluate } from "@ostiary/jsonnet";
import { expectFailing, expectOutcomes } from "../support.ts";

// What https://jsonnet.org/ref/stdlib.html lists.
const documented = `abs acos all any asciiLower asciiUpper asin assertEqual atan atan2 avg base64 base64Decode base64DecodeBytes ceil char clamp
  codepoint contains cos count decodeUTF8 deepJoin deg2rad encodeUTF8 endsWith equalsIgnoreCase escapeStringBash escapeStringDollars
  escapeStringJson escapeStringPython escapeStringXML exp exponent extVar filter filterMap find findSubstr flatMap flattenArrays flattenDeepArray
  floor foldl foldr format get hypot isArray isBoolean isDecimal isEmpty isEven isFunction isInteger isNull isNumber isObject isOdd isString
  join length lines log log10 log2 lstripChars makeArray manifestIni manifestJson manifestJsonEx manifestJsonMinified manifestPython
  manifestPythonVars manifestToml manifestTomlEx manifestXmlJsonml manifestYamlDoc manifestYamlStream mantissa map mapWithIndex mapWithKey max
  maxArray md5 member mergePatch min minArray mod native objectFields objectFieldsAll objectHas objectHasAll objectKeysValues
  objectKeysValuesAll objectRemoveKey objectValues objectValuesAll parseHex parseInt parseJson parseOctal parseYaml pi pow prune rad2deg range
  remove removeAt repeat reverse round rstripChars set setDiff setInter setMember setUnion sha1 sha256 sha3 sha512 sign sin slice sort split
  splitLimit splitLimitR sqrt startsWith strReplace stringChars stripChars substr sum tan thisFile toString trace trim type uniq xnor xor`;

const library = evaluate("std.objectFieldsAll(std)") as readonly string[];

test("the library has every function that the documentation lists", () => {
  const missing = documented.split(/\s+/).filter((name) => !library.includes(name));
  assert.deepEqual(missing, []);
});

test("no function of the library is without a test", () => {
  const tests = readdirSync(import.meta.dirname).map((file) => readFileSync(join(import.meta.dirname, file), "utf8"));
  const untested = library.filter((name) => !tests.some((text) => new RegExp(`std\\.${name}\\b`).test(text)));
  assert.deepEqual(untested, []);
});

test("the library is an object with nothing to show, which a program may add to or hide", () => {
  expectOutcomes([
    ["std", {}],
    ["(std { double(x):: x * 2 }).double(4)", 8],
    ["local std = { length(x): 'mine' }; std.length([])", "mine"],
    ["'length' in std", true],
  ]);
  expectFailing([["std.lenght([])", /there is no field lenght/]]);
});

test("functions of the library take arguments by name as well, and see to their types", () => {
  expectOutcomes([
    ["std.substr(len=2, from=1, str='hello')", "el"],
    ["std.sort([2, 1], keyF=function(x) -x)", [2, 1]],
    ["std.length(std.join)", 2],
  ]);
  expectFailing([
    ["std.length()", /the parameter x is missing/],
    ["std.length([], [])", /a function of 1 parameters got 2/],
    ["std.substr(1, 2, 3)", /str has to be a string, not a number/],
    ["std.map([1], [2])", /func has to be a function, not an array/],
    ["std.objectFields(null)", /o has to be an object, not null/],
    ["std.abs('1')", /n has to be a number, not a string/],
  ]);
});

test("what stands outside of a program is found by its name", () => {
  const extVars = { text: "hi", list: [1, { a: 2 }], nothing: null, left: undefined, moment: new Date(0) };
  expectOutcomes(
    [
      ["std.extVar('text')", "hi"],
      ["std.extVar('list')[1].a", 2],
      ["[std.extVar('nothing'), std.extVar('left')]", [null, null]],
      ["std.extVar('moment')", "1970-01-01T00:00:00.000Z"],
    ],
    { extVars },
  );
  expectFailing([
    ["std.extVar('absent')", /nothing outside is called absent/],
    ["std.extVar('toString')", /nothing outside is called toString/],
    ["std.extVar(1)", /x has to be a string/],
  ]);
});

test("there are no functions of the host's, nobody who reads traces, and no files", () => {
  expectOutcomes([
    ["std.native('readFile')", null],
    ["std.trace('said', 1 + 1)", 2],
    ["std.thisFile", "program.jsonnet"],
    ["std.resolvePath('a/b/c', 'd') + std.resolvePath('a', 'd')", "a/b/dd"],
  ]);
});
