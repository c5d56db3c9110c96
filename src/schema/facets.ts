import { isObject } from "./limits.ts";
import { linearPattern } from "./pattern.ts";
import { referred } from "./references.ts";

/** A schema, as a JSON object. */
export type Schema = Record<string, unknown>;

/**
 * The schemas that judge one value: a schema, what it refers to and what it is made of. Some judge in any case; of others,
 * such as the branches of `anyOf`, it depends on the value whether they do.
 */
export interface Facets {
  readonly always: readonly Schema[];
  readonly perhaps: readonly Schema[];
  /** Whether a branch of its own lets null in. */
  readonly nullable: boolean;
}

/** A schema that judges, and whether it does so in any case. */
type Judge = readonly [schema: unknown, certain: boolean];

/** Gathers all that judges a value. */
export function facetsOf(root: Schema, judges: readonly Judge[]): Facets {
  const always = new Set<Schema>();
  const perhaps = new Set<Schema>();
  let nullable = false;

  function visit(schema: unknown, certain: boolean): void {
    if (!isObject(schema) || always.has(schema) || (!certain && perhaps.has(schema))) return;
    (certain ? always : perhaps).add(schema);
    if (typeof schema["$ref"] === "string") visit(referred(root, schema["$ref"]), certain);
    for (const part of listOf(schema["allOf"])) visit(part, certain);
    for (const branches of [listOf(schema["anyOf"]), listOf(schema["oneOf"])]) {
      const others = branches.filter((branch) => !isNull(branch));
      if (others.length < branches.length) nullable = true;
      // What may be null, or else one thing only, is that thing.
      for (const branch of others) visit(branch, certain && others.length === 1);
    }
    for (const keyword of ["if", "then", "else"]) visit(schema[keyword], false);
    for (const keyword of ["dependencies", "dependentSchemas"])
      for (const part of valuesOf(schema[keyword])) visit(part, false);
  }

  for (const [schema, certain] of judges) visit(schema, certain);
  return { always: [...always], perhaps: [...perhaps].filter((schema) => !always.has(schema)), nullable };
}

const judgesIn = ({ always, perhaps }: Facets): (readonly [Schema, boolean])[] => [
  ...always.map((schema) => [schema, true] as const),
  ...perhaps.map((schema) => [schema, false] as const),
];

/** The names that an object of such a value has, in the order in which the schema says them. */
export const namesIn = (facets: Facets): string[] => [
  ...new Set(judgesIn(facets).flatMap(([{ properties }]) => (isObject(properties) ? Object.keys(properties) : []))),
];

/** What judges a member of an object; undefined where no schema knows the name. */
export function memberOf(root: Schema, facets: Facets, name: string): Facets | undefined {
  const judges = judgesIn(facets).flatMap(([schema, certain]) =>
    membersOf(schema, name).map((one): Judge => [one, certain]),
  );
  return judges.length ? facetsOf(root, judges) : undefined;
}

function membersOf({ properties, patternProperties, additionalProperties }: Schema, name: string): unknown[] {
  if (isObject(properties) && Object.hasOwn(properties, name)) return [properties[name]];
  const fitting = isObject(patternProperties)
    ? patternsIn(patternProperties)
        .filter(([pattern]) => pattern.test(name))
        .map(([, schema]) => schema)
    : [];
  return fitting.length || !isObject(additionalProperties) ? fitting : [additionalProperties];
}

const compiled = new WeakMap<Schema, [pattern: ReturnType<typeof linearPattern>, schema: unknown][]>();

/** The patterns of a schema: each name of each submission asks for them. */
function patternsIn(schemas: Schema) {
  let patterns = compiled.get(schemas);
  if (!patterns)
    compiled.set(
      schemas,
      (patterns = Object.entries(schemas).map(([source, schema]) => [linearPattern(source), schema])),
    );
  return patterns;
}

/** Whether an object of such a value has to have a member. */
export const requires = ({ always }: Facets, name: string): boolean =>
  always.some(({ required }) => Array.isArray(required) && required.includes(name));

/** What judges an item of a list. */
export function itemOf(root: Schema, facets: Facets, at: number): Facets {
  return facetsOf(
    root,
    judgesIn(facets).map(([schema, certain]): Judge => [itemsOf(schema)[at] ?? furtherItemsOf(schema), certain]),
  );
}

const itemsOf = ({ prefixItems, items }: Schema): unknown[] =>
  Array.isArray(prefixItems) ? prefixItems : Array.isArray(items) ? items : [];
const furtherItemsOf = ({ items, additionalItems }: Schema): unknown =>
  Array.isArray(items) ? additionalItems : items;

/** The types that a value may have, in JSON Schema's words; undefined for any. */
export function typesOf({ always, perhaps, nullable }: Facets): ReadonlySet<string> | undefined {
  const certain = always.map(ownTypes).filter((types) => types !== undefined);
  const possible = perhaps.map(ownTypes).filter((types) => types !== undefined);
  const types = certain.length
    ? certain.reduce(both)
    : possible.length
      ? new Set(possible.flatMap((some) => [...some]))
      : undefined;
  return types && nullable ? new Set([...types, "null"]) : types;
}

function ownTypes({ type, const: constant, enum: values }: Schema): ReadonlySet<string> | undefined {
  if (typeof type === "string") return new Set([type]);
  if (Array.isArray(type)) return new Set(type as string[]);
  if (constant !== undefined) return new Set([typeOf(constant)]);
  return Array.isArray(values) ? new Set(values.map(typeOf)) : undefined;
}

function both(some: ReadonlySet<string>, others: ReadonlySet<string>): ReadonlySet<string> {
  const narrow = [...some].filter((type) => others.has(type));
  const whole = (one: ReadonlySet<string>, other: ReadonlySet<string>) => one.has("integer") && other.has("number");
  return new Set(narrow.length || !(whole(some, others) || whole(others, some)) ? narrow : ["integer"]);
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

const isNull = (schema: unknown): boolean => isObject(schema) && [...(ownTypes(schema) ?? [])].join() === "null";
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const valuesOf = (value: unknown): unknown[] => (isObject(value) ? Object.values(value) : []);
