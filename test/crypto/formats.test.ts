import assert from "node:assert/strict";
import { test } from "node:test";
import { checkHash, verifyHash } from "../../src/crypto/hash.ts";
import { hmacMd4, md4 } from "../../src/crypto/formats/md4.ts";
import { firebaseSignerKey, passwordHashes } from "../support/password-hashes.ts";

for (const [password, hash] of passwordHashes)
  test(`a password fits ${hash.slice(0, 48)} and another one does not`, async () => {
    assert.deepEqual(checkHash(hash), { ok: true });
    assert.ok(await verifyHash(password, hash));
    assert.ok(!(await verifyHash(`${password}x`, hash)));
    assert.ok(!(await verifyHash("", hash)));
  });

const salt = "c29tZXNhbHQ";
const digest = "zwOqYW1uYYA7uEyTwfTRNAk+I1bm2gH/HBp7B88MHXs";
const firescrypt = (costs: string) => `$firescrypt$${costs}$${salt}=$${digest}=$Bw==$${firebaseSignerKey}`;

test("costs are taken up to their bounds", () => {
  for (const hash of [
    `$argon2id$v=19$m=1048576,t=10,p=16$${salt}$${digest}`,
    `$pbkdf2-sha256$i=10000000,l=32$${salt}$${digest}`,
    `$scrypt$ln=131072,r=8,p=10$${salt}=$${digest}=`,
    firescrypt("ln=17,r=8,p=10"),
    `$2a$15$${"C".repeat(53)}`,
  ])
    assert.deepEqual(checkHash(hash), { ok: true }, hash);
});

test("costs beyond the bounds are refused", () => {
  for (const hash of [
    `$argon2id$v=19$m=1048577,t=1,p=1$${salt}$${digest}`,
    `$argon2id$v=19$m=65536,t=11,p=1$${salt}$${digest}`,
    `$argon2i$v=19$m=65536,t=1,p=17$${salt}$${digest}`,
    `$argon2i$v=19$m=65536,t=0,p=1$${salt}$${digest}`,
    `$pbkdf2-sha256$i=10000001,l=32$${salt}$${digest}`,
    `$pbkdf2-sha256$i=0,l=32$${salt}$${digest}`,
    `$scrypt$ln=262144,r=8,p=1$${salt}=$${digest}=`,
    `$scrypt$ln=16384,r=9,p=1$${salt}=$${digest}=`,
    `$scrypt$ln=16384,r=8,p=11$${salt}=$${digest}=`,
    firescrypt("ln=18,r=8,p=1"),
    firescrypt("ln=14,r=0,p=1"),
    `$2a$16$${"C".repeat(53)}`,
    `$2a$03$${"C".repeat(53)}`,
    `$sha512-crypt$rounds=999999999$ab$${"a".repeat(86)}`,
  ])
    assert.equal(checkHash(hash).ok, false, hash);
});

test("what is no hash of any family is refused with a reason, and fits nothing", async () => {
  for (const hash of [
    "",
    "test",
    "$1$abcdefgh$G//4keteveJp0qb8z2DxG/",
    "$argon2d$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
    "$argon2id$v=16$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
    "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ=$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
    "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHR$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
    "$2a$10$tooshort",
    "$pbkdf2-sha256$i=x,l=32$a$b",
    "$scrypt$ln=16383,r=8,p=1$2npR$MiCz",
    "$scrypt$ln=16384,r=8,p=1$2npR$Mi*z",
    "$firescrypt$ln=14,r=8,p=1$2npR$MiCz",
    "$md5-crypt$abcdefgh$short",
    "$sha256-crypt$salt$short",
    "{SSHA}c2hvcnQ=",
    "{SSHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=",
    "$sha1$pf=e1NBTFR9$$YQ==",
    "$md5$YQ==",
    "$hmac-sha256$YQ==$YQ==",
  ]) {
    const verdict = checkHash(hash);
    assert.ok(!verdict.ok && verdict.reason.length > 10, hash);
    assert.ok(!(await verifyHash("test", hash)), hash);
  }
});

// RFC 1320, appendix A.5.
test("MD4 makes the digests of its specification", () => {
  const digits = "12345678901234567890123456789012345678901234567890123456789012345678901234567890";
  const cases: readonly (readonly [text: string, digest: string])[] = [
    ["", "31d6cfe0d16ae931b73c59d7e0c089c0"],
    ["abc", "a448017aaf21d8525fc10ae87aa6729d"],
    ["message digest", "d9130a8164549fe818874806e1c7014b"],
    [digits, "e33b4ddc9c38f2199c3e7b164fcc0536"],
  ];
  for (const [text, expected] of cases) assert.equal(md4(Buffer.from(text)).toString("hex"), expected);
});

test("HMAC hashes keys that are longer than a block", () => {
  const key = Buffer.alloc(100, "k");
  assert.deepEqual(hmacMd4(key, Buffer.from("message")), hmacMd4(md4(key), Buffer.from("message")));
});
