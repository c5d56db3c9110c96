// Plays recorded walks through the server, where the recordings lie beside this checkout: those of test/rest/replay.txt have
// to be answered as a Kratos answered them, but for the differences of test/rest/replay-differences.txt. With the word "built",
// through what `npm run build` made.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const corpus = resolve(root, process.env["OSTIARY_REPLAY"] ?? "../shared/kratos/replay");
const linesOf = (file) =>
  readFileSync(resolve(root, "test/rest", file), "utf8")
    .split("\n")
    .filter((line) => line && !line.startsWith("#"));

if (!existsSync(resolve(corpus, "replay.mjs"))) {
  console.log("No recordings beside this checkout: nothing to replay.");
} else {
  const walks = linesOf("replay.txt");
  const pattern = `^(${walks.map((walk) => walk.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")})$`;
  const program = process.argv[2] === "built" ? "dist/main.js" : "bin/ostiary.js";
  const start = `env DSN=memory node ${resolve(root, program)} serve --dev -c {config} --watch-courier`;
  const { status, stdout } = spawnSync(
    process.execPath,
    ["replay.mjs", "--start", start, "--only", pattern, "--verbose"],
    {
      cwd: corpus,
      stdio: ["ignore", "pipe", "inherit"],
      encoding: "utf8",
      maxBuffer: 2 ** 28,
    },
  );
  // Exit 2 says that nothing could be compared.
  process.exit(status === 0 || (status === 1 && judge(stdout, walks.length)) ? 0 : 1);
}

// Where digits of an id happen to be those of a code, the comparison puts the one in the place of the other.
function isIdTakenForCode(line) {
  return /recorded "<uuid:\d+>", got "[\da-f-]*<code>[\da-f-]*"$/.test(line);
}

/** Whether all differences of a run are on purpose; tells those that are not. */
function judge(output, count) {
  const deliberate = linesOf("replay-differences.txt").map((line) => line.split(" | "));
  const wrong = [];
  const seen = new Set();
  let [walk, step] = ["", ""];
  for (const line of output.split("\n")) {
    const head = /^(?:ok |DIFF) (.+): \d+ equal/.exec(line);
    if (head) {
      walk = head[1].trim();
      seen.add(walk);
    } else if (/^ {2}\d+\. /.test(line)) step = line.trim();
    else if (/^ {6}[-+!~…] /.test(line) || /cannot go on|not reached$/.test(line)) {
      const known = deliberate.some(
        ([where, what]) => (where === "*" || where === walk) && line.trim().startsWith(what),
      );
      if (!known && !isIdTakenForCode(line)) wrong.push(`${walk}\n  ${step}\n    ${line.trim()}`);
    }
  }
  console.log(`${seen.size} of ${count} walks replayed, ${wrong.length} differences that are not on purpose`);
  for (const one of wrong) console.log(one);
  return wrong.length === 0 && seen.size === count;
}
