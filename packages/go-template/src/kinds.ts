import { Escaped, isMap } from "./values.ts";

/** What a value would be in Go: the type that `%T` prints. Numbers without a fraction are whole. */
export function typeName(value: unknown): string {
  if (value === null || value === undefined) return "<nil>";
  if (Array.isArray(value)) return "[]interface {}";
  if (value instanceof Date) return "time.Time";
  if (value instanceof Escaped) return "string";
  if (typeof value === "number") return Number.isInteger(value) ? "int" : "float64";
  if (isMap(value)) return "map[string]interface {}";
  return { string: "string", boolean: "bool", function: "func" }[typeof value as string] ?? "struct";
}

/** The kind of that type, as Go's package reflect has it. */
export function kindName(value: unknown): string {
  if (value === null || value === undefined) return "invalid";
  if (Array.isArray(value)) return "slice";
  if (isMap(value)) return "map";
  return value instanceof Date ? "struct" : typeName(value);
}
