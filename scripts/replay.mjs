// Plays recorded walks through the server, where the recordings lie beside this checkout: those of test/rest/replay.txt have
// to be answered as a Kratos answered them.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const corpus = resolve(root, process.env["OSTIARY_REPLAY"] ?? "../shared/kratos/replay");
const list = resolve(root, "test/rest/replay.txt");

if (!existsSync(resolve(corpus, "replay.mjs"))) {
  console.log("No recordings beside this checkout: nothing to replay.");
} else {
  const walks = readFileSync(list, "utf8").split("\n").filter((line) => line && !line.startsWith("#"));
  const pattern = `^(${walks.map((walk) => walk.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")})$`;
  const start = `env DSN=memory node ${resolve(root, "bin/ostiary.js")} serve --dev -c {config} --watch-courier`;
  const { status } = spawnSync(process.execPath, ["replay.mjs", "--start", start, "--only", pattern], {
    cwd: corpus,
    stdio: ["ignore", "inherit", "inherit"],
  });
  process.exit(status ?? 1);
}
