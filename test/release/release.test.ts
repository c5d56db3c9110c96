import assert from "node:assert/strict";
import { generateKeyPairSync, verify as verifySignature } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { archive } from "../../scripts/release/archive.ts";
import { makeBom } from "../../scripts/release/bom.ts";
import { refuseUnready } from "../../scripts/release/changelog.ts";
import { sha256Of } from "../../scripts/release/digest.ts";
import { makeStatement, sign } from "../../scripts/release/provenance.ts";
import { verify } from "../../scripts/release/verify.ts";

const root = join(import.meta.dirname, "../..");

function newFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "ostiary-release-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test("a version is released once the changelog tells of it, with a date", async () => {
  refuseUnready("# Changelog\n\n## 1.2.0 (2026-01-31)\n\n- Something.\n", "1.2.0");
  for (const [changelog, why] of [
    ["## 1.1.0 (2026-01-31)\n\n- Something.\n", /no chapter of 1\.2\.0/],
    ["## 1.2.0 (unreleased)\n\n- Something.\n", /has to say when/],
    ["## 1.2.0 (2026-01-31)\n\n## 1.1.0 (2026-01-01)\n\n- Something.\n", /says nothing/],
  ] as const)
    assert.throws(() => refuseUnready(changelog, "1.2.0"), why);
});

test("the bill of materials names what is depended on and what is bundled, with hashes, and no tool", async () => {
  const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
  const bundled = ["pg", "preact"].map((name) => `${name}@${lock[`node_modules/${name}`].version}`);
  const source = { commit: "0".repeat(40), time: 1_700_000_000, version: "1.2.0" };
  const bom = makeBom(root, bundled, source);
  const named = (name: string) => bom.components.find((one) => one.name === name);
  for (const name of ["mysql2", "pg", "preact", "@node-rs/argon2"])
    assert.match(named(name)!.hashes![0]!.content, /^[0-9a-f]{64,}$/, name);
  for (const tool of ["typescript", "esbuild", "oxlint"]) assert.equal(named(tool), undefined, tool);
  const refs = new Set([bom.metadata.component["bom-ref"], ...bom.components.map((one) => one["bom-ref"])]);
  for (const { ref, dependsOn = [] } of bom.dependencies)
    for (const one of [ref, ...dependsOn]) assert.ok(refs.has(one), one);
  assert.deepEqual(makeBom(root, bundled, source), bom, "the same each time");
  assert.throws(() => makeBom(root, ["nobody@1.0.0"], source), /does not know nobody@1\.0\.0/);
});

test("provenance names each file, and is signed by whoever has a key; what was changed later is noticed", async (t) => {
  const folder = newFolder(t);
  writeFileSync(join(folder, "a.tgz"), "a");
  const source = { commit: "0".repeat(40), time: 0, version: "1.2.0" };
  const statement = makeStatement(root, { out: folder, source, platforms: ["linux-x64"], snapshot: false });
  assert.deepEqual(
    statement.subject.map(({ name }) => name),
    ["a.tgz"],
  );
  for (const pair of [generateKeyPairSync("ed25519"), generateKeyPairSync("ec", { namedCurve: "P-256" })]) {
    const envelope = sign(statement, pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString());
    const payload = Buffer.from(envelope.payload, "base64");
    const signed = Buffer.concat([Buffer.from(`DSSEv1 28 application/vnd.in-toto+json ${payload.length} `), payload]);
    const signature = Buffer.from(envelope.signatures[0]!.sig, "base64");
    const algorithm = pair.privateKey.asymmetricKeyType === "ed25519" ? null : "sha256";
    assert.ok(verifySignature(algorithm, signed, pair.publicKey, signature));
    assert.deepEqual(JSON.parse(payload.toString()), statement);
  }
  const sum = (name: string) => `${sha256Of(join(folder, name))}  ${name}\n`;
  writeFileSync(join(folder, "x.provenance.json"), JSON.stringify(statement));
  writeFileSync(join(folder, "SHA256SUMS"), sum("a.tgz") + sum("x.provenance.json"));
  verify(folder);
  writeFileSync(join(folder, "b.tgz"), "b");
  assert.throws(() => verify(folder), /SHA256SUMS names/);
  rmSync(join(folder, "b.tgz"));
  writeFileSync(join(folder, "a.tgz"), "other");
  assert.throws(() => verify(folder), /a\.tgz is not what SHA256SUMS says/);
  writeFileSync(join(folder, "SHA256SUMS"), sum("a.tgz") + sum("x.provenance.json"));
  assert.throws(() => verify(folder), /a\.tgz is not what the provenance says/);
});

test(
  "an archive is made of names and contents alone",
  { skip: process.platform !== "linux" && "needs GNU tar" },
  async (t) => {
    const made = [
      ["z", "a"],
      ["a", "z"],
    ].map((names, index) => {
      const place = join(newFolder(t), "ostiary");
      mkdirSync(place);
      for (const name of names) {
        writeFileSync(join(place, name), name, { mode: index ? 0o600 : 0o644 });
        utimesSync(join(place, name), index, index);
      }
      archive(place, `${place}.tar.gz`, 1_700_000_000);
      return readFileSync(`${place}.tar.gz`);
    });
    assert.deepEqual(made[0], made[1]);
  },
);
