import { test } from "node:test";
import { expectFailing, expectWritten } from "../support.ts";

test("cases", () => {
  expectWritten([
    ['{{ upper "aé" }}', "AÉ"],
    ['{{ lower "AÉ" }}', "aé"],
    ['{{ swapcase "aB cD" }}', "Ab Cd"],
    ['{{ untitle "Hello World" }}', "hello world"],
    ['{{ title "ada lovelace-king o\'neil 3rd éa" }}', "Ada Lovelace-King O'Neil 3rd Éa"],
    ['{{ snakecase "FirstName" }}', "first_name"],
    ['{{ snakecase "HTTPServer" }}', "http_server"],
    ['{{ snakecase "first name" }}', "first_name"],
    ['{{ snakecase "userID2" }}', "user_id2"],
    ['{{ snakecase "a1b2" }}', "a_1b2"],
    ['{{ kebabcase "FirstName" }}', "first-name"],
    ['{{ kebabcase "first_name" }}', "first-name"],
    ['{{ camelcase "http_server" }}', "HttpServer"],
    ['{{ camelcase "first-name" }}', "FirstName"],
    ['{{ initials "Ada  King Lovelace" }}{{ initials "" }}', "AKL"],
  ]);
});

test("what stands around a text", () => {
  expectWritten([
    [
      '[{{ trim "  a b \\n" }}] {{ trimAll "$" "$5$" }} {{ trimall "[]-" "[-a-]" }} {{ trimAll "" "a" }}',
      "[a b] 5 a a",
    ],
    ['{{ trimPrefix "-" "--a" }}', "-a"],
    ['{{ trimSuffix "-" "a--" }}', "a-"],
    ['{{ trimSuffix "" "a" }}', "a"],
    ['{{ nospace " a b\\tc " }}', "abc"],
    ['{{ quote "a" 1 "b\\"c" .Nothing }}', '"a" "1" "b\\"c"'],
    ["{{ quote .List }}", '"[a b c]"'],
    ['{{ squote "a" 1 }}', "'a' '1'"],
    ['{{ cat "a" "" .Nothing 1 }}', "a  1"],
    ['{{ indent 2 "a\\nb" }}{{ nindent 2 "a\\nb" }}', "  a\n  b\n  a\n  b"],
  ]);
});

test("what is in a text", () => {
  expectWritten([
    ['{{ contains "an" "banana" }}', "true"],
    ['{{ hasPrefix "ba" "banana" }}', "true"],
    ['{{ hasSuffix "x" "banana" }}', "false"],
    ['{{ replace "a" "$&" "bar" }}', "b$&r"],
    ['{{ replace "x" "y" "bar" }}', "bar"],
    ['{{ splitList "," "a,b" }}', "[a b]"],
    ['{{ (split "," "a,b")._1 }}', "b"],
    ['{{ (splitn "," 2 "a,b,c")._1 }}', "b,c"],
    ['{{ (splitn "," 0 "a,b,c")._2 }}', "c"],
    ['{{ substr 1 3 "hello" }}', "el"],
    ['{{ substr -1 3 "hello" }}', "hel"],
    ['{{ substr 2 -1 "hello" }}', "llo"],
    ['{{ substr 0 9 "hello" }}', "hello"],
    ['{{ substr 0 1 "😀a" }}', "😀"],
    ['{{ trunc 3 "hello" }}', "hel"],
    ['{{ trunc -3 "hello" }}', "llo"],
    ['{{ trunc 9 "hi" }}', "hi"],
    ['{{ trunc 2 "äöü" }}', "äö"],
    ['{{ abbrev 5 "hello world" }}', "he..."],
    ['{{ abbrev 20 "hello" }}', "hello"],
    ['{{ abbrev 3 "hello" }}', "hello"],
    ['{{ wrap 10 "the quick brown fox jumps" }}', "the quick\nbrown fox\njumps"],
  ]);
});

test("more of a text, and of one or many", () => {
  expectWritten([
    [
      '{{ repeat 3 "ab" }}{{ repeat 0 "x" }} {{ plural "one" "many" 1 }} {{ plural "one" "many" 0 }}',
      "ababab one many",
    ],
    ["{{ toString 1 }}", "1"],
    ["{{ toString .List }}", "[a b c]"],
  ]);
  expectFailing([
    ['{{ repeat -1 "a" }}', /less than zero times/],
    ['{{ repeat 1000000 "a" }}', /more than 100000 characters/],
    ["{{ upper }}", /upper takes 1 argument, not 0/],
    ['{{ upper "a" "b" }}', /upper takes 1 argument, not 2/],
    ["{{ trunc 3 }}", /trunc takes 2 arguments, not 1/],
  ]);
});

test("base64 and digests", () => {
  expectWritten([
    ['{{ b64enc "hällo" }}', "aMOkbGxv"],
    ['{{ b64dec "aGk=" }}', "hi"],
    ['{{ sha1sum "a" }}', "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8"],
    ['{{ sha256sum "a" | trunc 16 }}', "ca978112ca1bbdca"],
  ]);
});

test("patterns are Go's", () => {
  expectWritten([
    [
      '{{ regexMatch "^a+$" "aaa" }} {{ regexMatch "b" "aaa" }} {{ regexFind "[0-9]+" "a12b34" }}{{ regexFind "x" "a" }}',
      "true false 12",
    ],
    ['{{ regexFindAll "[0-9]" "a1b2c3" 2 }}', "[1 2]"],
    ['{{ regexFindAll "[0-9]+" "a12b3" -1 }}', "[12 3]"],
    ['{{ regexFindAll "x" "a" -1 }}', "[]"],
    ['{{ regexFindAll "a" "aa" 0 }}', "[]"],
    ['{{ regexReplaceAll "a(x*)b" "-ab-axxb-" "${1}W" }}', "-W-xxW-"],
    ['{{ regexReplaceAll "a(x*)b" "-ab-axxb-" "$1W" }}', "---"],
    ['{{ regexReplaceAll "(?P<n>a)" "banana" "<$n>" }}', "b<a>n<a>n<a>"],
    ['{{ regexReplaceAll "a" "banana" "[$0]" }}', "b[a]n[a]n[a]"],
    ['{{ regexReplaceAll "a" "ba" "$$" }}', "b$"],
    ['{{ regexReplaceAllLiteral "a(x*)b" "-ab-axxb-" "${1}" }}', "-${1}-${1}-"],
    ['{{ regexSplit "z+" "pizza" -1 }}', "[pi a]"],
    ['{{ regexSplit "," "a,b,c" 2 }}', "[a b,c]"],
    ['{{ regexSplit "," "a,b" 0 }}', "[]"],
    ['{{ regexSplit "" "abc" -1 }}', "[a b c]"],
    ['{{ regexQuoteMeta "1.2[x]" }}', "1\\.2\\[x\\]"],
    // A pattern that would keep others busy for years.
    ['{{ regexMatch "(a+)+$" (printf "%sb" (repeat 1000 "a")) }}', "false"],
  ]);
  expectFailing([
    ['{{ regexMatch "(" "a" }}', /error parsing regexp/],
    ['{{ regexReplaceAll "a" (repeat 1000 "a") (repeat 1000 "b") }}', /more than 100000 characters/],
  ]);
});

test("URLs are taken apart and put together", () => {
  expectWritten([
    [
      '{{ $u := urlParse "https://me:pw@id.example.org:8443/a%20b?x=1#y" }}{{ $u.scheme }} {{ $u.host }} {{ $u.hostname }} {{ $u.path }} {{ $u.query }} {{ $u.fragment }} {{ $u.userinfo }} {{ urlJoin $u }}',
      "https id.example.org:8443 id.example.org /a b x=1 y me:pw https://me:pw@id.example.org:8443/a%20b?x=1#y",
    ],
    ['{{ (urlParse "/relative?x=1").path }}', "/relative"],
    ['{{ (urlParse "mailto:a@b.c").opaque }}', "a@b.c"],
    ['{{ (urlParse "http://[::1]:80/").hostname }}', "::1"],
    [
      '{{ urlJoin (dict "scheme" "http" "host" "h:80" "path" "/p" "query" "q=1" "fragment" "f") }}',
      "http://h:80/p?q=1#f",
    ],
  ]);
  expectFailing([['{{ urlParse "/%zz" }}', /cannot decode/]]);
});
