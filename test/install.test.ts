import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const root = join(import.meta.dirname, "..");
const read = (name: string) => JSON.parse(readFileSync(join(root, name), "utf8"));

interface Entry {
  readonly dev?: boolean;
  readonly engines?: unknown;
  readonly gypfile?: boolean;
  readonly hasInstallScript?: boolean;
}

const packages = Object.entries(read("package-lock.json").packages as Record<string, Entry>).filter(([place]) =>
  place.startsWith("node_modules/"),
);

test("installing compiles nothing and runs no script of a package", () => {
  const withScripts = packages
    .filter(([, { hasInstallScript }]) => hasInstallScript)
    .map(([place]) => place.split("node_modules/").at(-1)!);
  assert.deepEqual(
    read("package.json").allowScripts,
    Object.fromEntries(withScripts.toSorted().map((name) => [name, false])),
  );
  assert.deepEqual(
    packages.filter(([, { gypfile }]) => gypfile === false).map(([place]) => place),
    ["node_modules/better-sqlite3"],
  );
});

test("a release depends on no package with a script of its own", () => {
  assert.deepEqual(
    packages.filter(([, { dev, hasInstallScript }]) => !dev && hasInstallScript),
    [],
  );
});

test("installing asks nothing of the Node that npm runs on, since another one comes along", () => {
  assert.deepEqual(
    packages.filter(([, { engines }]) => engines),
    [],
  );
});

test("the lockfile is as the last install left it", () => {
  const before = readFileSync(join(root, "package-lock.json"), "utf8");
  execFileSync(process.execPath, [join(root, "scripts", "lockfile.mjs")]);
  assert.equal(readFileSync(join(root, "package-lock.json"), "utf8"), before);
});
