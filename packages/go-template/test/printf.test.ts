import { test } from "node:test";
import { expectFailing, expectWritten, type Outcomes } from "./support.ts";

/** Formats with what follows them, and what is written. */
const formatted = (cases: readonly (readonly [args: string, written: string])[]): Outcomes =>
  cases.map(([args, written]) => [`{{ printf ${args} }}`, written]);

test("%s and %v", () => {
  expectWritten(
    formatted([
      ['"%s %v %v %v" "a" "b" 1 true', "a b 1 true"],
      ['"[%5s|%-5s|%.2s|%5.1s]" "a" "b" "cde" "fg"', "[    a|b    |cd|    f]"],
      ['"[%05s|%-6s]" "ab" "ä"', "[000ab|ä     ]"],
      ['"%v %s %v" .List .List .Map', "[a b c] [a b c] map[a:1 b:2 inner:map[x:deep]]"],
      ['"%v %s" .Born .Born', "2024-02-03 16:05:06.789 +0000 UTC 2024-02-03 16:05:06.789 +0000 UTC"],
      ['"[%s%v]" .Nothing .Missing', "[]"],
      ['"%v %v" .Share 0.0000001', "1.5 1e-07"],
      [
        '"%#v %#v %#v %#v" "a" .List 1 (dict "k" "v")',
        '"a" []interface {}{"a", "b", "c"} 1 map[string]interface {}{"k":"v"}',
      ],
    ]),
  );
});

test("%q quotes as Go does", () => {
  expectWritten(
    formatted([
      [`"%q" "a\\"b\\n\\x00ä"`, `"a\\"b\\n\\x00ä"`],
      ['"%q %q" 65 .List', `'A' ["a" "b" "c"]`],
      ['"%+q %#q" "ä😀" "a"', '"\\u00e4\\U0001f600" `a`'],
      ['"%#q" "a`b"', '"a`b"'],
      ['"%q" "\\u200b"', '"\\u200b"'],
    ]),
  );
});

test("%d and other bases, with signs and zeros", () => {
  expectWritten(
    formatted([
      ['"[%5d|%-5d|%05d|%+d|% d]" 1 2 3 4 5', "[    1|2    |00003|+4| 5]"],
      ['"%010d %+05d [%-05d] %.3d [%8.3d]" -42 42 42 5 5', "-000000042 +0042 [42   ] 005 [     005]"],
      ['"%x %X %#x %08x %+x %x" 255 255 255 255 255 -255', "ff FF 0xff 000000ff +ff -ff"],
      ['"%o %#o %O %b %#b" 8 8 8 5 5', "10 010 0o10 101 0b101"],
      ['"%x %X %#x % x" "hi" "hi" "hi" "hi"', "6869 6869 0x6869 68 69"],
      ['"%c%c %U" 65 128512 128512', "A😀 U+1F600"],
      ['"%d" .Numbers', "[3 1 2]"],
    ]),
  );
});

test("%f, %e and %g round halves to the even digit", () => {
  expectWritten(
    formatted([
      ['"%f %.2f [%8.3f|%-8.1f|%08.2f]" 1.5 2.345 3.14159 1.25 -1.5', "1.500000 2.35 [   3.142|1.2     |-0001.50]"],
      ['"%.0f %.0f %.1f %.2f %+.1f" 2.5 3.5 0.25 1.005 2.0', "2 4 0.2 1.00 +2.0"],
      ['"%e %E %.2e" 123456.789 0.00012 1.0', "1.234568e+05 1.200000E-04 1.00e+00"],
      ['"%g %g %g %G" 100000.0 1000000.0 0.0001 1e-7', "100000 1e+06 0.0001 1E-07"],
      ['"%.3g %.10g %.3g" 3.14159 3.0 1234567.0', "3.14 3 1.23e+06"],
      ['"%6.2f%%" 12.345', " 12.35%"],
    ]),
  );
});

test("%t and %T", () => {
  expectWritten(
    formatted([
      ['"%t %t [%6t]" true false true', "true false [  true]"],
      [
        '"%T %T %T %T %T %T %T %T" 1 1.5 "a" true .List .Map .Nothing .Born',
        "int float64 string bool []interface {} map[string]interface {} <nil> time.Time",
      ],
    ]),
  );
});

test("widths and precisions may be arguments, and arguments may be named by their place", () => {
  expectWritten(
    formatted([
      ['"[%*d|%-*d|%.*f]" 5 1 4 2 1 2.55', "[    1|2   |2.5]"],
      ['"[%*d]" -4 1', "[1   ]"],
      ['"%[2]d %[1]d" 1 2', "2 1"],
      ['"%[1]d %[1]v" 7', "7 7"],
      ['"%%|100%%"', "%|100%"],
    ]),
  );
});

test("what does not fit is told in the text", () => {
  expectWritten(
    formatted([
      ['"%d %d %d" "a" 1.5 true', "%!d(string=a) %!d(float64=1.5) %!d(bool=true)"],
      ['"%s %t %f %c" 1 "a" "a" "a"', "%!s(int=1) %!t(string=a) %!f(string=a) %!c(string=a)"],
      ['"%z %w" 1 "a"', "%!z(int=1) %!w(string=a)"],
      ['"%d" .Nothing', "%!d(<nil>)"],
      ['"%d %d" 1', "1 %!d(MISSING)"],
      ['"%d" 1 2 "c"', "1%!(EXTRA int=2, string=c)"],
      ['"%[3]d" 1 2', "%!d(BADINDEX)"],
      ['"%*d" "a" 1', "%!(BADWIDTH)1"],
      ['"%9999999d" 1', "%!(BADWIDTH)1"],
      ['"%.*f" "a" 1.5', "%!(BADPREC)1.500000"],
      ['"100%"', "100%!(NOVERB)"],
    ]),
  );
  expectFailing([
    ["{{ printf }}", /begins with a text/],
    ["{{ printf 1 }}", /begins with a text/],
  ]);
});
