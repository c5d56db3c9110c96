/** One change of an RFC 6902 document, of the three operations that are served. */
export interface PatchOperation {
  op: "add" | "remove" | "replace";
  /** A JSON pointer (RFC 6901). */
  path: string;
  value?: unknown;
}

/** Why a patch was not applied, for the one who wrote it. */
export class PatchError extends Error {}

/** Never names of members, however they are spelled: they would reach into the prototype of every object. */
const unsafe = new Set(["__proto__", "constructor", "prototype"]);

/**
 * Reads a patch as a client wrote it. `test`, `copy` and `move` are refused rather than ignored: who sends them relies
 * on them.
 */
export function parsePatch(patch: readonly unknown[]): PatchOperation[] {
  return patch.map((entry) => {
    const { op, path, value } = (entry ?? {}) as Record<string, unknown>;
    if (op !== "add" && op !== "remove" && op !== "replace") throw new PatchError(`The operation ${JSON.stringify(op)} is not supported.`);
    if (typeof path !== "string" || (path !== "" && !path.startsWith("/"))) throw new PatchError("The path of an operation is not a JSON pointer.");
    if (op !== "remove" && value === undefined) throw new PatchError(`The operation on ${path} has no value.`);
    return { op, path, value };
  });
}

/** The members that a JSON pointer passes, from the root down. */
export function pointerSegments(path: string): string[] {
  return path.split("/").slice(1).map((segment) => segment.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** Applies a patch to a document of its own: the document is changed in place. `replace` of what is missing adds it. */
export function applyPatch(document: Record<string, unknown>, patch: readonly PatchOperation[]): void {
  for (const { op, path, value } of patch) {
    const segments = pointerSegments(path);
    const last = segments.pop();
    if (last === undefined) throw new PatchError("The document as a whole cannot be changed.");
    if (unsafe.has(last)) throw new PatchError(`There is nothing at ${path}.`);
    const parent = walk(document, segments, path);
    const copy = structuredClone(value);
    if (Array.isArray(parent)) changeItem(parent, op, last, copy, path);
    else changeMember(parent, op, last, copy, path);
  }
}

function walk(document: Record<string, unknown>, segments: readonly string[], path: string): Record<string, unknown> | unknown[] {
  let at: unknown = document;
  for (const segment of segments) {
    const known = typeof at === "object" && at !== null && !unsafe.has(segment) && Object.hasOwn(at, segment);
    at = known ? (at as Record<string, unknown>)[segment] : undefined;
  }
  if (typeof at !== "object" || at === null) throw new PatchError(`There is nothing at ${path}.`);
  return at as Record<string, unknown> | unknown[];
}

function changeMember(parent: Record<string, unknown>, op: PatchOperation["op"], name: string, value: unknown, path: string): void {
  if (op !== "remove") {
    parent[name] = value;
    return;
  }
  if (!Object.hasOwn(parent, name)) throw new PatchError(`There is nothing at ${path}.`);
  delete parent[name];
}

function changeItem(parent: unknown[], op: PatchOperation["op"], segment: string, value: unknown, path: string): void {
  const index = segment === "-" ? parent.length : /^(0|[1-9]\d{0,8})$/.test(segment) ? Number(segment) : Number.NaN;
  const inside = op === "add" ? index <= parent.length : index < parent.length;
  if (!inside) throw new PatchError(`There is no item at ${path}.`);
  if (op === "add") parent.splice(index, 0, value);
  else if (op === "remove") parent.splice(index, 1);
  else parent[index] = value;
}
