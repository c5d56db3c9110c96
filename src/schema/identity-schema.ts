import type { ValidateFunction } from "ajv";
import { bundle } from "./bundle.ts";
import type { ReadSchema } from "./bundle.ts";
import { compile } from "./compile.ts";
import { SchemaRefused, assertBearable, isObject } from "./limits.ts";
import { extensionOf } from "./extension.ts";
import type { Extension } from "./extension.ts";
import { assertReferencesEnd, referred } from "./references.ts";

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
  /** The type of an array's items. */
  readonly itemType?: string;
  readonly extension: Extension;
}

/** The schema of an identity, ready to use. */
export interface IdentitySchema {
  readonly id: string;
  readonly url: string;
  /** The document as it is served. */
  readonly json: Record<string, never>;
  readonly fields: readonly TraitField[];
  /** Judges an object of the form `{traits}`. */
  readonly validate: ValidateFunction;
}

const keyword = "ory.sh/kratos";
const mostOptions = 500;
const verifiableFormats = ["email", "tel", "date", "time", "date-time", "no-validate"];

/** Where a schema comes from. */
export interface SchemaOrigin {
  readonly id: string;
  readonly url: string;
  /** Reads what the schema refers to elsewhere. */
  readonly read: ReadSchema;
}

/** Makes a schema out of its document and those that it refers to, or refuses it. */
export async function parseIdentitySchema(document: unknown, { id, url, read }: SchemaOrigin): Promise<IdentitySchema> {
  assertBearable(document);
  const whole = await bundle(document, url, read);
  assertBearable(whole);
  assertReferencesEnd(whole);
  const properties = isObject(whole["properties"]) ? whole["properties"] : {};
  const traits = resolve(whole, properties["traits"]);
  if (!isObject(traits) || traits["type"] !== "object" || !isObject(traits["properties"]))
    throw new SchemaRefused(`The schema ${id} has no object properties.traits.`);
  if (Object.keys(traits["properties"]).length === 0) throw new SchemaRefused(`The schema ${id} has no traits.`);
  return {
    id,
    url,
    json: document as Record<string, never>,
    fields: fieldsOf(whole, traits, []),
    validate: compile(whole),
  };
}

function fieldsOf(root: Record<string, unknown>, object: Record<string, unknown>, path: string[], depth = 0): TraitField[] {
  if (depth > 16) return [];
  const required = new Set(Array.isArray(object["required"]) ? object["required"] : []);
  return Object.entries(isObject(object["properties"]) ? object["properties"] : {}).flatMap(([name, raw]) => {
    const schema = resolve(root, raw);
    if (!isObject(schema)) return [];
    const own = [...path, name];
    if (schema["type"] === "object") return fieldsOf(root, schema, own, depth + 1);
    const field = fieldOf(root, schema, own, required.has(name));
    return field ? [field] : [];
  });
}

function fieldOf(root: Record<string, unknown>, schema: Record<string, unknown>, path: string[], required: boolean): TraitField | undefined {
  const { type, format, title, pattern } = schema;
  const items = resolve(root, schema["items"]);
  const itemType = type === "array" && isObject(items) ? items["type"] : undefined;
  const known = ["string", "number", "integer", "boolean"];
  if (!(known.includes(type as string) || (type === "array" && known.includes(itemType as string)))) return undefined;
  // The names of a list's items stand on the items.
  const bearer = schema[keyword] === undefined && isObject(items) ? items : schema;
  const extension = extensionOf(bearer[keyword], path.join("."));
  if (extension.verification && !verifiableFormats.includes(String(bearer["format"])))
    throw new SchemaRefused(`traits.${path.join(".")}: an address that is to be verified needs a format: ${verifiableFormats.join(", ")}.`);
  return {
    path,
    type: type as TraitField["type"],
    required,
    disabled: schema["disableFormField"] === true,
    extension,
    ...(typeof format === "string" && { format }),
    ...(typeof title === "string" && { title }),
    ...(typeof pattern === "string" && { pattern }),
    ...(Array.isArray(schema["enum"]) && { options: schema["enum"].slice(0, mostOptions) }),
    ...(typeof itemType === "string" && { itemType }),
  };
}

/** Follows references. */
function resolve(root: Record<string, unknown>, schema: unknown, hops = 0): unknown {
  const ref = isObject(schema) ? schema["$ref"] : undefined;
  if (typeof ref !== "string" || hops > 16) return schema;
  const target = referred(root, ref);
  return target === undefined ? schema : resolve(root, target, hops + 1);
}
