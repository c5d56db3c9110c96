import type { Command as Node, HelpConfiguration } from "commander";

/** How wide a help may be: what every terminal shows. */
export const helpWidth = 80;

/** How helps are laid out. */
export const helpSettings: HelpConfiguration = {
  helpWidth,
  // Beside the longest flag there is less room than commander would wrap sentences in.
  minWidthToWrap: 20,
  subcommandTerm: (node: Node) => node.name(),
  commandUsage: (node: Node) => `${wordsOf(node)} ${usageOf(node)}`.trim(),
};

/** The words that call a node. */
export function wordsOf(node: Node): string {
  return node.parent ? `${wordsOf(node.parent)} ${node.name()}` : node.name();
}

function usageOf(node: Node): string {
  if (node.commands.length > 0 && node.registeredArguments.length === 0) return "<command> [options]";
  const operands = node.registeredArguments.map((one) => {
    const name = one.name() + (one.variadic ? "..." : "");
    return one.required ? `<${name}>` : `[${name}]`;
  });
  return [...operands, ...(node.options.length > 0 ? ["[options]"] : [])].join(" ");
}
