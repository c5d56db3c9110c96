import type { ErrorObject } from "ajv";
import { segmentsOf } from "../text/json-pointer.ts";
import type { IdentitySchema } from "./identity-schema.ts";
import { isObject } from "./limits.ts";
import { scalarIn } from "./scalar-text.ts";

type Traits = Record<string, unknown>;

/** The keywords by which a schema refuses a text for being one. */
const refusing = new Set(["type", "enum", "const"]);
/** The keywords that sum up what others have said of the same value. */
const summing = new Set(["anyOf", "oneOf", "if"]);

/**
 * Reads each text that can only be a number or a truth value, and is written as JSON writes it, as what it says: user interfaces hand on
 * what an input of the page holds. Where the schema takes texts at all, texts stay what they are.
 */
export function readRefusedTexts({ validate }: IdentitySchema, traits: Traits): Traits {
  if (validate({ traits })) return traits;
  const refused = new Map<string, ErrorObject[]>();
  for (const error of validate.errors ?? []) {
    if (typeof error.data !== "string" || summing.has(error.keyword)) continue;
    refused.set(error.instancePath, [...(refused.get(error.instancePath) ?? []), error]);
  }
  let read: unknown = { traits };
  for (const [pointer, errors] of refused) {
    const value = scalarIn(errors[0]!.data as string, typesWanted(errors));
    if (value !== undefined) read = withValueAt(read, segmentsOf(pointer), value);
  }
  return (read as { traits: Traits }).traits;
}

/** The types that would have done in place of a text; none where some text does. */
function typesWanted(errors: readonly ErrorObject[]): ReadonlySet<string> {
  if (errors.some(({ keyword }) => !refusing.has(keyword))) return new Set();
  const types = new Set(errors.flatMap(typesOf));
  return types.has("string") ? new Set() : types;
}

function typesOf({ keyword, params }: ErrorObject): string[] {
  if (keyword === "type") return [params["type"] as string | string[]].flat();
  return [params["allowedValues"] ?? params["allowedValue"]].flat().map((value) => typeof value);
}

function withValueAt(whole: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return typeof whole === "string" ? value : whole;
  if (Array.isArray(whole)) return whole.with(Number(key), withValueAt(whole[Number(key)], rest, value));
  return isObject(whole) ? { ...whole, [key]: withValueAt(whole[key], rest, value) } : whole;
}
