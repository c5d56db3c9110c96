import type { Json, JsonObject } from "#gen/ostiary/admin_calls.js";

/** Whether JSON is an object. */
export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The object with one member changed; without it, where there is no value. */
export function withMember(object: JsonObject, name: string, value: Json | undefined): JsonObject {
  const { [name]: _, ...others } = object;
  if (value === undefined) return others;
  return Object.hasOwn(object, name) ? { ...object, [name]: value } : { ...others, [name]: value };
}
