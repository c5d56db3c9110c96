import { execFileSync } from "node:child_process";
import { basename, dirname } from "node:path";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

/** Packs a folder so that only its content decides the bytes: in order, of one time, of one owner. */
export function archive(folder: string, target: string, time: number): void {
  const steady = [
    "--sort=name",
    `--mtime=@${time}`,
    "--owner=0",
    "--group=0",
    "--numeric-owner",
    "--mode=u+rw,go+r,go-w,a+X",
  ];
  const tar = `${target}.tar`;
  try {
    execFileSync("tar", [
      "--create",
      `--file=${tar}`,
      "--format=ustar",
      ...steady,
      `--directory=${dirname(folder)}`,
      basename(folder),
    ]);
  } catch (error) {
    throw new Error("GNU tar is needed to make archives that are the same each time", { cause: error });
  }
  // Its header has no time and no name.
  writeFileSync(target, gzipSync(readFileSync(tar), { level: 9 }));
  rmSync(tar);
}
