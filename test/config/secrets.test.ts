import assert from "node:assert/strict";
import { test } from "node:test";
import { readConfig } from "../../src/config/load.ts";
import { revisionOf } from "../../src/config/revision.ts";
import { least, readBad, readGood, spareSecret, write } from "./written.ts";

const withoutSecrets = least.replace(/secrets:[^]*/, "");

test("without a secret the server starts in development mode only", (t) => {
  const files = write(t, withoutSecrets);
  const [fault] = readBad(files);
  assert.match(fault!, /secrets\.cookie: is required outside development mode; make one with: /);
  const config = readGood(files, {}, { dev: true });
  assert.deepEqual(config.secrets.cookie, [spareSecret]);
  const reading = readConfig({ files, environment: {}, flags: { dev: true }, spareSecret });
  assert.ok(reading.kind === "read" && reading.insecure.some((sentence) => sentence.includes("random secret")));
});

test("short secrets are refused", (t) => {
  const secrets = "secrets: { default: [short], cipher: [also-short] }\n";
  assert.deepEqual(readBad(write(t, `${withoutSecrets}${secrets}`)), [
    "ostiary-0.yml:6: secrets.default[0]: must have at least 16 characters",
    "ostiary-0.yml:6: secrets.cipher[0]: must have exactly 32 characters",
  ]);
});

test("secrets that are published as examples are taken in development mode only", (t) => {
  const files = write(
    t,
    `${withoutSecrets}secrets: { cookie: [PLEASE-CHANGE-ME-I-AM-VERY-INSECURE], cipher: [32-LONG-SECRET-NOT-SECURE-AT-ALL] }\n`,
  );
  const faults = readBad(files);
  assert.match(faults[0]!, /^ostiary-0\.yml:6: secrets\.cookie\[0\]: is a published example.*openssl rand -hex 32$/);
  assert.match(faults[1]!, /^ostiary-0\.yml:6: secrets\.cipher\[0\]: is a published example.*openssl rand -hex 16$/);
  assert.equal(readGood(files, {}, { dev: true }).secrets.cookie.length, 1);
});

test("a cipher needs a key", (t) => {
  const [fault] = readBad(write(t, `${least}ciphers: { algorithm: aes }\n`));
  assert.match(fault!, /secrets\.cipher: is required by ciphers\.algorithm aes/);
});

test("the revision changes with the configuration but tells nothing of its secrets", (t) => {
  const first = revisionOf(readGood(write(t, least)));
  const otherSecret = revisionOf(readGood(write(t, least.replace("a-secret", "b-secret"))));
  const otherLifespan = revisionOf(readGood(write(t, `${least}session: { lifespan: 2h }\n`)));
  assert.equal(first, otherSecret);
  assert.notEqual(first, otherLifespan);
  assert.equal(revisionOf(readGood(write(t, `${least}revision: mine\n`))), "mine");
});
