import type { Command } from "../command.ts";
import { completionScript, shells, type Shell } from "./scripts.ts";

/** `ostiary completion` */
export const completionCommand: Command = {
  name: "completion",
  operands: [{ name: "<shell>", summary: "Which shell.", choices: shells }],
  summary: "Prints a script by which a shell completes commands, options and their values.",
  details: [
    "bash: source <(ostiary completion bash), in ~/.bashrc. zsh: source <(ostiary completion zsh), behind compinit in ~/.zshrc. fish: ostiary completion fish | source, in config.fish. PowerShell: ostiary completion powershell | Out-String | Invoke-Expression, in $PROFILE.",
  ],
  options: [{ name: "no-descriptions", summary: "Leaves out what the candidates are." }],
  examples: ["ostiary completion bash > /etc/bash_completion.d/ostiary"],
  async run(call) {
    const withDescriptions = call.flags["no-descriptions"] !== true;
    call.out(completionScript(call.operands[0] as Shell, withDescriptions).trimEnd());
    return 0;
  },
};
