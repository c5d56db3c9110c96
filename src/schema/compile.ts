import { Ajv, _ } from "ajv";
import type { Options, ValidateFunction } from "ajv";
import { onFirstUse } from "../on-first-use.ts";
import { addComparing } from "./compared.ts";
import { isMultiple } from "./decimal.ts";
import { familyOf } from "./dialect.ts";
import type { Dialect } from "./dialect.ts";
import { formats, laterFormats } from "./formats.ts";
import { SchemaRefused, isObject } from "./limits.ts";
import { linearPattern } from "./pattern.ts";

const of2019 = onFirstUse<typeof import("ajv/dist/2019.js")>("ajv/dist/2019.js");
const of2020 = onFirstUse<typeof import("ajv/dist/2020.js")>("ajv/dist/2020.js");

/** What judges by a schema, and what of the schema it does not look at. */
export interface Compiled {
  readonly validate: ValidateFunction;
  /** Sentences for whoever wrote the schema. */
  readonly remarks: readonly string[];
}

/** Compiles a schema by its dialect. What its keywords do not know is left to others. */
export function compile(document: object, dialect: Dialect): Compiled {
  const remarks: string[] = [];
  const remark = (...said: unknown[]) => void remarks.push(said.join(" "));
  const options: Options = {
    strict: false,
    allErrors: true,
    verbose: true,
    addUsedSchema: false,
    validateSchema: false,
    logger: { log: remark, warn: remark, error: remark },
    code: { regExp: linearPattern as never },
  };
  const family = familyOf(dialect);
  const ajv =
    family === "07"
      ? new Ajv(options)
      : family === "2019-09"
        ? new (of2019().Ajv2019)(options)
        : new (of2020().Ajv2020)(options);
  addKeywords(ajv, family);
  const judged = { ...formats, ...(family !== "07" && laterFormats) };
  for (const [name, judge] of Object.entries(judged)) ajv.addFormat(name, judge);
  for (const name of formatsIn(document)) {
    if (Object.hasOwn(judged, name)) continue;
    ajv.addFormat(name, true);
    remarks.push(`The format ${JSON.stringify(name)} is not known, and nothing is judged by it.`);
  }
  try {
    return { validate: ajv.compile(document), remarks };
  } catch (error) {
    throw new SchemaRefused(`The schema cannot be compiled: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function addKeywords(ajv: Ajv, family: ReturnType<typeof familyOf>): void {
  addComparing(ajv);
  ajv.removeKeyword("multipleOf");
  ajv.addKeyword({
    keyword: "multipleOf",
    type: "number",
    schemaType: "number",
    compile: (divisor: number) => {
      if (!(divisor > 0)) throw new SchemaRefused(`The schema asks for multiples of ${divisor}.`);
      return (value: number) => isMultiple(value, divisor);
    },
    error: { message: "must be a multiple", params: ({ schemaCode }) => _`{multipleOf: ${schemaCode}}` },
  });
  // Later drafts say what a text holds without judging it.
  if (family !== "07") return;
  ajv.removeKeyword("contentEncoding");
  ajv.removeKeyword("contentMediaType");
  ajv.addKeyword({
    keyword: "contentEncoding",
    type: "string",
    schemaType: "string",
    compile: (encoding: string) => (text: string) => encoding !== "base64" || isBase64(text),
    error: { message: "must be encoded in base64" },
  });
  ajv.addKeyword({
    keyword: "contentMediaType",
    type: "string",
    schemaType: "string",
    compile: (type: string, schema) => (text: string) =>
      type !== "application/json" || isJsonBy(schema["contentEncoding"], text),
    error: { message: "must be JSON" },
  });
}

/** Of a text in an encoding that is not known nobody can say what it holds; one that is not in its encoding is refused for that. */
function isJsonBy(encoding: unknown, text: string): boolean {
  if (encoding === undefined) return isJson(text);
  return encoding !== "base64" || !isBase64(text) || isJson(Buffer.from(text, "base64").toString("utf8"));
}

const isBase64 = (text: string): boolean =>
  /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text.replace(/[\r\n]/g, ""));

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function formatsIn(node: unknown, found = new Set<string>()): ReadonlySet<string> {
  if (isObject(node) && typeof node["format"] === "string") found.add(node["format"]);
  if (typeof node === "object" && node !== null) for (const inner of Object.values(node)) formatsIn(inner, found);
  return found;
}
