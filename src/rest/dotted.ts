import type { JsonObject, JsonValue } from "@bufbuild/protobuf";
import { BodyError } from "./body-error.ts";
import { isObject } from "./well-known.ts";

/** A body whose names nest at their dots. */
export interface Nested {
  readonly json: JsonObject;
  /** The values that came by dotted names, each by its way in. */
  readonly texts: readonly (readonly string[])[];
}

/** Reads `traits.name.first=Ada` as `{"traits": {"name": {"first": "Ada"}}}`; a name sent twice becomes a list. */
export function nestForm(entries: Iterable<[string, string]>): Nested {
  const values = new Map<string, JsonValue>();
  for (const [name, value] of entries) {
    const before = values.get(name);
    if (before === undefined) values.set(name, value);
    else if (Array.isArray(before)) before.push(value);
    else values.set(name, [before, value]);
  }
  return nest(Object.create(null) as JsonObject, values);
}

/** Reads JSON whose members are named as a form's fields are: single-page apps make such bodies of the names in a form. */
export function nestMembers(json: JsonObject): Nested {
  const entries = Object.entries(json);
  const dotted = entries.filter(([name]) => name.includes("."));
  if (dotted.length === 0) return { json, texts: [] };
  const plain = entries.filter(([name]) => !name.includes("."));
  return nest(Object.assign(Object.create(null), Object.fromEntries(plain)) as JsonObject, dotted);
}

function nest(root: JsonObject, values: Iterable<readonly [string, JsonValue]>): Nested {
  const texts: string[][] = [];
  const own = new Set<JsonObject>([root]);
  const leaves = new Set<JsonValue>();
  for (const [name, value] of values) {
    const way = name.split(".");
    const group = way.slice(0, -1).reduce((at, key) => {
      if (leaves.has(at[key]!)) throw twoThings(name);
      return groupIn(at, key, name, own);
    }, root);
    const last = way.at(-1)!;
    if (own.has(group[last] as JsonObject)) throw twoThings(name);
    group[last] = value;
    if (isObject(value)) leaves.add(value);
    texts.push(way);
  }
  return { json: root, texts };
}

/** The group of that name, to which something can be added: what came nested stays as it is. */
function groupIn(at: JsonObject, key: string, name: string, own: Set<JsonObject>): JsonObject {
  const inner = at[key];
  if (own.has(inner as JsonObject)) return inner as JsonObject;
  if (inner !== undefined && inner !== null && !isObject(inner)) throw twoThings(name);
  // Without a prototype no name reaches into one.
  const group = Object.assign(Object.create(null), inner) as JsonObject;
  own.add(group);
  return (at[key] = group);
}

const twoThings = (name: string) =>
  new BodyError("malformed", `The form contains ${JSON.stringify(name)} both as a value and as a group of values.`);
