import { test } from "node:test";
import { expectFailing, expectOutcomes, type Outcomes } from "../support.ts";

/** Templates with one value, and what they are filled in to. */
const filled = (cases: readonly (readonly [template: string, value: string, text: string])[]): Outcomes =>
  cases.map(([template, value, text]) => [`std.format('${template}', ${value})`, text] as const);

test("whole numbers", () => {
  expectOutcomes(
    filled([
      ["%d", "42", "42"],
      ["%i %u", "[1, -5]", "1 -5"],
      ["%d %d", "[1.9, -1.9]", "1 -1"],
      ["[%5d]", "42", "[   42]"],
      ["[%-5d]", "42", "[42   ]"],
      ["[%05d]", "-42", "[-0042]"],
      ["[%+d % d]", "[42, 42]", "[+42  42]"],
      ["[%.3d|%5.3d|%-5.3d]", "[5, 5, 5]", "[005|  005|005  ]"],
      ["%d", "1e20", "100000000000000000000"],
    ]),
  );
});

test("octal and hexadecimal numbers, with # by their prefix", () => {
  expectOutcomes(
    filled([
      ["%o %x %X", "[8, 255, 255]", "10 ff FF"],
      ["%#o %#x %#X", "[8, 255, 255]", "010 0xff 0XFF"],
      ["%#o %#x", "[0, 0]", "0 0x0"],
      ["%08x|%#08x", "[255, 255]", "000000ff|0x0000ff"],
      ["%x %#x", "[-255, -255]", "-ff -0xff"],
    ]),
  );
});

test("fractions: %f rounds half up", () => {
  expectOutcomes(
    filled([
      ["%f %F", "[1.5, 1.5]", "1.500000 1.500000"],
      ["%.2f %.1f %.1f", "[1.555, 0.25, 0.35]", "1.56 0.3 0.4"],
      ["%.0f %.0f %.0f", "[0.5, 1.5, 2.4]", "1 2 2"],
      ["%#.0f", "3", "3."],
      ["%.2f", "0.995", "1.00"],
      ["%8.3f|%-8.3f|%08.3f", "[3.14159, 3.14159, -3.14159]", "   3.142|3.142   |-003.142"],
      ["%.3f", "1e21", "1000000000000000000000.000"],
      ["%.20f", "0.5", "0.50000000000000000000"],
    ]),
  );
});

test("fractions: %e has an exponent, and %g the shorter of the two", () => {
  expectOutcomes(
    filled([
      ["%e %E", "[12345.678, 0]", "1.234568e+04 0.000000E+00"],
      ["%.2e %.0e %#.0e", "[999999, 12345, 12345]", "1.00e+06 1e+04 1.e+04"],
      ["%e", "-1.5e-10", "-1.500000e-10"],
      ["%g %g %g %g", "[1, 0.0001, 0.00001, 1234567]", "1 0.0001 1e-05 1.23457e+06"],
      ["%.3g %#.3g %G", "[1.5, 1.5, 1e-10]", "1.5 1.50 1E-10"],
      ["%g", "100000000", "1e+08"],
      ["[%8g]", "1.5", "[     1.5]"],
    ]),
  );
});

test("characters and texts", () => {
  expectOutcomes(
    filled([
      ["%c%c", '[65, "b"]', "Ab"],
      ["%c", "128512", "😀"],
      ["%s %s %s %s", '["a", 1, null, { b: [1, "c"] }]', 'a 1 null {"b": [1, "c"]}'],
      ["[%5s|%-5s|%05s]", '["ä😀", "b", "c"]', "[   ä😀|b    |    c]"],
      ["%s", "[[1, 2]]", "[1, 2]"],
      ["%.1s", '"a precision says nothing of a text"', "a precision says nothing of a text"],
    ]),
  );
  expectFailing([
    ["'%c' % 'ab'", /%c takes one character, or a code point, not 2 characters/],
    ["'%c' % null", /%c takes one character, or a code point, not null/],
    ["'%c' % 65.5", /no code point/],
  ]);
});

test("values by order, by name, and widths among them", () => {
  expectOutcomes(
    filled([
      ["%%", "[]", "%"],
      ["%d%%", "50", "50%"],
      ["[%3%|%-3%]", "[]", "[  %|%  ]"],
      ["%(a)s-%(b)03d-%(a)s", '{ a: "x", b: 7 }', "x-007-x"],
      ["%(a.b)s", '{ "a.b": 1 }', "1"],
      ["%(hidden)s", "{ hidden:: 1 }", "1"],
      ["%*d|%-*d|%.*f", "[5, 1, 3, 2, 1, 0.25]", "    1|2  |0.3"],
      ["%ld %hd %Lf", "[1, 2, 3]", "1 2 3.000000"],
      ["no directive", "{ a: 1 }", "no directive"],
    ]),
  );
  expectOutcomes([["'%s' % null", "null"]]);
});

test("templates and values that do not fit", () => {
  expectFailing([
    ["'%s %s' % ['a']", /wants more values than it is given/],
    ["'%s' % []", /wants more values/],
    ["'%s %s' % 'a'", /wants more values/],
    ["'%s' % ['a', 'b']", /given more values than it wants/],
    ["'nothing' % 1", /given more values than it wants/],
    ["'%s' % { a: 1 }", /has to name the fields/],
    ["'%(a)s' % { b: 1 }", /there is no field a/],
    ["'%(a)s' % ['x']", /wants the field a of an object/],
    ["'%d' % '1'", /%d takes a number, not a string/],
    ["'%f' % null", /%f takes a number, not null/],
    ["'%*d' % ['x', 1]", /a width has to be a number/],
    ["'%y' % 1", /says nothing that can be filled in/],
    ["'100%' % 1", /says nothing that can be filled in/],
    ["'%(a' % { a: 1 }", /says nothing that can be filled in/],
    ["'%s' % (function() 1)", /function/],
  ]);
});
