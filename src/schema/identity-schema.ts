import type { ValidateFunction } from "ajv";
import { bundle } from "./bundle.ts";
import type { ReadSchema } from "./bundle.ts";
import { compile } from "./compile.ts";
import { namesIn, typesOf } from "./facets.ts";
import type { Facets } from "./facets.ts";
import { fieldsOf, traitsOf } from "./fields.ts";
import type { Fields } from "./fields.ts";
import { SchemaRefused, assertWithinLimits } from "./limits.ts";
import { assertReferencesEnd } from "./references.ts";

/** The schema of an identity, ready to use. */
export interface IdentitySchema extends Fields {
  readonly id: string;
  readonly url: string;
  /** The document as it is served. */
  readonly json: Record<string, never>;
  /** The document with all that it refers to, and what of it judges the traits. */
  readonly whole: Record<string, unknown>;
  readonly traits: Facets;
  /** Judges an object of the form `{traits}`. */
  readonly validate: ValidateFunction;
  /** What is not looked at, in sentences for whoever wrote the schema. */
  readonly remarks: readonly string[];
}

/** Where a schema comes from. */
export interface SchemaOrigin {
  readonly id: string;
  readonly url: string;
  /** Reads what the schema refers to elsewhere. */
  readonly read: ReadSchema;
}

/** Makes a schema out of its document and those that it refers to, or refuses it. */
export async function parseIdentitySchema(document: unknown, { id, url, read }: SchemaOrigin): Promise<IdentitySchema> {
  assertWithinLimits(document);
  const { whole, dialect } = await bundle(document, url, read);
  assertWithinLimits(whole);
  assertReferencesEnd(whole);
  const traits = traitsOf(whole);
  if (!traits || [...(typesOf(traits) ?? [])].join() !== "object")
    throw new SchemaRefused(`The schema ${id} has no object properties.traits.`);
  if (namesIn(traits).length === 0) throw new SchemaRefused(`The schema ${id} has no traits.`);
  return {
    id,
    url,
    json: document as Record<string, never>,
    whole,
    traits,
    ...fieldsOf(whole, traits),
    ...compile(whole, dialect),
  };
}
