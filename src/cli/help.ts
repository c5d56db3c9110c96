import type { Command, Option } from "./command.ts";

/** What commands there are. */
export function overview(commands: readonly Command[]): string {
  const rows = commands.map(({ name, summary }): [string, string] => [name, summary]);
  return [
    "Usage: ostiary <command> [flags]",
    "",
    ...columns(rows),
    "",
    "For details about a command: ostiary <command> --help",
  ].join("\n");
}

/** What a command does and which flags it takes. */
export function commandHelp({ name, operands, summary, options }: Command): string {
  const usage = ["ostiary", name, operands, options.length ? "[flags]" : undefined].filter(Boolean).join(" ");
  const rows = [...options.map(flagRow), ["-h, --help", "Shows this."] as [string, string]];
  return [summary, "", `Usage: ${usage}`, "", ...columns(rows)].join("\n");
}

const flagRow = ({ name, short, type, summary }: Option): [string, string] => [
  `${short ? `-${short}, ` : "    "}--${name}${type === "string" ? " <value>" : ""}`,
  summary,
];

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length)) + 2;
  return rows.map(([left, right]) => `  ${left.padEnd(width)}${right}`);
}
