import assert from "node:assert/strict";
import { test } from "node:test";
import { decrypt } from "../../src/crypto/aead.ts";
import { open, seal } from "../../src/crypto/cipher.ts";
import { openCookie, sealCookie } from "../../src/crypto/cookie-seal.ts";
import { openPage, sealPage } from "../../src/crypto/page-token.ts";
import { hChaCha20, openXChaCha, sealXChaCha } from "../../src/crypto/xchacha.ts";

const oldSecret = "an old secret of thirty-two byte";
const newSecret = "a new secret, of thirty-two byte";
const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** Every text that differs from the given one in one letter, is shorter, or longer by one. */
function* damaged(text: string): Generator<string> {
  for (let place = 0; place < text.length; place++) {
    yield text.slice(0, place);
    for (const letter of [letters[place % 64]!, letters[(letters.indexOf(text[place]!) ^ 1) % 64]!])
      if (letter !== text[place]) yield text.slice(0, place) + letter + text.slice(place + 1);
  }
  yield `${text}A`;
  yield `${text}=`;
}

test("a cookie opens under every secret, the first of which sealed it", () => {
  const value = sealCookie("session", "payload ✓", [oldSecret]);
  assert.equal(openCookie("session", value, [newSecret, oldSecret]), "payload ✓");
  assert.equal(openCookie("session", value, [newSecret]), undefined);
  assert.equal(openCookie("session", sealCookie("session", "", [newSecret, oldSecret]), [newSecret]), "");
});

test("a cookie sealed for one purpose does not open for another", () => {
  assert.equal(openCookie("csrf", sealCookie("session", "payload", [oldSecret]), [oldSecret]), undefined);
});

test("a damaged cookie does not open, nor does another spelling of a good one", () => {
  const value = sealCookie("session", "payload", [oldSecret]);
  for (const wrong of damaged(value)) assert.equal(openCookie("session", wrong, [oldSecret]), undefined, wrong);
  assert.equal(openCookie("session", "not base64 at all ✗", [oldSecret]), undefined);
});

test("what would not fit into a cookie is refused when it is sealed", () => {
  assert.ok(sealCookie("oidc", "x".repeat(2900), [oldSecret]).length <= 4000);
  assert.throws(() => sealCookie("oidc", "x".repeat(3100), [oldSecret]), RangeError);
});

for (const algorithm of ["noop", "aes", "xchacha20-poly1305"] as const)
  test(`what ${algorithm} sealed opens after the secrets were rotated`, () => {
    const sealed = seal("token ✓", [oldSecret], algorithm);
    assert.match(sealed, /^[0-9a-f]+$/);
    assert.equal(open(sealed, [newSecret, oldSecret]), "token ✓");
  });

test("a sealed value that was changed or whose secret is lost does not open", () => {
  for (const algorithm of ["aes", "xchacha20-poly1305"] as const) {
    const sealed = seal("token", [oldSecret], algorithm);
    assert.equal(open(sealed, [newSecret]), undefined);
    const flipped = `${sealed.slice(0, -1)}${sealed.endsWith("0") ? "1" : "0"}`;
    assert.equal(open(flipped, [oldSecret]), undefined);
  }
  assert.equal(open("not hex", [oldSecret]), undefined);
});

test("a cipher without a secret says so", () => {
  assert.throws(() => seal("token", [], "aes"), /secrets\.cipher/);
});

test("AES values are laid out as nonce, ciphertext, tag under the secret itself", () => {
  const bytes = Buffer.from(seal("token", [oldSecret], "aes"), "hex");
  assert.equal(decrypt("aes-256-gcm", Buffer.from(oldSecret), bytes.subarray(0, 12), bytes.subarray(12)), "token");
});

// draft-irtf-cfrg-xchacha-03, section 2.2.1.
test("HChaCha20 draws the subkey of the specification", () => {
  const key = Buffer.from("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", "hex");
  const nonce = Buffer.from("000000090000004a0000000031415927", "hex");
  const subkey = "82413b4227b27bfed30e42508a877d73a0f9e4d58a74a853c12ec41326d3ecdc";
  assert.equal(hChaCha20(key, nonce).toString("hex"), subkey);
});

// The same key, nonce and text as in appendix A.3.1, without its additional data: the ciphertext is the same.
test("XChaCha20-Poly1305 makes the ciphertext of the specification", () => {
  const key = Buffer.from("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f", "hex");
  const nonce = Buffer.from("404142434445464748494a4b4c4d4e4f5051525354555657", "hex");
  const text =
    "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.";
  const sealed = sealXChaCha(key, text, nonce);
  assert.equal(sealed.subarray(24, 40).toString("hex"), "bd6d179d3e83d43b9576579493c0e939");
  assert.equal(openXChaCha(key, sealed), text);
});

const noSecrets = { pagination: [], default: [] };
const startMs = Date.parse("2026-01-01");

test("a page token gives back what it was made of, for an hour", () => {
  const secrets = { pagination: [oldSecret], default: [] };
  const token = sealPage({ after: "id", size: 3 }, secrets, startMs);
  assert.deepEqual(openPage(token, secrets, startMs + 3_599_999), { after: "id", size: 3 });
  assert.equal(openPage(token, secrets, startMs + 3_600_000), undefined);
});

test("page tokens use the pagination secrets, else the default ones, else one of this process", () => {
  const token = sealPage({ n: 1 }, { pagination: [], default: [oldSecret] }, startMs);
  assert.deepEqual(openPage(token, { pagination: [newSecret, oldSecret], default: [] }, startMs), { n: 1 });
  assert.equal(openPage(token, noSecrets, startMs), undefined);
  assert.deepEqual(openPage(sealPage({ n: 2 }, noSecrets, startMs), noSecrets, startMs), { n: 2 });
});

test("a damaged page token is none", () => {
  const token = sealPage({ after: "id" }, noSecrets, startMs);
  for (const wrong of damaged(token)) assert.equal(openPage(wrong, noSecrets, startMs), undefined);
});
