import { segmentsOf } from "../text/json-pointer.ts";

/** One change of an RFC 6902 document, of the three operations that are served. */
export interface PatchOperation {
  op: "add" | "remove" | "replace";
  /** A JSON pointer (RFC 6901). */
  path: string;
  value?: unknown;
}

/** Why a patch was not applied, for the one who wrote it. */
export class PatchError extends Error {}

/** No name of a member: it would reach into the prototype of every object. */
const unsafe = "__proto__";
const mostSkipped = 1024;

/**
 * Reads a patch as a client wrote it. `test`, `copy` and `move` are refused rather than ignored: who sends them relies
 * on them.
 */
export function parsePatch(patch: readonly unknown[]): PatchOperation[] {
  return patch.map((entry) => {
    const { op, path, value } = (entry ?? {}) as Record<string, unknown>;
    if (op !== "add" && op !== "remove" && op !== "replace")
      throw new PatchError(`The operation ${JSON.stringify(op)} is not supported.`);
    if (typeof path !== "string" || (path !== "" && !path.startsWith("/")))
      throw new PatchError("The path of an operation is not a JSON pointer.");
    if (op !== "remove" && value === undefined) throw new PatchError(`The operation on ${path} has no value.`);
    return { op, path, value };
  });
}

/**
 * Applies a patch to a document of its own: the document is changed in place. As in Kratos, `add` makes the parents that are missing
 * or null, and `replace` of a member that is missing adds it.
 */
export function applyPatch(document: Record<string, unknown>, patch: readonly PatchOperation[]): void {
  for (const { op, path, value } of patch) {
    const segments = segmentsOf(path);
    const last = segments.at(-1);
    if (last === undefined) throw new PatchError("The document cannot be replaced as a whole.");
    if (segments.includes(unsafe)) throw new PatchError(`There is nothing at ${path}.`);
    const makes = op === "add" || (op === "replace" && !isIndex(last));
    const parent = makes ? makeParents(document, segments, path) : parentOf(document, segments, path);
    const copy = structuredClone(value);
    if (Array.isArray(parent)) changeItem(parent, op, last, copy, path);
    else changeMember(parent, op, last, copy, path);
  }
}

type Parent = Record<string, unknown> | unknown[];

const isParent = (value: unknown): value is Parent => typeof value === "object" && value !== null;
const isIndex = (segment: string): boolean => segment === "-" || /^\d+$/.test(segment);
const innerOf = (parent: Parent, segment: string): unknown =>
  Object.hasOwn(parent, segment) ? (parent as Record<string, unknown>)[segment] : undefined;

function parentOf(document: Parent, segments: readonly string[], path: string): Parent {
  return segments.slice(0, -1).reduce<Parent>((parent, segment) => {
    const inner = innerOf(parent, segment);
    if (!isParent(inner)) throw new PatchError(`There is nothing at ${path}.`);
    return inner;
  }, document);
}

function makeParents(document: Parent, segments: readonly string[], path: string): Parent {
  return segments.slice(0, -1).reduce<Parent>((parent, segment, at) => {
    const inner = innerOf(parent, segment);
    if (isParent(inner)) return inner;
    if (inner !== undefined && inner !== null) throw new PatchError(`There is nothing at ${path}.`);
    // What the next segment counts is a list, with nothing in the places before.
    const next = segments[at + 1]!;
    const made: Parent = isIndex(next) ? blanks(next === "-" ? 0 : Number(next), path) : {};
    if (Array.isArray(parent)) put(parent, segment, made, path);
    else parent[segment] = made;
    return made;
  }, document);
}

function put(list: unknown[], segment: string, value: unknown, path: string): void {
  const index = segment === "-" ? list.length : isIndex(segment) ? Number(segment) : Number.NaN;
  if (Number.isNaN(index)) throw new PatchError(`There is no item at ${path}.`);
  list.push(...blanks(index - list.length, path));
  list[index] = value;
}

function blanks(count: number, path: string): null[] {
  if (count > mostSkipped) throw new PatchError(`The path ${path} skips more than ${mostSkipped} items.`);
  return Array.from({ length: Math.max(count, 0) }, () => null);
}

function changeMember(
  parent: Record<string, unknown>,
  op: PatchOperation["op"],
  name: string,
  value: unknown,
  path: string,
): void {
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
