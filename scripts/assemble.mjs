// Makes a folder that runs by itself: the package as it is published, what it depends on, in the versions of the lockfile, and Node, all for
// one platform. `node scripts/assemble.mjs <folder> [--platform linux|darwin|win32] [--arch x64|arm64] [--package <file.tgz>]`
import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { parseArgs } from "node:util";

const root = resolve(import.meta.dirname, "..");
const strings = { type: "string" };
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { platform: strings, arch: strings, package: strings },
});
const { platform = process.platform, arch = process.arch } = values;
const [folder] = positionals;
if (!folder) throw new Error("name the folder that is to be made");
if (existsSync(folder)) throw new Error(`${folder} is there already`);

// On Windows npm is a script, which only a shell runs.
const shell = process.platform === "win32";
const run = (command, words, cwd) =>
  execFileSync(command, words, { cwd, shell, stdio: ["ignore", "ignore", "inherit"] });

const work = mkdtempSync(join(tmpdir(), "ostiary-assemble-"));
try {
  const target = join(work, "release");
  mkdirSync(target);
  run("tar", ["xzf", resolve(values.package ?? pack()), "--strip-components=1", "-C", target], root);
  copyFileSync(join(root, "package-lock.json"), join(target, "package-lock.json"));
  install(target);
  keepOneSqlite(target);
  placeNode(target);
  placeLauncher(target);
  rmSync(join(target, "package-lock.json"));
  // Links that nobody calls, to programs of which Node is one that has moved.
  rmSync(join(target, "node_modules/.bin"), { recursive: true, force: true });
  cpSync(target, folder, { recursive: true, verbatimSymlinks: true });
} finally {
  rmSync(work, { recursive: true, force: true });
}

function pack() {
  run("npm", ["pack", "--silent", "--pack-destination", work], root);
  return join(work, globSync("*.tgz", { cwd: work })[0]);
}

/** Nothing is compiled and no script runs, so that a machine can do this for any other one. */
function install(target) {
  const libc = platform === "linux" ? ["--libc=glibc"] : [];
  const where = [`--os=${platform}`, `--cpu=${arch}`, ...libc];
  const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  run("npm", ["ci", "--omit=dev", "--include=optional", ...quiet, ...where], target);
}

function keepOneSqlite(target) {
  for (const file of globSync("dist/better-sqlite3/prebuilds/*.node", { cwd: target }))
    if (basename(file) !== `${platform}-${arch}.node`) rmSync(join(target, file));
}

/** Node stands beside the program, and none of its packages is left. */
function placeNode(target) {
  const found = globSync("node_modules/node-*/bin/{node,node.exe}", { cwd: target });
  if (found.length !== 1) throw new Error(`of Node there are ${found.length}, not one, for ${platform} on ${arch}`);
  renameSync(join(target, found[0]), join(target, "bin", basename(found[0])));
  for (const name of globSync("node_modules/node-{bin,darwin,linux,win}-*", { cwd: target }))
    rmSync(join(target, name), { recursive: true });
}

/** What a shell finds in its PATH, itself or by a link. */
function placeLauncher(target) {
  if (platform === "win32")
    return writeFileSync(join(target, "bin/ostiary.cmd"), '@"%~dp0node.exe" "%~dp0ostiary.js" %*\r\n');
  const script = [
    "#!/bin/sh",
    'here=$(dirname "$(readlink -f "$0")")',
    'exec "$here/node" "$here/ostiary.js" "$@"',
    "",
  ];
  return writeFileSync(join(target, "bin/ostiary"), script.join("\n"), { mode: 0o755 });
}
