import { hkdfSync } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { check, noFindings, showPath, type Findings, type Path } from "./check.ts";
import type { Config, SecretsConfig } from "./config.ts";
import { merge } from "./merge.ts";
import { noteFound } from "./remarks.ts";
import { checkAcross } from "./rules.ts";
import { schema } from "./schema.ts";
import { settle } from "./settle.ts";
import { noteWritten, writtenTree } from "./written.ts";

/** Whose overlay it is. */
export interface OverlayOwner {
  readonly id: string;
  /** The host names by which clients call; the first one stands in links unless the overlay says otherwise. */
  readonly hosts: readonly string[];
}

/** What came of laying a tenant's own settings over those of the file. */
export type OverlayReading =
  | { readonly kind: "read"; readonly config: Config }
  /** A sentence for each fault, which begins with the path of the key. */
  | { readonly kind: "refused"; readonly faults: readonly string[] };

/** `others` stands for the keys that are not named. */
type Allowed = boolean | { readonly others?: true; readonly [key: string]: Allowed | undefined };

/** What a tenant may configure for itself. All else is the server's: where it listens, what it stores in, how hard it hashes. */
export const ownKeys: Readonly<Record<string, Allowed>> = {
  selfservice: true,
  identity: true,
  session: { others: true, cache: false },
  cookies: true,
  secrets: true,
  organizations: true,
  courier: { smtp: true, http: true, channels: true, delivery_strategy: true, templates: true },
  serve: { public: { base_url: true, cors: true } },
};

/** Lays a tenant's own settings over those of the file, and judges the whole by the same schema. */
export function readOverlay(file: Config, overlay: unknown, owner: OverlayOwner): OverlayReading {
  const findings = noFindings();
  refuseForeign(ownKeys, overlay, [], findings);
  refuseFiles(overlay, [], findings);
  if (findings.faults.length) return refused(findings);
  const written = merge(withHost(file, owner), overlay);
  const read = check(schema, written, [], findings);
  if (!findings.faults.length) checkAcross(read, written, findings);
  if (findings.faults.length) return refused(findings);
  const settled = settle(read, file.secrets.cookie[0]!, { nativeFlowsFromBrowsers: file.native_flows_from_browsers });
  const named = (overlay as { readonly secrets?: Partial<SecretsConfig> } | undefined)?.secrets ?? {};
  const config = { ...settled, secrets: separateSecrets(file.secrets, settled.secrets, named, owner.id) };
  const own = noteWritten(sharing(file, config), written);
  const warnings = findings.warnings.map(tell);
  return { kind: "read", config: noteFound(own, { ...findings, warnings, insecure: [] }) };
}

const refused = ({ faults }: Findings): OverlayReading => ({
  kind: "refused",
  faults: faults.map(tell),
});

const tell = ({ path, problem }: Findings["faults"][number]): string =>
  `${showPath(path) || "the settings"}: ${problem}`;

const isTree = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function refuseForeign(allowed: Exclude<Allowed, boolean>, overlay: unknown, path: Path, findings: Findings): void {
  if (!isTree(overlay)) return void findings.faults.push({ path, problem: "must be an object" });
  for (const [key, value] of Object.entries(overlay)) {
    const own = Object.hasOwn(allowed, key) ? allowed[key] : allowed["others"];
    if (own === undefined || own === false)
      findings.faults.push({ path: [...path, key], problem: "is the server's, and no tenant's, to configure" });
    else if (own !== true) refuseForeign(own, value, [...path, key], findings);
  }
}

/** Whoever administers a tenant, or what is kept in the database, does not read the files of the server. */
export function refuseFiles(value: unknown, path: Path, findings: Findings): void {
  if (typeof value === "string") {
    const named = /^\s*file:/i.test(value) || String(path.at(-1)).endsWith("_path");
    if (named)
      findings.faults.push({
        path,
        problem: "names a file: what is not in the server's file takes base64:// or https:// alone",
      });
  } else if (Array.isArray(value)) value.forEach((item, at) => refuseFiles(item, [...path, at], findings));
  else if (isTree(value)) for (const [key, item] of Object.entries(value)) refuseFiles(item, [...path, key], findings);
}

/** The address of a tenant that names none: that of the file, at the tenant's first host. */
function withHost(file: Config, { hosts: [host] }: OverlayOwner): unknown {
  const written = writtenTree(file);
  if (host === undefined) return written;
  const url = new URL(file.serve.public.base_url);
  url.hostname = host;
  return merge(written, { serve: { public: { base_url: url.href } } });
}

/**
 * The secrets of a tenant: its own where it names some, else derived from the file's (HKDF, RFC 5869), so that nothing which
 * one tenant's secrets have signed or sealed means anything to another.
 */
function separateSecrets(
  file: SecretsConfig,
  settled: SecretsConfig,
  named: Partial<SecretsConfig>,
  id: string,
): SecretsConfig {
  const derive = (kind: keyof SecretsConfig) => file[kind].map((secret) => derived(secret, `${kind} of tenant ${id}`));
  const pick = (kind: keyof SecretsConfig): readonly string[] => (named[kind]?.length ? settled[kind] : derive(kind));
  return { default: pick("default"), cookie: pick("cookie"), pagination: pick("pagination"), cipher: pick("cipher") };
}

/** As many characters as a key of the ciphers has bytes. */
const derived = (secret: string, purpose: string): string =>
  Buffer.from(hkdfSync("sha256", secret, "", purpose, 24)).toString("base64url");

/** Sections that are the file's stay the same objects, so that what is kept for them (compiled schemas, say) is kept once. */
function sharing(file: Config, own: Config): Config {
  const sections = Object.entries(own).map(([key, section]) => {
    const before = file[key as keyof Config];
    return [key, isDeepStrictEqual(before, section) ? before : section];
  });
  return Object.fromEntries(sections) as unknown as Config;
}
