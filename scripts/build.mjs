// Makes dist/ of src/: the same modules without their types, for Node strips none below node_modules.
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const home = join(dirname(fileURLToPath(import.meta.url)), "..");
const source = join(home, "src");
const target = join(home, "dist");

/** A module's import of another one, static or not, also in `new URL("./worker.ts", import.meta.url)`. */
const relativeModule = /((?:\bfrom|\bimport|\bimport\(|\bnew URL\()\s*["']\.{1,2}\/[^"'\n]+)\.ts(["'])/g;

rmSync(target, { recursive: true, force: true });
for (const file of globSync("**/*", { cwd: source, withFileTypes: true })) {
  if (!file.isFile()) continue;
  const from = join(file.parentPath, file.name);
  const to = join(target, from.slice(source.length)).replace(/\.ts$/, ".js");
  mkdirSync(dirname(to), { recursive: true });
  if (!from.endsWith(".ts")) cpSync(from, to);
  else writeFileSync(to, stripTypeScriptTypes(readFileSync(from, "utf8")).replaceAll(relativeModule, "$1.js$2"));
}
