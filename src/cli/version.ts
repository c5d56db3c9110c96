import { serverVersion } from "../version.ts";
import type { Command } from "./command.ts";
import { formatOption, printsJson } from "./format.ts";

/** `ostiary version` */
export const versionCommand: Command = {
  name: "version",
  summary: "Shows the versions of Ostiary and Node.js.",
  options: [formatOption],
  async run(call) {
    const versions = { version: serverVersion(), node: process.versions.node };
    call.out(printsJson(call) ? JSON.stringify(versions) : `Ostiary ${versions.version} (Node ${versions.node})`);
    return 0;
  },
};
