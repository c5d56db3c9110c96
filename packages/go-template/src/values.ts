import { wideExponent } from "./decimal.ts";
import { formatTime } from "./time/layout.ts";

/** What a template is given: a field that is not there is an error, where a missing key of a map is just empty. */
export class Struct {
  readonly values: Readonly<Record<string, unknown>>;

  constructor(values: Readonly<Record<string, unknown>>) {
    this.values = values;
  }
}

/** A text that its template has escaped itself: where its place asks for the same, it is not escaped again. */
export class Escaped {
  readonly by: "html" | "urlquery";
  readonly text: string;
  readonly written: string;

  constructor(by: "html" | "urlquery", text: string, written: string) {
    this.by = by;
    this.text = text;
    this.written = written;
  }
}

/** A function, as templates call it. */
export type TemplateFunction = (...args: readonly unknown[]) => unknown;

/** Functions that take just as many arguments as they name. */
export function fixedArity(
  functions: Readonly<Record<string, TemplateFunction>>,
): Readonly<Record<string, TemplateFunction>> {
  const strict = ([name, run]: [string, TemplateFunction]): [string, TemplateFunction] => [
    name,
    (...args) => {
      if (args.length !== run.length)
        throw new Error(`${name} takes ${run.length} argument${run.length === 1 ? "" : "s"}, not ${args.length}`);
      return run(...args);
    },
  ];
  return Object.fromEntries(Object.entries(functions).map(strict));
}

/** An object with keys. */
export const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof Date) &&
  !(value instanceof Escaped) &&
  !(value instanceof Struct);

/** Whether a value counts as true: everything but false, zero, nothing and what is empty. */
export function truth(value: unknown): boolean {
  if (value === null || value === undefined || value === false || value === 0 || value === "") return false;
  if (Array.isArray(value)) return value.length > 0;
  return isMap(value) ? Object.keys(value).length > 0 : true;
}

/** A value as it is printed. Nothing is printed of nothing. */
export function show(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return value;
  return nested(value);
}

function nested(value: unknown): string {
  if (value === null || value === undefined) return "<nil>";
  if (Array.isArray(value)) return `[${value.map(nested).join(" ")}]`;
  if (value instanceof Date) return formatTime(value, "2006-01-02 15:04:05.999999999 -0700 MST");
  if (value instanceof Escaped) return value.written;
  if (value instanceof Struct) return nested(value.values);
  if (typeof value === "function") return "<function>";
  if (!isMap(value)) return typeof value === "number" ? wideExponent(String(value)) : String(value);
  const keys = Object.keys(value).toSorted();
  return `map[${keys.map((key) => `${key}:${nested(value[key])}`).join(" ")}]`;
}

/** The value under a key; undefined if there is none. Nothing is inherited. */
export const own = (map: Readonly<Record<string, unknown>>, key: string): unknown =>
  Object.hasOwn(map, key) ? map[key] : undefined;
