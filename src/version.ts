import { readFileSync } from "node:fs";
import { ownFile } from "./own-file.ts";

let version: string | undefined;

/** The version of this server, as its package says. */
export function serverVersion(): string {
  version ??= String(JSON.parse(readFileSync(ownFile("../package.json"), "utf8")).version);
  return version;
}
