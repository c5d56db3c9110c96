import { execFileSync } from "node:child_process";
import { chownSync, readFileSync } from "node:fs";

const unchanged = -1;

/** Gives a socket's file to a user and a group, by name or number; empty for as it is. Throws when there are none such. */
export function giveSocket(path: string, { owner, group }: { readonly owner: string; readonly group: string }): void {
  if (owner || group) chownSync(path, numberOf("passwd", owner), numberOf("group", group));
}

function numberOf(register: "passwd" | "group", name: string): number {
  if (name === "") return unchanged;
  if (/^\d+$/.test(name)) return Number(name);
  const id = inFile(register, name) ?? inDirectory(register, name);
  if (!id) throw new Error(`The owner of the socket cannot be set: this machine does not know ${name}.`);
  return Number(id);
}

function inFile(register: string, name: string): string | undefined {
  const entry = readFileSync(`/etc/${register}`, "utf8")
    .split("\n")
    .find((line) => line.startsWith(`${name}:`));
  return entry?.split(":")[2];
}

/** Users and groups that are in no file: those of macOS, and those of a directory in the network. */
function inDirectory(register: "passwd" | "group", name: string): string | undefined {
  const [command, ...words] = questionFor(register, name);
  try {
    const said = execFileSync(command!, words, {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      timeout: 5000,
    });
    return /(?:^|[:\s])(\d+)(?::|\s*$)/.exec(said)?.[1];
  } catch {
    return undefined;
  }
}

/** What to ask; the first number of the answer is the one. */
export function questionFor(
  register: "passwd" | "group",
  name: string,
  platform: NodeJS.Platform = process.platform,
): readonly string[] {
  if (platform !== "darwin") return ["getent", "--", register, name];
  const [kind, number] = register === "passwd" ? ["Users", "UniqueID"] : ["Groups", "PrimaryGroupID"];
  return ["dscl", ".", "-read", `/${kind}/${name}`, number];
}
