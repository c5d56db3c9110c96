import { SchemaRefused, isObject } from "./limits.ts";

/** Keywords whose schemas judge the same value as the schema that they stand in. */
const inPlace = ["allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependencies"];
const mostSteps = 8192;

/**
 * Refuses schemas that would never come to an end of judging one value, since they refer to each other in a circle, or
 * not in reasonable time, since references to references multiply.
 */
export function assertReferencesEnd(root: Record<string, unknown>): void {
  const steps = new Map<object, number | "under way">();

  function count(schema: unknown): number {
    if (!isObject(schema)) return 0;
    const known = steps.get(schema);
    if (known === "under way") throw new SchemaRefused("The references of the schema lead in a circle.");
    if (known !== undefined) return known;
    steps.set(schema, "under way");
    const total = judgesOf(root, schema).reduce<number>((sum, inner) => sum + count(inner), 1);
    if (total > mostSteps) throw new SchemaRefused(`A value would be judged in more than ${mostSteps} steps.`);
    steps.set(schema, total);
    return total;
  }

  visit(root, count);
}

function visit(node: unknown, count: (schema: unknown) => number): void {
  if (isObject(node)) count(node);
  if (typeof node === "object" && node !== null) for (const inner of Object.values(node)) visit(inner, count);
}

/** The schemas that judge what this one judges: those that it refers to and those that it is made of. */
function judgesOf(root: Record<string, unknown>, schema: Record<string, unknown>): unknown[] {
  const parts = inPlace.flatMap((keyword) => {
    const part = schema[keyword];
    if (Array.isArray(part)) return part as unknown[];
    return keyword === "dependencies" && isObject(part) ? Object.values(part) : [part];
  });
  return typeof schema["$ref"] === "string" ? [...parts, referred(root, schema["$ref"])] : parts;
}

/** What a reference within the document points at; undefined for all others. */
export function referred(root: Record<string, unknown>, ref: string): unknown {
  const own = typeof root["$id"] === "string" ? root["$id"].replace(/#$/, "") : "";
  const pointer = own && ref.startsWith(`${own}#`) ? ref.slice(own.length) : ref;
  if (!pointer.startsWith("#/")) return undefined;
  return decoded(pointer.slice(2))
    .split("/")
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
    .reduce<unknown>((inner, key) => (hasMember(inner, key) ? inner[key] : undefined), root);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new SchemaRefused(`The reference ${JSON.stringify(text)} cannot be read.`);
  }
}

const hasMember = (value: unknown, key: string): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && Object.hasOwn(value, key);
