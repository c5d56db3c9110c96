import { test } from "node:test";
import { expectFailing, expectWritten } from "../support.ts";

test("lists are made and taken apart", () => {
  expectWritten([
    ["{{ list 1 `a` }}", "[1 a]"],
    ["{{ tuple 1 2 }}", "[1 2]"],
    ["{{ first .List }}", "a"],
    ["{{ last .List }}", "c"],
    ["{{ rest .List }}", "[b c]"],
    ["{{ initial .List }}", "[a b]"],
    ["{{ reverse .List }}", "[c b a]"],
    ["[{{ first .None }}{{ last .Nothing }}] {{ rest .None }}", "[] []"],
    ["{{ append .List `d` }}", "[a b c d]"],
    ["{{ prepend .List `z` }}", "[z a b c]"],
    ["{{ concat .List .Numbers (list) }}", "[a b c 3 1 2]"],
    ["{{ chunk 2 .List }}", "[[a b] [c]]"],
    ["{{ chunk 5 .List }}", "[[a b c]]"],
    ["{{ until 3 }}", "[0 1 2]"],
    ["{{ until -3 }}", "[0 -1 -2]"],
    ["{{ untilStep 3 9 3 }}", "[3 6]"],
    ["{{ untilStep 5 0 -2 }}", "[5 3 1]"],
    ["{{ untilStep 0 3 0 }}", "[]"],
    [
      "{{ seq 5 }}|{{ seq 2 4 }}|{{ seq 0 2 6 }}|{{ seq 3 1 }}|{{ seq -1 }}|{{ seq 0 -2 -5 }}|{{ seq }}",
      "1 2 3 4 5|2 3 4|0 2 4 6|3 2 1|1 0 -1|0 -2 -4|",
    ],
  ]);
  expectFailing([
    ["{{ first .Name }}", /a list is needed, not Ada/],
    ["{{ rest 1 }}", /a list is needed, not 1/],
    ["{{ chunk 0 .List }}", /lists of one or more/],
    ["{{ until 1000000 }}", /longer than 10000/],
    ["{{ first }}", /first takes 1 argument, not 0/],
  ]);
});

test("lists are searched and sorted; what is alike is equal", () => {
  expectWritten([
    ["{{ has 2 .Numbers }}", "true"],
    ["{{ has `2` .Numbers }}", "false"],
    ["{{ has (list 1) (list (list 1)) }}", "true"],
    [
      "{{ without .Numbers 1 2 }} {{ without (list (list 1) 2) (list 1) }} {{ uniq (list 1 2 1 `1` (list 1) (list 1)) }}",
      "[3] [2] [1 2 1 [1]]",
    ],
    ["{{ compact (list 0 1 `` `a` nil) }}", "[1 a]"],
    ["{{ sortAlpha (list `b` `a` `C`) }}", "[C a b]"],
    [
      "{{ join `,` .Mixed }} {{ join `-` `abc` }}{{ join `,` .Nothing }} {{ toStrings (list 1 nil true) }}",
      "1,a,true,1.5,[1],map[k:v] abc [1 true]",
    ],
  ]);
});

test("maps are made, looked at and changed by copies", () => {
  expectWritten([
    ["{{ dict `a` 1 `b` 2 }}", "map[a:1 b:2]"],
    ["{{ dict }}", "map[]"],
    ["{{ dict `odd` }}", "map[odd:]"],
    ["{{ get .Map `a` }}[{{ get .Map `zz` }}] {{ hasKey .Map `a` }} {{ hasKey .Map `constructor` }}", "1[] true false"],
    ["{{ keys .Map (dict `z` 1) }}", "[a b inner z]"],
    ["{{ values (dict `a` 1) }}", "[1]"],
    ["{{ pick .Map `a` `zz` }}", "map[a:1]"],
    ["{{ omit .Map `inner` }}", "map[a:1 b:2]"],
    ["{{ pluck `a` .Map (dict `a` 9) (dict `b` 1) }}", "[1 9]"],
    [
      "{{ $d := dict `a` 1 }}{{ $e := set $d `b` 2 }}{{ $e }} {{ $d }} {{ unset $e `a` }}",
      "map[a:1 b:2] map[a:1] map[b:2]",
    ],
    ["{{ merge (dict `a` 1 `e` ``) (dict `a` 2 `e` `full`) }}", "map[a:1 e:full]"],
    ["{{ merge (dict `n` (dict `x` 1)) (dict `n` (dict `x` 2 `y` 3)) }}", "map[n:map[x:1 y:3]]"],
    ["{{ dig `inner` `x` `other` .Map }}", "deep"],
    ["{{ dig `inner` `q` `other` .Map }}", "other"],
    ["{{ dig `a` `x` `other` .Map }}", "other"],
    ["{{ (deepCopy .Map).a }}{{ (mustDeepCopy .List) }}", "1[a b c]"],
  ]);
  expectFailing([
    ["{{ get .Name `a` }}", /a map is needed/],
    ["{{ keys .List }}", /a map is needed/],
    ["{{ hasKey .Map }}", /hasKey takes 2 arguments, not 1/],
  ]);
});

test("names that mean something to JavaScript are keys like any other", () => {
  expectWritten([
    [
      "{{ $d := dict `__proto__` (dict `admin` true) }}{{ $d.admin }}{{ hasKey $d `admin` }}{{ (get $d `__proto__`).admin }}",
      "falsetrue",
    ],
    ["{{ $d := set (dict) `__proto__` (dict `admin` true) }}{{ $d.admin }}{{ keys $d }}", "[__proto__]"],
    ['{{ $d := merge (dict) (fromJson `{"__proto__":{"admin":true}}`) }}{{ $d.admin }}{{ keys $d }}', "[__proto__]"],
  ]);
});
