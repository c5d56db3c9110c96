import type { CommandCall, Option } from "./command.ts";

/** The flag that names the configuration's files. */
export const configOption: Option = {
  name: "config",
  short: "c",
  value: "file",
  multiple: true,
  summary: "A configuration file. Later files override earlier ones. Default: the variable CONFIG.",
};

/** The configuration's files, as named by flags or by the environment. */
export function configFiles({ flags, environment }: CommandCall): string[] {
  const named = (flags.config as string[] | undefined) ?? [environment.CONFIG ?? ""];
  return named.flatMap((files) => files.split(",")).filter(Boolean);
}
