import type { ValidateFunction } from "ajv";
import { compile } from "./compile.ts";
import { SchemaRefused, assertBearable, isObject } from "./limits.ts";
import { assertReferencesEnd, referred } from "./references.ts";

/** Where a one-time code, a verification or a recovery goes. */
export type Via = "email" | "sms";

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

/** What Kratos' keyword says a trait is for. */
export interface Extension {
  readonly password: boolean;
  readonly webauthn: boolean;
  readonly passkeyDisplayName: boolean;
  readonly totpAccountName: boolean;
  readonly code?: Via;
  readonly verification?: Via;
  readonly recovery?: Via;
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

/** Makes a schema out of its document, or refuses it. */
export function parseIdentitySchema(id: string, url: string, document: unknown): IdentitySchema {
  assertBearable(document);
  const traits = at(document, "properties", "traits");
  if (!isObject(traits) || traits["type"] !== "object" || !isObject(traits["properties"]))
    throw new SchemaRefused(`The schema ${id} has no object properties.traits.`);
  assertReferencesEnd(document as Record<string, unknown>);
  if (Object.keys(traits["properties"]).length === 0) throw new SchemaRefused(`The schema ${id} has no traits.`);
  return {
    id,
    url,
    json: document as Record<string, never>,
    fields: fieldsOf(document as Record<string, unknown>, traits, []),
    validate: compile(document as object),
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
  const extension = extensionOf(schema[keyword] ?? (isObject(items) ? items[keyword] : undefined), path);
  if (extension.verification && format !== undefined && !verifiableFormats.includes(String(format)))
    throw new SchemaRefused(`traits.${path.join(".")}: an address of format ${String(format)} cannot be verified.`);
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

function extensionOf(said: unknown, path: string[]): Extension {
  const via = (value: unknown): Via | undefined => {
    if (value === undefined || value === "") return undefined;
    if (value === "email" || value === "sms") return value;
    throw new SchemaRefused(`traits.${path.join(".")}: via must be email or sms.`);
  };
  const code = at(said, "credentials", "code", "identifier") === true;
  const verification = via(at(said, "verification", "via"));
  const recovery = via(at(said, "recovery", "via"));
  return {
    password: at(said, "credentials", "password", "identifier") === true,
    webauthn: at(said, "credentials", "webauthn", "identifier") === true,
    passkeyDisplayName: at(said, "credentials", "passkey", "display_name") === true,
    totpAccountName: at(said, "credentials", "totp", "account_name") === true,
    ...(code && { code: via(at(said, "credentials", "code", "via")) ?? "email" }),
    ...(verification && { verification }),
    ...(recovery && { recovery }),
  };
}

/** Follows references within the document; others are for the validator. */
function resolve(root: Record<string, unknown>, schema: unknown, hops = 0): unknown {
  const ref = isObject(schema) ? schema["$ref"] : undefined;
  if (typeof ref !== "string" || hops > 16) return schema;
  const target = referred(root, ref);
  return target === undefined ? schema : resolve(root, target, hops + 1);
}

function at(value: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>((inner, key) => (isObject(inner) && Object.hasOwn(inner, key) ? inner[key] : undefined), value);
}
