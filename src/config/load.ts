import { argon2Remark } from "./argon2-limits.ts";
import { check, noFindings, showPath, type Findings, type Path } from "./check.ts";
import type { Config } from "./config.ts";
import { listSwitches, readDeveloperSwitches } from "./developer-switches.ts";
import { readEnvironment, type EnvironmentValue } from "./environment.ts";
import { readConfigFile, type ConfigFile } from "./file.ts";
import { listInsecurities } from "./insecure.ts";
import { merge, withValue } from "./merge.ts";
import { noteFound } from "./remarks.ts";
import { checkAcross } from "./rules.ts";
import { schema } from "./schema.ts";
import { settle } from "./settle.ts";
import { noteWritten } from "./written.ts";

/** Where the configuration comes from; what is named later wins. */
export interface Sources {
  readonly files: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly flags: Readonly<Record<string, unknown>>;
  /** Signs cookies in development mode where no secret is configured. */
  readonly spareSecret: string;
}

/** What came of reading the configuration. */
export type Reading =
  | {
      readonly kind: "read";
      readonly config: Config;
      /** Keys that are written but not yet in effect. */
      readonly later: readonly string[];
      readonly deprecated: readonly string[];
      readonly insecure: readonly string[];
      /** What is let pass, but hardly meant, one sentence each. */
      readonly warnings: readonly string[];
    }
  | { readonly kind: "refused"; readonly faults: readonly string[] };

/** Reads the configuration: files, then environment variables, then flags. */
export function readConfig(sources: Sources): Reading {
  const files = sources.files.map(readConfigFile);
  const unreadable = files.flatMap((file) => ("problem" in file ? [file.problem] : []));
  if (unreadable.length) return { kind: "refused", faults: unreadable };
  const layers = files.filter((file): file is ConfigFile => "content" in file);
  const variables = readEnvironment(schema, sources.environment);
  let written: unknown = {};
  for (const { content } of layers) written = merge(written, content);
  for (const { path, value } of variables) written = withValue(written, path, value);
  written = merge(written, sources.flags);

  const findings = noFindings();
  const read = check(schema, written, [], findings);
  if (!findings.faults.length) checkAcross(read, written, findings);
  const told = (found: Findings["faults"]) => found.map((one) => describe(one, layers, variables));
  if (findings.faults.length) return { kind: "refused", faults: told(findings.faults) };
  const clamped = argon2Remark(read.hashers);
  if (clamped) findings.warnings.push({ path: ["hashers", "argon2", "memory"], problem: clamped });
  const switches = readDeveloperSwitches(sources.environment);
  const config = noteWritten(settle(read, sources.spareSecret, switches), written);
  const { later, deprecated } = findings;
  const spareInUse = config.secrets.cookie.includes(sources.spareSecret);
  const insecure = [...listInsecurities(config, read, spareInUse), ...listSwitches(config, switches)];
  const warnings = told(findings.warnings);
  noteFound(config, { later, deprecated, insecure, warnings });
  return { kind: "read", config, later, deprecated, insecure, warnings };
}

function describe(
  { path, problem }: Findings["faults"][number],
  files: readonly ConfigFile[],
  variables: readonly EnvironmentValue[],
): string {
  const name = showPath(path) || "the configuration";
  const where = place(path, files, variables);
  return `${where ? `${where}: ` : ""}${name}: ${problem}`;
}

/** The variable or the line that a fault is about: the last one to write it, else the nearest place around it. */
function place(path: Path, files: readonly ConfigFile[], variables: readonly EnvironmentValue[]): string | undefined {
  const variable = variables.findLast(({ path: own }) => own.every((step, at) => step === path[at]));
  if (variable) return `environment ${variable.variable}`;
  for (let length = path.length; length > 0; length--) {
    for (const file of files.toReversed()) {
      const line = file.lineOf(path.slice(0, length));
      if (line !== undefined) return `${file.name}:${line}`;
    }
  }
  return files.at(-1)?.name;
}
