import { build } from "esbuild";
import { resolve } from "node:path";

/** What pages of the site import, and where it begins: the SDK, a transport for browsers, and the script of the site itself. */
const doors = {
  "@ostiary/sdk": "sdk/index.js",
  "@connectrpc/connect-web": "@connectrpc/connect-web",
  "sdk-page": "test/support/sdk-page/page.ts",
};

/** The map that tells a page where its modules are. */
export const importMap = { imports: Object.fromEntries(Object.keys(doors).map((name) => [name, pathOf(name)])) };

function pathOf(name: string): string {
  return `/modules/${name}.js`;
}

/** A module by its path, made when it is first asked for: a browser is slow to load the two hundred files that it comes from. */
export async function readModule(path: string): Promise<string> {
  const text = (await (made ??= make())).get(path);
  if (text === undefined) throw new Error(`not a module: ${path}`);
  return text;
}

let made: Promise<ReadonlyMap<string, string>> | undefined;

async function make(): Promise<ReadonlyMap<string, string>> {
  const { outputFiles } = await build({
    entryPoints: Object.entries(doors).map(([out, from]) => ({ in: from, out })),
    absWorkingDir: resolve(import.meta.dirname, "../.."),
    outdir: "/modules",
    bundle: true,
    // What several of them need is there once, so that an error of one is known to the other.
    splitting: true,
    format: "esm",
    write: false,
    logLevel: "warning",
  });
  return new Map(outputFiles.map(({ path, text }) => [path, text]));
}
