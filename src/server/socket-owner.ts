import { chownSync, readFileSync } from "node:fs";

const unchanged = -1;

/** Gives a socket's file to a user and a group, by name or number; empty for as it is. Throws when there are none such. */
export function giveSocket(path: string, { owner, group }: { readonly owner: string; readonly group: string }): void {
  if (owner || group) chownSync(path, numberOf("/etc/passwd", owner), numberOf("/etc/group", group));
}

function numberOf(register: string, name: string): number {
  if (name === "") return unchanged;
  if (/^\d+$/.test(name)) return Number(name);
  const line = readFileSync(register, "utf8")
    .split("\n")
    .find((entry) => entry.startsWith(`${name}:`));
  const id = line?.split(":")[2];
  if (!id) throw new Error(`The owner of the socket cannot be set: ${register} does not know ${name}.`);
  return Number(id);
}
