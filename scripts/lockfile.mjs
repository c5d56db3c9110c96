// Says in package-lock.json what npm would get wrong, whichever npm wrote it last; `npm install` runs this after itself.
// - Nothing is compiled: better-sqlite3 ships its binaries and says `gypfile: false`, which npm reads in a lockfile and never writes;
//   without it npm runs node-gyp, which asks for a Python.
// - Nothing of `engines`: npm compares them with the Node that it runs on itself, while packages run on the one of this package.
// - `libc`, which npm 10 drops, so that others would install binaries of both kinds.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const file = join(import.meta.dirname, "..", "package-lock.json");
const libraries = { gnu: ["glibc"], musl: ["musl"] };

const before = readFileSync(file, "utf8");
const lock = JSON.parse(before);
for (const [place, entry] of Object.entries(lock.packages)) if (place) lock.packages[place] = mended(place, entry);
const after = `${JSON.stringify(lock, null, 2)}\n`;
if (after !== before) writeFileSync(file, after);

function mended(place, { engines: _engines, gypfile: _gypfile, libc: _libc, ...entry }) {
  const libc = libraries[/-linux-\w+-(gnu|musl)$/.exec(place)?.[1]];
  const members = Object.entries(entry).flatMap((member) =>
    member[0] === "cpu" && libc ? [member, ["libc", libc]] : [member],
  );
  return { ...Object.fromEntries(members), ...(place.endsWith("node_modules/better-sqlite3") && { gypfile: false }) };
}
