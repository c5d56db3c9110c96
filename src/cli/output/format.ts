import { misuse, type CommandCall, type Option } from "../command.ts";

/** How data is printed. */
export type Format =
  | { readonly kind: "table" | "json" | "json-pretty" | "yaml" | "quiet" }
  | { readonly kind: "jsonpath" | "jsonpointer"; readonly path: string };

const plain = ["table", "json", "json-pretty", "yaml"] as const;

/** The flag for commands that print words, or data. */
export const formatOption: Option = {
  name: "format",
  value: "format",
  suggestions: [...plain, "jsonpath=", "jsonpointer=/"],
  summary: "table (the default), json, json-pretty, yaml, jsonpath=<path> or jsonpointer=<pointer>.",
  read: readFormat,
};

const quiet: Option = {
  name: "quiet",
  short: "q",
  summary: "Prints the first column alone: ids, mostly.",
};

/** The flags that say how a command prints data. */
export const formatOptions: readonly Option[] = [formatOption, quiet];

function readFormat(typed: string): Format {
  const kind = plain.find((one) => one === typed);
  if (kind) return { kind };
  const [, way, path] = /^(jsonpath|jsonpointer)=(.*)$/s.exec(typed) ?? [];
  if (way === "jsonpointer" && /^(\/|$)/.test(path!)) return { kind: "jsonpointer", path: path! };
  if (way === "jsonpath" && path) return { kind: "jsonpath", path };
  throw new Error(`must be ${plain.join(", ")}, jsonpath=<path> or jsonpointer=/<pointer>.`);
}

/** How a command was asked to print. */
export function formatOf({ flags }: CommandCall): Format {
  if (!flags.quiet) return (flags.format as Format | undefined) ?? { kind: "table" };
  if (flags.format !== undefined && (flags.format as Format).kind !== "table")
    throw misuse("--quiet and --format exclude each other.");
  return { kind: "quiet" };
}
