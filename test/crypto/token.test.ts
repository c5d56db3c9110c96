import assert from "node:assert/strict";
import { test } from "node:test";
import { macToken, verifyMacToken } from "../../src/crypto/mac.ts";
import { constantTimeEqual, randomDigits, randomToken, sessionToken, sha256Hex } from "../../src/crypto/token.ts";

/** Pearson's statistic of counts against even odds. */
function chiSquare(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

test("each of the ten digits is as likely as the others at every place of 100 000 codes", () => {
  const counts = Array.from({ length: 6 }, () => Array.from({ length: 10 }, () => 0));
  for (let drawn = 0; drawn < 100_000; drawn++)
    for (const [place, digit] of [...randomDigits(6)].entries()) counts[place]![Number(digit)]!++;
  // Nine degrees of freedom: an honest source goes beyond 40 once in a hundred thousand times.
  for (const place of counts) assert.ok(chiSquare(place) < 40, `chi-square ${chiSquare(place)}`);
});

test("each letter of a token is as likely as the others", () => {
  const counts = new Map<string, number>();
  for (let drawn = 0; drawn < 20_000; drawn++)
    for (const letter of randomToken()) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  assert.equal(counts.size, 62);
  // 61 degrees of freedom: mean 61, deviation 11.
  assert.ok(chiSquare([...counts.values()]) < 130);
});

test("100 000 tokens are all different", () => {
  const tokens = new Set(Array.from({ length: 100_000 }, () => randomToken()));
  assert.equal(tokens.size, 100_000);
});

test("a session token is recognised by its prefix", () => {
  assert.match(sessionToken(), /^ory_st_[0-9A-Za-z]{32}$/);
});

test("a digest is SHA-256 in hex", () => {
  assert.equal(sha256Hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});

test("texts are compared whatever their lengths", () => {
  assert.ok(constantTimeEqual("same", "same"));
  assert.ok(!constantTimeEqual("same", "some"));
  assert.ok(!constantTimeEqual("same", "samey"));
  assert.ok(constantTimeEqual("", ""));
});

test("a keyed token is known again under every secret, the newest making it", () => {
  const token = macToken("logout", "session 1", "old secret, of some length");
  assert.match(token, /^[0-9A-Za-z]{32}$/);
  assert.ok(verifyMacToken("logout", "session 1", token, ["new secret, of some length", "old secret, of some length"]));
  assert.ok(!verifyMacToken("logout", "session 1", token, ["new secret, of some length"]));
  assert.ok(!verifyMacToken("logout", "session 2", token, ["old secret, of some length"]));
  assert.ok(!verifyMacToken("invitation", "session 1", token, ["old secret, of some length"]));
});

test("a part of a keyed token is no token, not even the empty part", () => {
  const secrets = ["a secret, of some length"];
  const token = macToken("logout", "session", secrets[0]!);
  for (let length = 0; length < token.length; length++)
    assert.ok(!verifyMacToken("logout", "session", token.slice(0, length), secrets));
});

test("a keyed token can be longer than one digest", () => {
  assert.match(macToken("purpose", "message", "secret", 200), /^[0-9A-Za-z]{200}$/);
});
