import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";

import type { Source } from "./provenance.ts";

interface Component {
  readonly "bom-ref": string;
  readonly name: string;
  readonly version: string;
  readonly type: string;
  readonly scope?: string;
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
  readonly properties?: readonly { readonly name: string }[];
}

/** A bill of materials, as far as it is read here. */
export interface Bom {
  readonly metadata: { readonly component: Component; readonly [key: string]: unknown };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
  readonly [key: string]: unknown;
}

/** The packages within the bundles of a packed server. */
export const bundledPackages = (tarball: string): string[] =>
  JSON.parse(execFileSync("tar", ["xzOf", tarball, "package/dist/bundled.json"], { encoding: "utf8" }));

/**
 * The bill of materials (CycloneDX) of what a server is made of: the packages that it depends on, and those that are bundled, with their
 * hashes of the lockfile. npm knows all packages of the repository; tools are left out.
 */
export function makeBom(root: string, bundled: readonly string[], { commit, time, version }: Source): Bom {
  const words = ["sbom", "--sbom-format=cyclonedx", "--package-lock-only"];
  const options = { cwd: root, shell: process.platform === "win32", encoding: "utf8", maxBuffer: 2 ** 26 } as const;
  const bom: Bom = JSON.parse(execFileSync("npm", words, options));
  const isTool = ({ properties = [] }: Component) =>
    properties.some(({ name }) => name === "cdx:npm:package:development");
  const nameOf = (one: Component) => `${one.name}@${one.version}`;
  const components = bom.components.filter((one) => !isTool(one) || bundled.includes(nameOf(one)));
  const lacking = bundled.find((one) => !components.some((component) => nameOf(component) === one));
  if (lacking) throw new Error(`npm does not know ${lacking}, which is bundled`);
  const itself = bom.metadata.component;
  const kept = new Set([itself["bom-ref"], ...components.map((one) => one["bom-ref"])]);
  return {
    ...bom,
    serialNumber: `urn:uuid:${uuidOf(commit)}`,
    metadata: {
      ...bom.metadata,
      timestamp: new Date(time * 1000).toISOString(),
      component: { ...itself, type: "application", name: "ostiary", version },
    },
    components: components.map((one) => ({ ...one, scope: bundled.includes(nameOf(one)) ? "required" : one.scope })),
    dependencies: bom.dependencies
      .filter(({ ref }) => kept.has(ref))
      .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((one) => kept.has(one)) })),
  };
}

/** A UUID (version 8) that is the same each time. */
function uuidOf(commit: string): string {
  const hex = createHash("sha256").update(`ostiary bill of materials ${commit}`).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
