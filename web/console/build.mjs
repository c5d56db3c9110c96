// Makes the console's files of its sources: a page, and what it loads by names that change with their content. The package holds them made;
// who runs a server from source has them made when the console is opened first.
import { build, stop } from "esbuild";
import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const home = dirname(fileURLToPath(import.meta.url));

/** The files by their names: `index.html`, and what it loads. Tells which files they were made of. */
export async function buildConsole(tellSources = () => {}) {
  const result = await build({
    absWorkingDir: home,
    entryPoints: { console: join(home, "src/main.tsx"), icon: join(home, "icon.svg") },
    outdir: join(home, "made"),
    entryNames: "[name]-[hash]",
    chunkNames: "part-[hash]",
    assetNames: "[name]-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "browser",
    target: ["es2023", "chrome120", "firefox121", "safari17"],
    jsx: "automatic",
    jsxImportSource: "preact",
    loader: { ".svg": "copy" },
    minify: true,
    legalComments: "eof",
    write: false,
    metafile: true,
    logLevel: "warning",
  });
  // Its own process would stay for as long as this one.
  await stop();
  tellSources(Object.keys(result.metafile.inputs).map((path) => join(home, path)));
  const files = new Map(result.outputFiles.map(({ path, contents }) => [basename(path), contents]));
  const named = (start, end) => [...files.keys()].find((name) => name.startsWith(start) && name.endsWith(end));
  const page = readFileSync(join(home, "index.html"), "utf8")
    .replace("console.js", named("console-", ".js"))
    .replace("console.css", named("console-", ".css"))
    .replace("icon.svg", named("icon-", ".svg"));
  return new Map([["index.html", Buffer.from(page)], ...files]);
}
