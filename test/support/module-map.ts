import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const packages = ["@bufbuild/protobuf", "@connectrpc/connect", "@connectrpc/connect-web", "@simplewebauthn/browser"];

/** An import map for browsers: the SDK and what it needs, as files of this checkout below a path. */
export function moduleMap(prefix: string): Record<string, string> {
  const map: Record<string, string> = { "@ostiary/sdk": `${prefix}sdk/index.js`, "@ostiary/sdk/gen/": `${prefix}sdk/gen/` };
  for (const name of packages) {
    const folder = join("node_modules", name);
    const manifest = JSON.parse(readFileSync(resolve(import.meta.dirname, "../..", folder, "package.json"), "utf8"));
    for (const [door, target] of Object.entries<{ import: string }>(manifest.exports))
      map[join(name, door)] = prefix + join(folder, target.import);
  }
  return map;
}
