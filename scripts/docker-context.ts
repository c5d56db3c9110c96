import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The files that a build of the image is handed: all that .dockerignore admits, of which the last line that fits decides. */
export function contextFiles(root: string): string[] {
  const rules = readFileSync(join(root, ".dockerignore"), "utf8")
    .split("\n")
    .filter((line) => line && !line.startsWith("#"))
    .map((line) => ({ admits: line.startsWith("!"), pattern: patternOf(line.replace(/^!/, "")) }));
  const listed = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  return execFileSync("git", listed, { cwd: root, encoding: "utf8" })
    .split("\0")
    .filter((file) => file && existsSync(join(root, file)))
    .filter((file) => rules.findLast(({ pattern }) => pattern.test(file))?.admits ?? true);
}

/** A path, or a folder with all that is in it. */
function patternOf(line: string): RegExp {
  const text = line
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*\*\/|\*/g, (stars) => (stars === "*" ? "[^/]*" : "(?:.*/)?"));
  return new RegExp(`^${text}(?:/|$)`);
}
