import { serverVersion } from "../version.ts";
import type { Command } from "./command.ts";

/** `ostiary version` */
export const versionCommand: Command = {
  name: "version",
  summary: "Shows the version of this server and of the Node it runs on.",
  options: [{ name: "format", type: "string", summary: "text (the default) or json." }],
  async run({ flags, out, err }) {
    const versions = { version: serverVersion(), node: process.versions.node };
    const format = flags.format ?? "text";
    if (format !== "text" && format !== "json") {
      err("--format takes text or json.");
      return 1;
    }
    out(format === "json" ? JSON.stringify(versions) : `Ostiary ${versions.version} (Node ${versions.node})`);
    return 0;
  },
};
