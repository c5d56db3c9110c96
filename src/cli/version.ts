import { serverVersion } from "../version.ts";
import type { Command } from "./command.ts";
import { formatOptions } from "./output/format.ts";
import { printerFor } from "./output/print.ts";

/** `ostiary version` */
export const versionCommand: Command = {
  name: "version",
  summary: "Shows the versions of Ostiary and Node.js.",
  options: formatOptions,
  async run(call) {
    const print = await printerFor(call);
    await print.row(
      { VERSION: (of) => of.version, NODE: (of) => of.node },
      { version: serverVersion(), node: process.versions.node },
    );
    return 0;
  },
};
