import type { ErrorObject } from "ajv";
import { segmentsOf } from "../text/json-pointer.ts";
import type { Message } from "../ui/message.ts";
import * as say from "../ui/messages.ts";
import { tooLongNames } from "./identifiers.ts";
import type { IdentitySchema } from "./identity-schema.ts";

/** What is wrong with a trait. */
export interface Violation {
  /** The node that it concerns, as in `traits.name.first`. */
  readonly node: string;
  readonly message: Message;
}

/** How many are told: nobody reads more, and each may become a node of a form. */
const mostViolations = 256;

/** What the schema has against traits. */
export function validateTraits(schema: IdentitySchema, traits: unknown): Violation[] {
  const { validate } = schema;
  if (validate({ traits }))
    return tooLongNames(schema, traits).map(({ path, limit, length }) => ({
      node: ["traits", ...path].join("."),
      message: say.tooLong(limit, length),
    }));
  const violations = new Map<string, Violation>();
  for (const error of validate.errors ?? []) {
    if (error.keyword === "if") continue;
    const violation = violationOf(error);
    // Of many members too many, as of many items of the wrong type, the same is said.
    violations.set(`${violation.node} ${violation.message.text}`, violation);
    if (violations.size === mostViolations) break;
  }
  return [...violations.values()];
}

/** What says no more than that something is missing, or may say no more: which branch is meant is not known before all is there. */
const incomplete = /\/(?:required|dependentRequired|dependencies|minProperties|anyOf|oneOf|if|then|else|not)(?:\/|$)/;

/** What the schema has against traits of which more will come: all but what is missing. */
export function validatePartOfTraits({ validate }: IdentitySchema, traits: unknown): Violation[] {
  if (validate({ traits })) return [];
  return (validate.errors ?? [])
    .filter(({ schemaPath, keyword }) => !incomplete.test(schemaPath) && !incomplete.test(`/${keyword}`))
    .slice(0, mostViolations)
    .map(violationOf);
}

function violationOf(error: ErrorObject): Violation {
  const path = segmentsOf(error.instancePath);
  if (error.keyword === "required") path.push(String(error.params["missingProperty"]));
  return { node: path.join("."), message: messageOf(error) };
}

function messageOf({ keyword, params, ...error }: ErrorObject): Message {
  const { limit } = params as { limit: number };
  const actual = error.data as number;
  switch (keyword) {
    case "required":
      return say.propertyMissing(String(params["missingProperty"]));
    case "minLength":
      return say.tooShort(limit, [...String(error.data)].length);
    case "maxLength":
      return say.tooLong(limit, [...String(error.data)].length);
    case "minimum":
      return say.belowMinimum(limit, actual);
    case "exclusiveMinimum":
      return say.notAboveMinimum(limit, actual);
    case "maximum":
      return say.aboveMaximum(limit, actual);
    case "exclusiveMaximum":
      return say.notBelowMaximum(limit, actual);
    case "multipleOf":
      return say.notMultiple(Number(params["multipleOf"]), actual);
    case "minItems":
      return say.tooFewItems(limit, (error.data as unknown[]).length);
    case "maxItems":
      return say.tooManyItems(limit, (error.data as unknown[]).length);
    case "uniqueItems":
      return say.itemsNotUnique(Number(params["j"]), Number(params["i"]));
    case "type":
      return say.wrongType([params["type"]].flat() as string[], typeNameOf(error.data));
    case "const":
      return isScalar(params["allowedValue"]) ? say.notConstant(params["allowedValue"]) : say.notTheConstant();
    case "pattern":
      return say.wrongFormat(String(params["pattern"]));
    case "format":
      return wrongFormat(String(params["format"]), String(error.data));
    case "enum":
      return say.invalidSubmission(`Enter one of ${JSON.stringify(params["allowedValues"])}.`);
    default:
      return say.invalidSubmission(`This value is not valid: ${error.message ?? keyword}.`);
  }
}

function wrongFormat(format: string, value: string): Message {
  if (format === "email") return say.notAnEmail(value);
  if (format === "tel") return say.notAPhone(value);
  return say.invalidSubmission(`This is not a valid ${format}.`);
}

function typeNameOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

const isScalar = (value: unknown) => typeof value !== "object" || value === null;
