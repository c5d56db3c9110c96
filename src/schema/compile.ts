import { Ajv } from "ajv";
import type { ValidateFunction } from "ajv";
import addFormats from "ajv-formats";
import type { RE2JS } from "re2js";
import { onFirstUse } from "../on-first-use.ts";
import { normalisePhone } from "./normalise.ts";
import { SchemaRefused } from "./limits.ts";

const re2 = onFirstUse<typeof import("re2js")>("re2js");

/** A pattern that takes time in proportion to its input, whatever it says: schemas may come from strangers. */
function linearPattern(source: string) {
  let pattern: RE2JS;
  try {
    pattern = re2().RE2JS.compile(source);
  } catch {
    throw new SchemaRefused(`The pattern ${JSON.stringify(source)} is not understood.`);
  }
  return { test: (text: string) => pattern.matcher(text).find(), toString: () => `/${source}/` };
}
// Only standalone code, which is not made here, would need it.
linearPattern.code = "linearPattern";

/** Compiles a schema (draft 7). What its keywords do not know is left to others. */
export function compile(document: object): ValidateFunction {
  const ajv = new Ajv({
    strict: false,
    allErrors: true,
    verbose: true,
    addUsedSchema: false,
    validateSchema: false,
    code: { regExp: linearPattern as never },
  });
  (addFormats as unknown as (ajv: Ajv) => void)(ajv);
  ajv.addFormat("tel", (text) => normalisePhone(text) !== undefined);
  ajv.addFormat("no-validate", true);
  try {
    const { $schema: _, ...schema } = document as Record<string, unknown>;
    return ajv.compile(schema);
  } catch (error) {
    throw new SchemaRefused(`The schema cannot be compiled: ${error instanceof Error ? error.message : String(error)}`);
  }
}
