import { isUuid } from "../../db/id.ts";
import { normaliseIdentifier } from "../../schema/normalise.ts";
import { credentialKinds, isCredentialType } from "../kinds/index.ts";
import type { Condition, MomentColumn, Ordering, WordColumn } from "./condition.ts";
import type { Comparison, Expression } from "./parser.ts";
import { FilterRefused } from "./refused.ts";
import { traitCondition } from "./trait-field.ts";

type Reading = (comparison: Comparison) => Condition;

/** The fields that an account can be found by, beside its traits. */
const fields: Readonly<Record<string, Reading>> = {
  id: word("id", uuid),
  state: word("state", oneOf(["active", "inactive"])),
  schema_id: word("schemaId"),
  organization_id: optional("organizationId", word("organizationId", uuid)),
  external_id: optional("externalId", word("externalId")),
  created_at: moment("createdAt"),
  updated_at: moment("updatedAt"),
  last_sign_in_at: optional("lastSignInAt", moment("lastSignInAt")),
  verified: truth,
  has_factor: factor,
  identifier,
};

const names = [...Object.keys(fields), "traits.<path>"];

/** Makes a condition of a filter, or says which field or value makes no sense, and where. */
export function conditionOf(expression: Expression): Condition {
  switch (expression.kind) {
    case "and":
    case "or":
      return { kind: expression.kind, parts: expression.parts.map(conditionOf) };
    case "not":
      return { kind: "not", part: conditionOf(expression.part) };
    case "comparison":
      return comparisonOf(expression);
  }
}

function comparisonOf(comparison: Comparison): Condition {
  const { path, operator } = comparison;
  if (operator === "!=") return { kind: "not", part: comparisonOf({ ...comparison, operator: "=" }) };
  if (path[0] === "traits") return traitCondition(comparison);
  const name = path.join(".");
  const reading = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (!reading)
    throw new FilterRefused(comparison.at, `there is no field ${JSON.stringify(name)}; there are ${names.join(", ")}`);
  return reading(comparison);
}

function word(column: WordColumn, judge: (comparison: Comparison) => string = ({ value }) => value): Reading {
  return (comparison) => {
    allow(comparison, ["="]);
    return { kind: "word", column, value: judge(comparison) };
  };
}

/** A field that may be empty: `:*` asks whether it is there. */
function optional(column: "organizationId" | "externalId" | "lastSignInAt", otherwise: Reading): Reading {
  return (comparison) =>
    comparison.operator === ":" && comparison.value === "*" && !comparison.quoted
      ? { kind: "present", column }
      : otherwise(comparison);
}

function uuid({ value, valueAt, path }: Comparison): string {
  if (!isUuid(value)) throw new FilterRefused(valueAt, `${path.join(".")} is a UUID`);
  return value.toLowerCase();
}

function oneOf(words: readonly string[]) {
  return ({ value, valueAt, path }: Comparison): string => {
    if (!words.includes(value)) throw new FilterRefused(valueAt, `${path.join(".")} is ${words.join(" or ")}`);
    return value;
  };
}

// RFC 3339, or a day in UTC.
const momentPattern = /^\d{4}-\d\d-\d\d(?:[Tt]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:[Zz]|[+-]\d\d:\d\d))?$/;

function moment(column: MomentColumn): Reading {
  return (comparison) => {
    allow(comparison, ["=", "<", "<=", ">", ">="]);
    const { value, valueAt, operator } = comparison;
    const ms = momentPattern.test(value) ? Date.parse(value.toUpperCase()) : Number.NaN;
    if (Number.isNaN(ms))
      throw new FilterRefused(valueAt, 'a moment is written as "2026-01-31" or "2026-01-31T12:00:00Z"');
    return { kind: "moment", column, ordering: operator as Ordering, ms };
  };
}

function truth(comparison: Comparison): Condition {
  allow(comparison, ["="]);
  return oneOf(["true", "false"])(comparison) === "true"
    ? { kind: "verified" }
    : { kind: "not", part: { kind: "verified" } };
}

function factor(comparison: Comparison): Condition {
  allow(comparison, ["=", ":"]);
  const { value, valueAt } = comparison;
  if (!isCredentialType(value))
    throw new FilterRefused(valueAt, `has_factor is one of ${credentialKinds.map(([type]) => type).join(", ")}`);
  return { kind: "factor", type: value };
}

function identifier(comparison: Comparison): Condition {
  allow(comparison, ["=", ":"]);
  const begins = comparison.value.endsWith("*");
  const name = normaliseIdentifier(begins ? comparison.value.slice(0, -1) : comparison.value);
  if (!name) throw new FilterRefused(comparison.valueAt, "the name is empty");
  return { kind: "identifier", name, begins };
}

/** Refuses comparisons that a field does not know. */
export function allow({ operator, at, path }: Comparison, operators: readonly Comparison["operator"][]): void {
  if (operators.includes(operator)) return;
  const known = operators.includes("=") ? [...operators, "!="] : operators;
  throw new FilterRefused(at, `${path.join(".")} cannot be compared by ${operator}, but by ${known.join(" ")}`);
}
