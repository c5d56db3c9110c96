import type { CommandCall, Option } from "./command.ts";

/** How a command that prints data prints it. */
export const formatOption: Option = { name: "format", type: "string", summary: "text (the default) or json." };

/** Whether the command was asked for JSON. Throws on a format that there is not. */
export function printsJson({ flags }: CommandCall): boolean {
  const format = flags.format ?? "text";
  if (format !== "text" && format !== "json") throw new Error("--format must be text or json.");
  return format === "json";
}
