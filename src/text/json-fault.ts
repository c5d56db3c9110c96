/** How deep JSON may nest. */
export const deepestJson = 32;
/** What is wrong with JSON that nests deeper. */
export const tooDeep = `The request contains JSON nested more than ${deepestJson} levels deep.`;

/** What is wrong with a text that nobody can keep. */
export function textFault(text: string): string | undefined {
  // No database of ours takes the character in every column, nor half of a character.
  if (text.includes("\0")) return "The request contains the character U+0000.";
  return text.isWellFormed() ? undefined : "The request contains text that is not valid Unicode.";
}

/** What is wrong with a number that JSON cannot write: it would be stored as null. */
export const numberFault = (number: number): string | undefined =>
  Number.isFinite(number) ? undefined : "The request contains a number that is not finite.";

/** How many values JSON may have that are looked at, counted as one goes: what is made to be slow ends there. */
export interface Extent {
  nodes: number;
  /** How many members one object or list may have, where not as many as usual. */
  readonly mostMembers?: number;
}

const usualMembers = 1024;
const mostNodes = 8192;

/** What is wrong with the size of an object or a list, among all that was looked at before. */
export function sizeFault(members: number, extent: Extent): string | undefined {
  extent.nodes += members;
  const { mostMembers = usualMembers } = extent;
  if (members > mostMembers) return `The request contains an object or a list with more than ${mostMembers} members.`;
  return extent.nodes > mostNodes ? `The request contains JSON with more than ${mostNodes} values.` : undefined;
}

/** What is wrong with JSON that nobody can keep, or that is made to be slow. */
export function jsonFault(json: unknown, depth = 1, extent: Extent = { nodes: 1 }): string | undefined {
  if (typeof json === "string") return textFault(json);
  if (typeof json === "number") return numberFault(json);
  if (typeof json !== "object" || json === null) return undefined;
  if (depth > deepestJson) return tooDeep;
  if (Array.isArray(json))
    return sizeFault(json.length, extent) ?? firstOf(json, (one) => jsonFault(one, depth + 1, extent));
  const members = Object.entries(json);
  return (
    sizeFault(members.length, extent) ??
    firstOf(members, ([name, value]) => textFault(name) ?? jsonFault(value, depth + 1, extent))
  );
}

/** The first fault of many. */
export function firstOf<T>(all: readonly T[], find: (one: T) => string | undefined): string | undefined {
  for (const one of all) {
    const fault = find(one);
    if (fault !== undefined) return fault;
  }
  return undefined;
}
