import { test } from "node:test";
import { expectFailing, expectUnreadable, expectWritten } from "./support.ts";

test("a pipeline hands each result on as the last argument of the next command", () => {
  expectWritten([
    ["{{ .Name | upper }}", "ADA"],
    ['{{ .Name | printf "%s-%s" "x" }}', "x-Ada"],
    ['{{ .List | join "," | printf "[%s]" | len }}', "7"],
    ["{{ (index .List 0) | upper }}{{ printf `%s` (.Name | lower) }}", "Aada"],
    ["{{ len (slice .List 1) }}", "2"],
    ["{{ ((.Name)) }}", "Ada"],
  ]);
  expectFailing([
    ["{{ 1 | 2 }}", /what is no function cannot take arguments/],
    ["{{ .Name `x` }}", /what is no function cannot take arguments/],
    ["{{ .Age | .Name }}", /what is no function cannot take arguments/],
  ]);
  expectUnreadable([["{{ .Name | nosuch }}", /there is no function nosuch/]]);
});

test("and, or: the first value that decides, and no further", () => {
  expectWritten([
    ["{{ and 1 2 }} {{ and 0 2 }} {{ and 1 `` 3 }}|{{ and 1 }}", "2 0 |1"],
    ["{{ or 0 5 6 }} {{ or 0 `` }}|{{ or 0 }}", "5 |0"],
    ["{{ 1 | and 0 }}", "0"],
    ["{{ 5 | or 0 }}", "5"],
    ["{{ and .Zero (index .List 99) }}", "0"],
    ["{{ or .Active (index .List 99) }}", "true"],
  ]);
  expectFailing([
    ["{{ and }}", /and takes one argument or more/],
    ["{{ or }}", /or takes one argument or more/],
    ["{{ and .Active (index .List 99) }}", /there is nothing at 99/],
  ]);
});

test("not", () => {
  expectWritten([["{{ not .Active }} {{ not .Empty }} {{ not 0 }} {{ not .Missing }}", "false true true true"]]);
  expectFailing([
    ["{{ not }}", /not takes 1 argument, not 0/],
    ["{{ not 1 2 }}", /not takes 1 argument, not 2/],
  ]);
});

test("eq compares the first with any of the others", () => {
  expectWritten([
    ["{{ eq 1 1 }}", "true"],
    ["{{ eq 1 2 }}", "false"],
    ["{{ eq 1 2 1 }}", "true"],
    ["{{ eq `a` `a` }}", "true"],
    ["{{ eq true false }}", "false"],
    ["{{ ne 1 2 }}", "true"],
    ["{{ eq .Nothing nil }}", "true"],
    ["{{ eq .Missing nil }}", "true"],
    ["{{ eq .Missing `` }}", "false"],
    ["{{ eq 1 `1` }}", "false"],
    ["{{ eq .Born .Born }}", "true"],
    ["{{ eq .Born (dateModify `1s` .Born) }}", "false"],
  ]);
  expectFailing([
    ["{{ eq 1 }}", /eq compares two values or more/],
    ["{{ eq .List .List }}", /lists and maps cannot be compared/],
    ["{{ ne .Map .Map }}", /lists and maps cannot be compared/],
    ["{{ ne 1 2 3 }}", /ne takes 2 arguments, not 3/],
  ]);
});

test("lt, le, gt and ge order numbers, texts and times", () => {
  expectWritten([
    ["{{ lt 1 2 }}", "true"],
    ["{{ le 2 2 }}", "true"],
    ["{{ gt 3 2 }}", "true"],
    ["{{ ge 2 3 }}", "false"],
    ["{{ lt `a` `b` }}", "true"],
    ["{{ gt 1.5 1 }}", "true"],
    ["{{ lt .Born (dateModify `1s` .Born) }}", "true"],
  ]);
  expectFailing([
    ["{{ lt 1 `a` }}", /only two numbers or two texts have an order/],
    ["{{ lt .Nothing 1 }}", /have an order/],
    ["{{ lt true false }}", /have an order/],
    ["{{ lt 1 }}", /lt takes 2 arguments, not 1/],
  ]);
});

test("len counts bytes, items and keys", () => {
  expectWritten([["{{ len .Name }} {{ len `ä` }} {{ len .List }} {{ len .Map }} {{ len .Nothing }}", "3 2 3 3 0"]]);
  expectFailing([
    ["{{ len .Age }}", /have a length/],
    ["{{ len }}", /len takes 1 argument/],
  ]);
});

test("index looks into lists and maps, as deep as it is told", () => {
  expectWritten([
    ["{{ index .List 0 }}", "a"],
    ['{{ index .Map "a" }}', "1"],
    ['{{ index .Map "inner" "x" }}', "deep"],
    ["{{ index .List }}", "[a b c]"],
    ['[{{ index .Map "nope" }}{{ index .Map "nope" "deeper" }}{{ index .Map "constructor" }}]', "[]"],
    ['{{ index "abc" 1 }}', "98"],
    ["{{ index .Mixed 5 0 }}", "1"],
  ]);
  expectFailing([
    ["{{ index .List 3 }}", /there is nothing at 3: the length is 3/],
    ["{{ index .List -1 }}", /there is nothing at -1/],
    ['{{ index .List "a" }}', /there is nothing at a/],
    ["{{ index .List 0.5 }}", /there is nothing at 0.5/],
    ["{{ index .Age 1 }}", /index takes a map or a list/],
  ]);
});

test("slice cuts texts by bytes, and lists", () => {
  expectWritten([
    ['{{ slice "hello" 1 3 }}', "el"],
    ['{{ slice "hello" 2 }}', "llo"],
    ['{{ slice "hello" }}', "hello"],
    ["{{ slice .List 1 }}", "[b c]"],
    ["{{ slice .List 0 2 }}", "[a b]"],
  ]);
  expectFailing([
    ['{{ slice "hello" 3 2 }}', /goes beyond/],
    ['{{ slice "hello" 0 9 }}', /goes beyond the length 5/],
    ["{{ slice .List -1 }}", /goes beyond/],
    ["{{ slice .Map 1 }}", /slice takes a text or a list/],
  ]);
});

test("print puts blanks between what is no text, println between all", () => {
  expectWritten([
    ["{{ print 1 2 `a` `b` 3 }}|{{ print }}|{{ print `a` 1 2 `b` }}", "1 2ab3||a1 2b"],
    ["{{ println `a` 1 true }}{{ println }}", "a 1 true\n\n"],
  ]);
});

test("html, js and urlquery escape", () => {
  expectWritten([
    ['{{ html "<a href=\'x\'>&\\"" }}', "&lt;a href=&#39;x&#39;&gt;&amp;&#34;"],
    ['{{ html 1 "&" }}', "1&amp;"],
    [`{{ js "it's \\"<b>\\" \\n&=\\\\ ä" }}`, `it\\'s \\"\\u003Cb\\u003E\\" \\u000A\\u0026\\u003D\\\\ ä`],
    ['{{ urlquery "a b&c=ä/~!*" }}', "a+b%26c%3D%C3%A4%2F~%21%2A"],
    ['{{ urlquery 1 "x" }}', "1x"],
  ]);
});
