import { test } from "node:test";
import { expectFailing, expectOutcomes } from "../support.ts";

test("UTF-8", () => {
  expectOutcomes([
    ["std.encodeUTF8('aé😀')", [97, 195, 169, 240, 159, 152, 128]],
    ["std.decodeUTF8([97, 195, 169])", "aé"],
    ["std.decodeUTF8([97, 255])", "a\uFFFD"],
  ]);
  expectFailing([
    ["std.decodeUTF8([256])", /256 is no byte/],
    ["std.decodeUTF8([1.5])", /1.5 is no byte/],
    ["std.decodeUTF8(['a'])", /a number is needed, not a string/],
  ]);
});

test("base64, of texts and of bytes", () => {
  expectOutcomes([
    ["[std.base64('hi'), std.base64('é'), std.base64([0, 255]), std.base64('')]", ["aGk=", "w6k=", "AP8=", ""]],
    ["[std.base64Decode('aGk='), std.base64DecodeBytes('AP8=')]", ["hi", [0, 255]]],
  ]);
  expectFailing([
    ["std.base64(1)", /base64 takes a string or bytes, not a number/],
    ["std.base64([256])", /256 is no byte/],
    ["std.base64Decode('aGk')", /the text is not in base64/],
    ["std.base64Decode('a-_=')", /the text is not in base64/],
    ["std.base64DecodeBytes('aG=k')", /the text is not in base64/],
  ]);
});

test("digests of texts, in hexadecimal", () => {
  // As `md5sum` and the like have them of the one letter a.
  expectOutcomes([
    ["std.md5('a')", "0cc175b9c0f1b6a831c399e269772661"],
    ["std.sha1('a')", "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8"],
    ["std.sha256('a')", "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"],
    ["std.substr(std.sha512('a'), 0, 32)", "1f40fc92da241694750979ee6cf582f2"],
    ["std.substr(std.sha3('a'), 0, 32)", "697f2d856172cb8309d6b8b97dac4de3"],
    ["std.md5('é') == std.md5(std.decodeUTF8([195, 169]))", true],
  ]);
  expectFailing([["std.md5(1)", /str has to be a string/]]);
});
