import { extensionOf } from "./extension.ts";
import type { Extension } from "./extension.ts";
import { facetsOf, itemOf, memberOf, namesIn, requires, typesOf } from "./facets.ts";
import type { Facets, Schema } from "./facets.ts";
import { SchemaRefused, isObject } from "./limits.ts";

/** One trait, as forms and identifiers need it. */
export interface TraitField {
  /** As in `name.first`. */
  readonly path: readonly string[];
  readonly type: "string" | "number" | "integer" | "boolean" | "array";
  readonly format?: string;
  readonly title?: string;
  readonly pattern?: string;
  readonly required: boolean;
  readonly options?: readonly unknown[];
  readonly disabled: boolean;
  readonly extension: Extension;
}

/** The traits of a schema. */
export interface Fields {
  readonly fields: readonly TraitField[];
  /** Traits within lists of objects that name people: no input asks for them. Each list is passed by the name that it has. */
  readonly listed: readonly TraitField[];
  /** The objects among the traits that are always there, by their paths. */
  readonly groups: readonly (readonly string[])[];
}

const keyword = "ory.sh/kratos";
const mostOptions = 500;
const mostFields = 1024;
const verifiableFormats = ["email", "tel", "date", "time", "date-time", "no-validate"];
const scalars = ["string", "number", "integer", "boolean"];

/** Finds the traits that people are asked for, wherever the schema speaks of them. What holds itself is left out: it has no end. */
export function fieldsOf(root: Schema, traits: Facets): Fields {
  const fields: TraitField[] = [];
  const listed: TraitField[] = [];
  const groups: (readonly string[])[] = [];
  /** Schemas that hold themselves. */
  const endless = new Set<Schema>();

  function visit(object: Facets, path: readonly string[], around: readonly Schema[], certain: boolean): void {
    const outer = [...around, ...schemasIn(object)];
    for (const name of namesIn(object)) {
      const facets = memberOf(root, object, name)!;
      const own = [...path, name];
      const again = schemasIn(facets).filter((schema) => outer.includes(schema));
      for (const schema of again) endless.add(schema);
      if (again.length) continue;
      const items = typesOf(facets)?.has("array") ? itemOf(root, facets, 0) : undefined;
      if (items && isGroup(items)) visitList(items, own, outer);
      else if (!isGroup(facets)) fields.push(...fieldOf(root, facets, own, certain && requires(object, name)));
      else visitGroup(facets, own, outer, certain && isSure(object, name) && (typesOf(facets)?.size ?? 1) === 1);
      if (fields.length > mostFields) throw new SchemaRefused(`The schema has more than ${mostFields} traits.`);
    }
  }

  function visitGroup(group: Facets, path: readonly string[], around: readonly Schema[], certain: boolean): void {
    const before = fields.length;
    visit(group, path, around, certain);
    if (certain && fields.length > before && typesOf(group) && !schemasIn(group).some((schema) => endless.has(schema)))
      groups.push(path);
  }

  function visitList(items: Facets, path: readonly string[], around: readonly Schema[]): void {
    const [before, others] = [fields.length, groups.length];
    visit(items, path, around, false);
    listed.push(...fields.splice(before).filter(({ extension }) => isNaming(extension)));
    groups.length = others;
  }

  visit(traits, [], [], true);
  return { fields, listed, groups };
}

const schemasIn = ({ always, perhaps }: Facets): readonly Schema[] => [...always, ...perhaps];

/** Whether a schema that judges in any case speaks of a member. */
const isSure = ({ always }: Facets, name: string): boolean =>
  always.some(({ properties }) => isObject(properties) && Object.hasOwn(properties, name));

/** Whether a value is a group of others. */
function isGroup(facets: Facets): boolean {
  const types = typesOf(facets);
  return types ? types.has("object") : namesIn(facets).length > 0;
}

function fieldOf(root: Schema, facets: Facets, path: readonly string[], required: boolean): TraitField[] {
  const type = inputTypeOf(root, facets);
  if (!type) return [];
  // The names of a list's items stand on the items.
  const items = type === "array" ? itemOf(root, facets, 0) : undefined;
  const bearer = bearerOf(facets) ?? (items && bearerOf(items));
  const extension = extensionOf(bearer?.[keyword], path.join("."));
  const format = sharedText(facets, "format");
  const named = bearer?.["format"] ?? format;
  if (extension.verification && !verifiableFormats.includes(String(named)))
    throw new SchemaRefused(
      `traits.${path.join(".")}: an address that is to be verified needs a format: ${verifiableFormats.join(", ")}.`,
    );
  const [title, pattern] = [sharedText(facets, "title", false), sharedText(facets, "pattern", false)];
  const options = optionsOf(facets);
  return [
    {
      ...{ path, type, required, extension },
      disabled: facets.always.some((schema) => schema["disableFormField"] === true),
      ...(format !== undefined && { format }),
      ...(title !== undefined && { title }),
      ...(pattern !== undefined && { pattern }),
      ...(options && { options: options.slice(0, mostOptions) }),
    },
  ];
}

/** What kind of input asks for a value; undefined for what no input can ask for. */
function inputTypeOf(root: Schema, facets: Facets): TraitField["type"] | undefined {
  const types = [...(typesOf(facets) ?? [])].filter((type) => type !== "null");
  if (types.length === 0 || types.some((type) => type !== "array" && !scalars.includes(type))) return undefined;
  if (types.includes("array"))
    return types.length === 1 && inputTypeOf(root, itemOf(root, facets, 0)) ? "array" : undefined;
  if (types.every((type) => type === "number" || type === "integer"))
    return types.includes("number") ? "number" : "integer";
  return types.length === 1 ? (types[0] as TraitField["type"]) : "string";
}

const isNaming = ({ password, webauthn, code, verification, recovery }: Extension): boolean =>
  Boolean(password || webauthn || code || verification || recovery);

const bearerOf = ({ always, perhaps }: Facets): Schema | undefined =>
  [...always, ...perhaps].find((schema) => schema[keyword] !== undefined);

/** What a keyword says, if it is said in any case, or by all that may judge. */
function sharedText({ always, perhaps }: Facets, name: string, byBranches = true): string | undefined {
  const said = always.map((schema) => schema[name]).find((value) => typeof value === "string");
  if (said !== undefined || !byBranches) return said as string | undefined;
  const values = new Set(perhaps.map((schema) => schema[name]));
  const [only] = values;
  return values.size === 1 && typeof only === "string" ? only : undefined;
}

/** The values of which one is to be chosen. */
function optionsOf({ always }: Facets): unknown[] | undefined {
  for (const { enum: values, anyOf, oneOf } of always) {
    if (Array.isArray(values)) return values;
    const branches = [anyOf, oneOf].find(
      (some): some is Schema[] =>
        Array.isArray(some) && some.length > 0 && some.every((one) => isObject(one) && one["const"] !== undefined),
    );
    if (branches) return branches.map((one) => one["const"]);
  }
  return undefined;
}

/** What judges the traits of a schema, and what their root is; undefined where there are none. */
export function traitsOf(root: Schema): Facets | undefined {
  const whole = facetsOf(root, [[root, true]]);
  return memberOf(root, whole, "traits");
}
