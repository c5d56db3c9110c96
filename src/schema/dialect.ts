import { SchemaRefused, isObject } from "./limits.ts";

/** The draft by which a schema is to be read. */
export type Dialect = "04" | "06" | "07" | "2019-09" | "2020-12";

type Schema = Record<string, unknown>;

const names = /^https?:\/\/json-schema\.org\/(?:draft-(0[467])\/|draft\/(2019-09|2020-12)\/)?schema#?$/;

/** The dialect that a document names by `$schema`; draft 7 where it names none. One that is not known is refused: it would be read as another. */
export function dialectOf(document: unknown): Dialect {
  const said = isObject(document) ? document["$schema"] : undefined;
  if (said === undefined) return "07";
  const match = names.exec(String(said));
  if (!match)
    throw new SchemaRefused(
      `The dialect that $schema names is not known: ${JSON.stringify(said).slice(0, 120)}. Known are the drafts 4, 6, 7, 2019-09 and 2020-12.`,
    );
  return (match[1] ?? match[2] ?? "07") as Dialect;
}

/** Drafts 4, 6 and 7 differ so little that they are judged as one. */
export const familyOf = (dialect: Dialect): "07" | "2019-09" | "2020-12" =>
  dialect === "04" || dialect === "06" ? "07" : dialect;

const sinceSix = ["const", "contains", "propertyNames", "examples"];
const sinceSeven = ["if", "then", "else", "contentEncoding", "contentMediaType"];
const unknownTo: Readonly<Record<Dialect, readonly string[]>> = {
  "04": [...sinceSix, ...sinceSeven],
  "06": sinceSeven,
  "07": [],
  "2019-09": [],
  "2020-12": [],
};
const dynamic = ["$dynamicRef", "$recursiveRef"];
// Names of parts have no use any more once references are pointers.
const naming = ["$id", "$anchor", "$dynamicAnchor", "$recursiveAnchor", "$schema", "$vocabulary"];

/** What of a schema judges by its dialect, in the words of draft 7 where it is of that family. Schemas within stay as they are. */
export function keywordsOf(schema: Schema, dialect: Dialect): Schema {
  const executedSql = dynamic.find((keyword) => typeof schema[keyword] === "string");
  if (executedSql) throw new SchemaRefused(`The schema uses ${executedSql}, which is not supported: refer by $ref.`);
  const old = familyOf(dialect) === "07";
  // Until draft 7 a reference is all that counts of the schema in which it stands; what is defined there can still be referred to.
  if (old && typeof schema["$ref"] === "string") return only(schema, ["$ref", "definitions", "$defs"]);
  const kept = Object.entries(schema).filter(
    ([key, value]) =>
      !unknownTo[dialect].includes(key) &&
      !(typeof value === "string" && (naming.includes(key) || (key === "id" && dialect === "04"))),
  );
  const spelt = withFormat(Object.fromEntries(kept));
  return dialect === "04" ? withLimits(spelt) : spelt;
}

const formatOfWay = new Map<unknown, string>([
  ["email", "email"],
  ["sms", "tel"],
]);

/** What is to be verified is an address, whether or not the schema says so: many that were written for Kratos do not. */
function withFormat(schema: Schema): Schema {
  const { type, "ory.sh/kratos": purpose } = schema;
  const verification = isObject(purpose) ? purpose["verification"] : undefined;
  const format = isObject(verification) && type !== "array" ? formatOfWay.get(verification["via"]) : undefined;
  return format === undefined || schema["format"] !== undefined ? schema : { ...schema, format };
}

const only = (schema: Schema, keys: readonly string[]): Schema =>
  Object.fromEntries(Object.entries(schema).filter(([key]) => keys.includes(key)));

/** In draft 4 whether a limit is exclusive is said apart from the limit. */
function withLimits({ exclusiveMinimum, exclusiveMaximum, ...schema }: Schema): Schema {
  const { minimum, maximum, ...rest } = schema;
  return {
    ...rest,
    ...(minimum !== undefined && { [exclusiveMinimum === true ? "exclusiveMinimum" : "minimum"]: minimum }),
    ...(maximum !== undefined && { [exclusiveMaximum === true ? "exclusiveMaximum" : "maximum"]: maximum }),
  };
}
