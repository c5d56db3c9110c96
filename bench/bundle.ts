import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");

/** Builds a release and lays it out as where it is installed, without its source; answers with the program to start. */
export function layOutBundle(): string {
  execFileSync(process.execPath, [join(root, "scripts/build.mjs")]);
  const folder = mkdtempSync(join(tmpdir(), "ostiary-bundle-"));
  process.once("exit", () => rmSync(folder, { recursive: true }));
  for (const part of ["bin", "dist", "migrations", "package.json"])
    cpSync(join(root, part), join(folder, part), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  return join(folder, "bin/ostiary.js");
}
