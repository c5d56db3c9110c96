import assert from "node:assert/strict";
import { test } from "node:test";
import { loadBuiltInArgon2, loadPrebuiltArgon2 } from "../../src/crypto/argon2.ts";
import { loadPlainBcrypt, loadPrebuiltBcrypt } from "../../src/crypto/bcrypt.ts";
import {
  PasswordTooLong,
  checkHash,
  createHash,
  decoyHash,
  isOutdated,
  maxPasswordBytes,
  verifyHash,
} from "../../src/crypto/hash.ts";

const argon2Settings = {
  memory: 65_536,
  iterations: 1,
  parallelism: 1,
  salt_length: 16,
  key_length: 32,
  expected_duration: 500,
  expected_deviation: 500,
  dedicated_memory: 1_073_741_824,
};
const argon2Hashers = { algorithm: "argon2", argon2: argon2Settings, bcrypt: { cost: 4 } } as const;
const bcryptHashers = { ...argon2Hashers, algorithm: "bcrypt" } as const;
const both = [argon2Hashers, bcryptHashers];
const password = "nine llamas on a raft";

test("an Argon2 hash is written in PHC form, as Kratos reads it", async () => {
  const hash = await createHash(password, argon2Hashers);
  assert.match(hash, /^\$argon2id\$v=19\$m=64,t=1,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
});

test("a bcrypt hash is written under the prefix that Kratos writes", async () => {
  assert.match(await createHash(password, bcryptHashers), /^\$2a\$04\$[./A-Za-z0-9]{53}$/);
});

for (const hashers of both) {
  test(`${hashers.algorithm}: a password fits its own hash and no other`, async () => {
    const hash = await createHash(password, hashers);
    assert.ok(await verifyHash(password, hash));
    assert.ok(!(await verifyHash(`${password}!`, hash)));
    assert.ok(!(await verifyHash("", hash)));
    assert.notEqual(await createHash(password, hashers), hash);
    assert.deepEqual(checkHash(hash), { ok: true });
  });

  test(`${hashers.algorithm}: every spelling of one password fits`, async () => {
    const spelled = "Größe ﬁnden";
    const hash = await createHash(spelled, hashers);
    for (const form of ["NFC", "NFD", "NFKC", "NFKD"] as const)
      assert.ok(await verifyHash(spelled.normalize(form), hash));
  });

  test(`${hashers.algorithm}: a decoy looks like a real hash, fits nothing and stays the same`, async () => {
    const decoy = await decoyHash(hashers);
    const real = await createHash(password, hashers);
    assert.equal(decoy.length, real.length);
    assert.deepEqual(checkHash(decoy), { ok: true });
    assert.ok(!isOutdated(decoy, hashers));
    assert.ok(!(await verifyHash(password, decoy)));
    assert.equal(await decoyHash(hashers), decoy);
  });
}

test("a password that someone else hashed without normalising fits as it was typed", async () => {
  const typed = "Größe".normalize("NFD");
  const bcrypt = await loadPlainBcrypt();
  assert.ok(await verifyHash(typed, await bcrypt.hash(typed, 4)));
});

test("Argon2 is the same by its package and by Node", async () => {
  const parameters = { variant: "argon2id", memoryKiB: 64, iterations: 2, parallelism: 2, keyLength: 32 } as const;
  const salt = Buffer.from("sixteen bytes...");
  const [prebuilt, builtIn] = await Promise.all([loadPrebuiltArgon2(), loadBuiltInArgon2()]);
  for (const variant of ["argon2id", "argon2i"] as const)
    assert.deepEqual(
      await prebuilt(Buffer.from(password), salt, { ...parameters, variant }),
      await builtIn(Buffer.from(password), salt, { ...parameters, variant }),
    );
});

test("the Argon2 package reads our hashes", async () => {
  const { verify } = await import("@node-rs/argon2");
  assert.ok(await verify(await createHash(password, argon2Hashers), password));
});

test("bcrypt is the same by either of its packages", async () => {
  const [prebuilt, plain] = await Promise.all([loadPrebuiltBcrypt(), loadPlainBcrypt()]);
  assert.ok(await plain.verify(password, await prebuilt.hash(password, 4)));
  assert.ok(await prebuilt.verify(password, await plain.hash(password, 4)));
  assert.match(await plain.hash(password, 4), /^\$2a\$04\$/);
});

test("bcrypt takes 72 bytes and no more", async () => {
  const longest = "é".repeat(36);
  assert.equal(maxPasswordBytes(bcryptHashers), 72);
  const hash = await createHash(longest, bcryptHashers);
  assert.ok(await verifyHash(longest, hash));
  assert.ok(!(await verifyHash(`${longest}a`, hash)));
  await assert.rejects(createHash(`${longest}a`, bcryptHashers), PasswordTooLong);
});

test("a password that fits only as it was typed is hashed as it was typed", async () => {
  const ligatures = "ﷺ".repeat(20);
  const hash = await createHash(ligatures, bcryptHashers);
  assert.ok(await verifyHash(ligatures, hash));
});

test("Argon2 takes long passwords whole", async () => {
  const long = "a long one ".repeat(500);
  const hash = await createHash(long, argon2Hashers);
  assert.ok(await verifyHash(long, hash));
  assert.ok(!(await verifyHash(`${long}.`, hash)));
});

test("a hash is outdated when its algorithm is another one or it is weaker", async () => {
  const argon2Hash = await createHash(password, argon2Hashers);
  const bcryptHash = await createHash(password, bcryptHashers);
  const settings = (change: Partial<typeof argon2Settings>) => ({
    ...argon2Hashers,
    argon2: { ...argon2Settings, ...change },
  });
  assert.ok(!isOutdated(argon2Hash, argon2Hashers));
  assert.ok(!isOutdated(bcryptHash, bcryptHashers));
  assert.ok(isOutdated(argon2Hash, bcryptHashers));
  assert.ok(isOutdated(bcryptHash, argon2Hashers));
  assert.ok(isOutdated(argon2Hash, settings({ memory: 131_072 })));
  assert.ok(isOutdated(argon2Hash, settings({ iterations: 2 })));
  assert.ok(isOutdated(argon2Hash, settings({ key_length: 64 })));
  assert.ok(!isOutdated(argon2Hash, settings({ memory: 32_768 })));
  assert.ok(isOutdated(bcryptHash, { ...bcryptHashers, bcrypt: { cost: 5 } }));
  assert.ok(isOutdated("$md5$CY9rzUYh03PK3k6DJie09g==", argon2Hashers));
});

test("a hash that the configuration asks for is verified even where it could not be imported", async () => {
  const many = { ...argon2Hashers, argon2: { ...argon2Settings, parallelism: 24, memory: 262_144, iterations: 11 } };
  const hash = await createHash(password, many);
  assert.ok(await verifyHash(password, hash));
  assert.equal(checkHash(hash).ok, false);
});
