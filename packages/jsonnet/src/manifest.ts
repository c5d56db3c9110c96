import type { Budget } from "./budget.ts";
import { fail } from "./error.ts";
import { numeral } from "./numerals.ts";
import { constantLayer, type Fields, type Items, JsonnetObject, Thunk, type Value } from "./value.ts";

/** What JSON can say. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue };

/** A value that holds nothing that is still to be made, no functions and no hidden fields; the others in their order. */
export type Document = null | boolean | number | string | readonly Document[] | ReadonlyMap<string, Document>;

/** How JSON is laid out. */
export interface Layout {
  readonly indent: string;
  readonly newline: string;
  readonly colon: string;
  readonly comma: string;
  /** What stands between brackets that hold nothing; line breaks where it is not said. */
  readonly nothing?: string;
  readonly number: (value: number) => string;
}

/** JSON in a document: numbers are as short as they can be. */
export const inDocument = (value: number): string => (Object.is(value, -0) ? "-0" : String(value));

const oneLine: Layout = { indent: "", newline: "", colon: ": ", comma: ", ", nothing: " ", number: numeral };

/** A value as a program puts it into a text: strings as they are, all else as JSON on a line. */
export function toText(budget: Budget, value: Value): string {
  return typeof value === "string" ? value : manifestJson(budget, value, oneLine);
}

/** A value as JSON, with its hidden fields left out and the others sorted. Fails at functions. */
export function manifestJson(budget: Budget, value: Value, layout: Layout): string {
  return written(documentOf(budget, value), layout, "");
}

function written(value: Document, layout: Layout, indent: string): string {
  if (typeof value === "number") return layout.number(value);
  if (typeof value === "string") return quoted(value);
  if (value === null || typeof value !== "object") return String(value);
  const inner = indent + layout.indent;
  const [open, close, parts] = isList(value)
    ? ["[", "]", value.map((item) => written(item, layout, inner))]
    : ["{", "}", [...value].map(([name, item]) => quoted(name) + layout.colon + written(item, layout, inner))];
  if (parts.length === 0) return open + (layout.nothing ?? layout.newline + layout.newline + indent) + close;
  return (
    open + layout.newline + inner + parts.join(layout.comma + layout.newline + inner) + layout.newline + indent + close
  );
}

/** A string in JSON, control characters beyond ASCII escaped as well. */
export const quoted = (text: string): string =>
  JSON.stringify(text).replace(/[\u007f-\u009f]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** Whether a part of a document is a list. */
export const isList = (value: Document): value is readonly Document[] => Array.isArray(value);

/** Whether a part of a document has fields. */
export const isRecord = (value: Document): value is ReadonlyMap<string, Document> => value instanceof Map;

/** All of a value. Fails at functions; checks the assertions of objects. */
export function documentOf(budget: Budget, value: Value): Document {
  return visited(budget, value, {
    list: (items) => items,
    record: (fields) => new Map(fields),
  });
}

/** A value for the world outside. Fails at functions; checks the assertions of objects. */
export function toJson(budget: Budget, value: Value): JsonValue {
  return visited<JsonValue>(budget, value, {
    list: (items) => items,
    record: (fields) => Object.fromEntries(fields),
  });
}

type Scalar = null | boolean | number | string;

interface Builder<Result> {
  readonly list: (items: readonly Result[]) => Result;
  readonly record: (fields: readonly (readonly [string, Result])[]) => Result;
}

function visited<Result>(budget: Budget, value: Value, build: Builder<Result>): Result | Scalar {
  budget.charge(typeof value === "string" ? 1 + value.length / 16 : 1);
  if (value === null || typeof value !== "object") return value;
  const inner = (part: Value) => visited(budget, part, build) as Result;
  if (Array.isArray(value)) return budget.deeper(() => build.list((value as Items).map((item) => inner(item.get()))));
  if (!(value instanceof JsonnetObject)) return fail("a function cannot be a part of the outcome");
  value.check();
  return budget.deeper(() => build.record(value.names().map((name) => [name, inner(value.get(name))] as const)));
}

/** Takes in a value of the world outside. What JSON cannot say is left out, as JSON does. */
export function fromJson(value: unknown, add: (left: Value, right: Value) => Value): Value {
  if (value === null || value === undefined) return null;
  if (typeof value === "number") return Number.isFinite(value) ? value : fail(`${value} is no number`);
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (Array.isArray(value)) return value.map((item) => new Thunk(() => fromJson(item, add)));
  if (typeof value !== "object") return fail(`a ${typeof value} cannot be taken in`);
  const fields: Fields = Object.entries(value).map(
    ([name, item]) => [name, new Thunk(() => fromJson(item, add))] as const,
  );
  return new JsonnetObject([constantLayer(fields)], add);
}
