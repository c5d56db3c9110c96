// Makes dist/ of src/ and of the packages that it uses: a few files instead of a thousand, since finding and reading modules
// is what a start spends its time on (0.7 s and 125 MB with a file per module, 0.4 s and 105 MB as it is).
import { build } from "esbuild";
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildConsole } from "../web/console/build.mjs";
import { registryReadOnce } from "./lean-registry.mjs";
import { askNodeItself, requireNodeItself } from "./node-itself.mjs";

const home = join(dirname(fileURLToPath(import.meta.url)), "..");
const source = join(home, "src");
const target = join(home, "dist");

rmSync(target, { recursive: true, force: true });
const bundled = {
  outdir: target,
  absWorkingDir: home,
  bundle: true,
  // What is imported when it is needed stays apart.
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node24",
  // V8 keeps the text of all that is loaded, by two bytes a letter where one of them is not ASCII, as in comments: without them and
  // without blanks it is 7 MB less. Lines stay, so that a stack trace names a place.
  minifyWhitespace: true,
  lineLimit: 160,
  legalComments: "external",
  metafile: true,
  // Some bring machine code along, some are imported where they are needed: a bundle does not give CommonJS the names that
  // Node gives it. The last one is nobody's here.
  external: ["@node-rs/*", "bcryptjs", "mysql2", "@zxcvbn-ts/*", "pg-native"],
  plugins: [
    {
      name: "own SQLite",
      setup: (build) =>
        build.onResolve({ filter: /^better-sqlite3$/ }, () => ({
          path: "./better-sqlite3/lib/index.js",
          external: true,
        })),
    },
    { name: "descriptions without the mapper", setup: mapperWithoutSideEffects },
    { name: "http without fetch", setup: httpWithoutFetch },
    { name: "descriptors read once", setup: descriptorsReadOnce },
    { name: "commands without programs", setup: commandsWithoutPrograms },
  ],
  logLevel: "warning",
};
// A server is a bundle of its own: together with what other commands load on their way it comes in 130 pieces in place of 50, for which it
// would hold 4 MB and start by a tenth later.
const server = await build({ ...bundled, entryPoints: [join(source, "cli/serve.ts")] });
const commands = await build({
  ...bundled,
  entryPoints: [join(source, "main.ts")],
  plugins: [...bundled.plugins, { name: "server apart", setup: serverApart }],
});

function serverApart(build) {
  build.onResolve({ filter: /^\.\/serve\.ts$/ }, () => ({ path: "./serve.js", external: true }));
}

/** Entities need the mapper's words for tables and none of its work: it does not say of itself that what nobody uses can be left out. */
function mapperWithoutSideEffects(build) {
  build.onResolve({ filter: /^(@mikro-orm\/core$|\.)/ }, async ({ path, pluginData, ...from }) => {
    if (pluginData === "resolved" || !(path.startsWith("@") || /[\\/]@mikro-orm[\\/]core[\\/]/.test(from.importer)))
      return;
    const { importer, kind, resolveDir } = from;
    const found = await build.resolve(path, { importer, kind, resolveDir, pluginData: "resolved" });
    return { ...found, sideEffects: false };
  });
}

/** A module that imports `node:http` has Node read all that it exports, for which it loads `fetch`: 4 MB and 15 ms before anybody asks. */
function httpWithoutFetch(build) {
  build.onResolve({ filter: /^(node:)?http$/ }, () => ({ path: "http", namespace: "built in" }));
  build.onLoad({ filter: /^http$/, namespace: "built in" }, () => ({
    contents: 'module.exports = process.getBuiltinModule("node:http");',
  }));
}

/** Commander can run a command by a program of its own, which no command here is; for that alone Node would hold 0.4 MB. */
function commandsWithoutPrograms(build) {
  build.onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
    /[\\/]commander[\\/]/.test(importer) ? { path: "child_process", namespace: "left out" } : undefined,
  );
  build.onLoad({ filter: /.*/, namespace: "left out" }, () => ({ contents: "export default undefined;" }));
}

/**
 * Each file of the contract takes up the files that it imports, and what these import, by every way that leads to one: more than half
 * of that was done before. Passed over, it is a seventh of the CPU of a start, and 7 MB. What fields a message has is looked up
 * when somebody asks for the first time, which for half of them nobody does.
 */
function descriptorsReadOnce(build) {
  const filter = /@bufbuild[\\/]protobuf[\\/]dist[\\/]\w+[\\/]registry\.js$/;
  build.onLoad({ filter }, ({ path }) => ({ contents: registryReadOnce(readFileSync(path, "utf8"), path) }));
}

for (const name of globSync("*.js", { cwd: target })) {
  const file = join(target, name);
  writeFileSync(file, askNodeItself(readFileSync(file, "utf8")));
}

// What browsers load is a file, not a module of ours.
for (const file of globSync("**/*.{js,css}", { cwd: source })) cpSync(join(source, file), join(target, file));
mkdirSync(join(target, "console"), { recursive: true });
const sources = [server, commands].flatMap(({ metafile }) =>
  Object.keys(metafile.inputs).map((path) => join(home, path)),
);
for (const [name, bytes] of await buildConsole((more) => sources.push(...more)))
  writeFileSync(join(target, "console", name), bytes);
// As a dependency npm would compile it wherever the package is installed, although it ships its binaries.
const sqlite = join(home, "node_modules", "better-sqlite3");
for (const part of ["lib", "prebuilds", "LICENSE"])
  cpSync(join(sqlite, part), join(target, "better-sqlite3", part), { recursive: true });
for (const file of globSync("better-sqlite3/lib/**/*.js", { cwd: target }).map((name) => join(target, name)))
  writeFileSync(file, requireNodeItself(readFileSync(file, "utf8")));
writeFileSync(join(target, "better-sqlite3", "package.json"), JSON.stringify({ type: "commonjs" }));
writeFileSync(join(target, "bundled.json"), `${JSON.stringify(packagesOf([...sources, sqlite]), undefined, 2)}\n`);

/** The packages that files are of, as `name@version`: npm knows those that are installed beside, and not what is within. */
function packagesOf(files) {
  const folders = files.flatMap((file) => /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(file)?.[0] ?? []);
  const names = [...new Set(folders)].map((folder) => {
    const { name, version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    return `${name}@${version}`;
  });
  return [...new Set(names)].toSorted();
}
