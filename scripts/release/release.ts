// Makes everything of a release in a folder: `npm run release -- <folder> [--platform linux-x64,darwin-arm64,...] [--snapshot] [--key <pem>] [--builder <uri>]`.
// Two runs of one commit make the same bytes. --snapshot takes a tree with changes and a version that CHANGELOG.md calls unreleased.
import { execFileSync } from "node:child_process";
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { archive } from "./archive.ts";
import { bundledPackages, makeBom } from "./bom.ts";
import { refuseUnready } from "./changelog.ts";
import { sha256Of } from "./digest.ts";
import { makeStatement, sign } from "./provenance.ts";

const root = resolve(import.meta.dirname, "../..");
const all = ["linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64", "win32-x64"];
const text = { type: "string" } as const;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { platform: text, key: text, builder: text, snapshot: { type: "boolean", default: false } },
});
if (!positionals[0]) throw new Error("name the folder that is to be made");
const out = resolve(positionals[0]);
if (existsSync(out)) throw new Error(`${out} is there already`);
const platforms = values.platform?.split(",") ?? all;
const unknown = platforms.find((one) => !all.includes(one));
if (unknown) throw new Error(`${unknown} is none of ${all.join(", ")}`);

const git = (...words: string[]) => execFileSync("git", words, { cwd: root, encoding: "utf8" }).trim();
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const source = { commit: git("rev-parse", "HEAD"), time: Number(git("log", "-1", "--format=%ct")), version };
if (!values.snapshot) {
  if (git("status", "--porcelain")) throw new Error("there are changes that no commit has (--snapshot takes them)");
  refuseUnready(readFileSync(join(root, "CHANGELOG.md"), "utf8"), version);
}

const work = mkdtempSync(join(tmpdir(), "ostiary-release-"));
mkdirSync(out, { recursive: true });
try {
  const tarball = pack(root);
  pack(join(root, "sdk"));
  const name = `ostiary-${version}`;
  const bom = makeBom(root, bundledPackages(tarball), source);
  writeFileSync(join(out, `${name}.cdx.json`), `${JSON.stringify(bom, undefined, 2)}\n`);
  for (const platform of platforms) {
    const [system = "", arch = ""] = platform.split("-");
    const folder = join(work, platform, name);
    mkdirSync(join(work, platform));
    const words = [folder, "--platform", system, "--arch", arch, "--package", tarball];
    execFileSync(process.execPath, [join(root, "scripts/assemble.mjs"), ...words], { stdio: "inherit" });
    archive(folder, join(out, `${name}-${platform}.tar.gz`), source.time);
  }
  const statement = makeStatement(root, { out, source, platforms, ...values });
  const key = values.key && readFileSync(values.key, "utf8");
  const [file, said] = key ? ["provenance.dsse.json", sign(statement, key)] : ["provenance.json", statement];
  writeFileSync(join(out, `${name}.${file}`), `${JSON.stringify(said, undefined, 2)}\n`);
  const files = globSync("*", { cwd: out }).toSorted();
  const sums = files.map((one) => `${sha256Of(join(out, one))}  ${one}\n`).join("");
  writeFileSync(join(out, "SHA256SUMS"), sums);
  process.stdout.write(sums);
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** Packs a package into the release; answers where. */
function pack(folder: string): string {
  const shell = process.platform === "win32";
  const [{ filename }] = JSON.parse(
    execFileSync("npm", ["pack", "--json", "--silent", "--pack-destination", out], {
      cwd: folder,
      shell,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "inherit"],
    }).replace(/^[^[]*(?=\[)/, ""),
  );
  return join(out, filename.replace("@", "").replace("/", "-"));
}
