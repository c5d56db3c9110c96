import type { Budget } from "./budget.ts";
import { fail } from "./error.ts";
import { constantLayer, type Fields, type Items, JsonnetObject, Thunk, typeOf, type Value } from "./value.ts";

/** What JSON can say. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [name: string]: JsonValue };

/** How JSON is laid out: `indent` is empty for a single line. */
export interface Layout {
  readonly indent: string;
  readonly newline: string;
  readonly colon: string;
  readonly comma: string;
}

const oneLine: Layout = { indent: "", newline: "", colon: ": ", comma: ", " };

/** A value as a program puts it into a text: strings as they are, all else as JSON on a line. */
export function toText(budget: Budget, value: Value): string {
  return typeof value === "string" ? value : manifestJson(budget, value, oneLine);
}

/** A value as JSON, with its hidden fields left out and the others sorted. Fails at functions. */
export function manifestJson(budget: Budget, value: Value, layout: Layout): string {
  return written(toJson(budget, value), layout, "");
}

function written(value: JsonValue, layout: Layout, indent: string): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const inner = indent + layout.indent;
  const [open, close, parts] = Array.isArray(value)
    ? ["[", "]", (value as readonly JsonValue[]).map((item) => written(item, layout, inner))]
    : ["{", "}", Object.entries(value).map(([name, item]) => JSON.stringify(name) + layout.colon + written(item, layout, inner))];
  // Nothing inside leaves a blank behind: `[ ]`, as other evaluators write it.
  if (parts.length === 0) return layout.colon.endsWith(" ") ? `${open} ${close}` : open + close;
  const separator = layout.newline ? layout.comma.trimEnd() + layout.newline + inner : layout.comma;
  return open + (layout.newline && layout.newline + inner) + parts.join(separator) + (layout.newline && layout.newline + indent) + close;
}

/** A value for the world outside. Fails at functions; checks the assertions of objects. */
export function toJson(budget: Budget, value: Value): JsonValue {
  budget.charge(typeof value === "string" ? 1 + value.length / 16 : 1);
  if (value instanceof JsonnetObject) return plainObject(budget, value);
  if (Array.isArray(value)) return budgeted(budget, () => (value as Items).map((item) => toJson(budget, item.get())));
  if (value === null || typeof value !== "object") return value;
  return fail("a function cannot be a part of the outcome");
}

function plainObject(budget: Budget, object: JsonnetObject): JsonValue {
  object.check();
  return budgeted(budget, () => Object.fromEntries(object.names().map((name) => [name, toJson(budget, object.get(name))])));
}

function budgeted<Result>(budget: Budget, work: () => Result): Result {
  budget.enter();
  try {
    return work();
  } finally {
    budget.leave();
  }
}

/** Takes in a value of the world outside. What JSON cannot say is left out, as JSON does. */
export function fromJson(value: unknown, add: (left: Value, right: Value) => Value): Value {
  if (value === null || value === undefined) return null;
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  if (Array.isArray(value)) return value.map((item) => new Thunk(() => fromJson(item, add)));
  if (typeof value !== "object") return fail(`a ${typeof value} cannot be taken in`);
  const fields: Fields = Object.entries(value).map(([name, item]) => [name, new Thunk(() => fromJson(item, add))] as const);
  return new JsonnetObject([constantLayer(fields)], add);
}

/** The items of a list, or a refusal that names what was found instead. */
export function itemsOf(value: Value): Items {
  return Array.isArray(value) ? (value as Items) : fail(`a list is needed, not a ${typeOf(value)}`);
}
