import { segmentsOf } from "../text/json-pointer.ts";
import { SchemaRefused, isObject } from "./limits.ts";

type Schema = Record<string, unknown>;

/** Keywords whose schemas judge the same value as the schema that they stand in. */
const inPlace = ["allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependencies", "dependentSchemas"];
const mostSteps = 8192;
const mostHops = 512;
/** As deep as a message may nest by any protocol. */
const deepestValue = 100;

/** Who judges on: the same value, and each of the values within it. */
interface Judges {
  readonly same: readonly Schema[];
  readonly within: readonly (readonly Schema[])[];
}

/**
 * Refuses schemas that would never come to an end of judging one value, since they refer to each other in a circle, or
 * not in reasonable time, since references to references multiply: within one value, or from each level of it to the next.
 */
export function assertReferencesEnd(root: Schema): void {
  if ("$ref" in root) throw new SchemaRefused("The root of a schema may not be a $ref.");
  const schemas: Schema[] = [];
  gather(root, schemas);
  if (schemas.some(({ $ref }) => $ref === "#")) throw new SchemaRefused("A schema may not refer to itself as a whole.");
  const judges = new Map(schemas.map((schema) => [schema, judgesOf(root, schema)]));
  let before = new Map<Schema, number>();
  for (let levels = 1; levels <= deepestValue; levels++) {
    const steps = countSteps(judges, before);
    // What refers to itself grows with each level; all else has been counted to its end.
    if ([...steps].every(([schema, count]) => before.get(schema) === count)) return;
    before = steps;
  }
}

/** How often something is judged on the longest way into a value of one more level than before. */
function countSteps(judges: ReadonlyMap<Schema, Judges>, before: ReadonlyMap<Schema, number>): Map<Schema, number> {
  const steps = new Map<Schema, number>();
  const underWay = new Set<Schema>();
  const sum = (schemas: readonly Schema[], count: (schema: Schema) => number) =>
    schemas.reduce((total, schema) => total + count(schema), 0);

  function count(schema: Schema): number {
    const known = steps.get(schema);
    if (known !== undefined) return known;
    if (underWay.has(schema)) throw new SchemaRefused("The references of the schema lead in a circle.");
    underWay.add(schema);
    if (underWay.size > mostHops) throw new SchemaRefused(`A reference leads over more than ${mostHops} others.`);
    const { same, within } = judges.get(schema)!;
    const inner = within.reduce(
      (most, those) =>
        Math.max(
          most,
          sum(those, (one) => before.get(one) ?? 0),
        ),
      0,
    );
    const total = 1 + sum(same, count) + inner;
    if (total > mostSteps) throw new SchemaRefused(`A value would be judged in more than ${mostSteps} steps.`);
    underWay.delete(schema);
    steps.set(schema, total);
    return total;
  }

  for (const schema of judges.keys()) count(schema);
  return steps;
}

function gather(node: unknown, found: Schema[]): void {
  if (isObject(node)) found.push(node);
  if (typeof node === "object" && node !== null) for (const inner of Object.values(node)) gather(inner, found);
}

/** The schemas that judge what this one judges, those that it refers to and is made of, and those that judge what is within. */
function judgesOf(root: Schema, schema: Schema): Judges {
  const parts = inPlace.flatMap((keyword) =>
    keyword.startsWith("depend") ? valuesOf(schema[keyword]) : [schema[keyword]].flat(),
  );
  const target = typeof schema["$ref"] === "string" ? referred(root, schema["$ref"]) : undefined;
  return {
    same: [...parts, target].filter(isObject),
    within: [...membersOf(schema), ...itemsOf(schema), [schema["propertyNames"]]].map((those) =>
      those.filter(isObject),
    ),
  };
}

/** Who judges each member of an object. Any pattern may fit any name. */
function membersOf(schema: Schema): unknown[][] {
  const patterns = valuesOf(schema["patternProperties"]);
  return [
    ...valuesOf(schema["properties"]).map((one) => [one, ...patterns]),
    [schema["additionalProperties"], schema["unevaluatedProperties"], ...patterns],
  ];
}

/** Who judges each item of a list. */
function itemsOf({ items, prefixItems, additionalItems, unevaluatedItems, contains }: Schema): unknown[][] {
  const first: unknown[] = [prefixItems, items].find((list) => Array.isArray(list)) ?? [];
  return [...first, Array.isArray(items) ? additionalItems : items].map((one) => [one, contains, unevaluatedItems]);
}

const valuesOf = (value: unknown): unknown[] => (isObject(value) ? Object.values(value) : []);

/** What a reference within the document points at; undefined where there is nothing. */
export function referred(root: Schema, ref: string): unknown {
  if (!ref.startsWith("#/")) return undefined;
  return segmentsOf(decoded(ref.slice(1))).reduce<unknown>(
    (inner, key) => (hasMember(inner, key) ? inner[key] : undefined),
    root,
  );
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
