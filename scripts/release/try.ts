// Makes a release twice, in two clones of what is committed, and compares each byte; then unpacks the one for this platform in an empty folder, and
// has somebody sign up and in at the server that is in it. Where this is root of a Linux the whole file system is read-only meanwhile.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { serveArchive } from "./serve-archive.ts";
import { verify } from "./verify.ts";

const root = resolve(import.meta.dirname, "../..");
const platform = `${process.platform}-${process.arch}`;
const folder = mkdtempSync(join(tmpdir(), "ostiary-try-release-"));
const run = (command: string, words: readonly string[], cwd: string) =>
  execFileSync(command, words, { cwd, stdio: ["ignore", "ignore", "inherit"] });
try {
  const [first, second] = [release("first"), release("and-the-second")] as const;
  const sumsOf = (one: string) => readFileSync(join(one, "SHA256SUMS"), "utf8");
  const [once, again] = [sumsOf(first), sumsOf(second)];
  if (once !== again) throw new Error(`two releases of one commit differ:\n${once}\n${again}`);
  console.log(`two releases of one commit are the same, byte by byte: ${readdirSync(first).length} files`);
  verify(first);
  console.log("the sums fit, and the provenance names each file");
  await serveArchive(first, platform, folder);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Makes a release of a clone, in a folder whose name is its own. */
function release(name: string): string {
  const clone = join(folder, name, "source");
  run("git", ["clone", "--quiet", root, clone], root);
  symlinkSync(join(root, "node_modules"), join(clone, "node_modules"));
  const out = join(folder, name, "release");
  run(process.execPath, ["scripts/release/release.ts", out, "--snapshot", "--platform", platform], clone);
  return out;
}
