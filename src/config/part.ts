import { check, noFindings, showPath } from "./check.ts";
import { readEnvironment } from "./environment.ts";
import { readConfigFile } from "./file.ts";
import type { Sources } from "./load.ts";
import { merge, withValue } from "./merge.ts";
import { section, type Setting } from "./setting.ts";

/** Reads a part of the configuration alone: a job that needs no more of it need not know the secrets. Throws what is wrong. */
export function readPart<T>(
  keys: Readonly<Record<string, Setting>>,
  { files, environment, flags }: Omit<Sources, "spareSecret">,
): T {
  const root = section("A part of the configuration.", keys);
  let written: unknown = {};
  for (const name of files) {
    const file = readConfigFile(name);
    if ("problem" in file) throw new Error(file.problem);
    written = merge(written, file.content);
  }
  for (const { path, value } of readEnvironment(root, environment)) written = withValue(written, path, value);
  const all = merge(written, flags) as Record<string, unknown> | null;
  const own = Object.fromEntries(Object.keys(keys).map((key) => [key, all?.[key]]));
  const findings = noFindings();
  const read = check(root, own, [], findings);
  if (findings.faults.length > 0)
    throw new Error(findings.faults.map(({ path, problem }) => `${showPath(path)}: ${problem}`).join("; "));
  return read as T;
}
