import type { IdentitySchema, TraitField } from "./identity-schema.ts";
import { isObject } from "./limits.ts";
import { traitAt, withTraitAt } from "./trait-at.ts";

type Traits = Record<string, unknown>;

/** Gives the text of a form the types that the schema knows. What does not fit stays text, for the schema to judge. */
export function coerceForm({ fields }: IdentitySchema, traits: Traits): Traits {
  return fields.reduce<Traits>((typed, field) => {
    const text = traitAt(traits, field.path);
    const value = text === undefined ? undefined : coerce(field, text);
    return value === undefined ? without(typed, field.path) : withTraitAt(typed, field.path, value);
  }, traits);
}

function coerce({ type, itemType }: TraitField, sent: unknown): unknown {
  const texts = (Array.isArray(sent) ? sent : [sent]).filter((text) => text !== "");
  if (type === "array") return texts.map((text) => scalar(itemType ?? "string", text));
  // A form sends a hidden "false" before its check box: the last one counts.
  const last = texts.at(-1);
  return last === undefined ? undefined : scalar(type, last);
}

function scalar(type: string, text: unknown): unknown {
  if (typeof text !== "string") return text;
  if (type === "boolean") return text === "true" || text === "on" ? true : text === "false" ? false : text;
  if (type !== "number" && type !== "integer") return text;
  const number = Number(text);
  return text.trim() === "" || Number.isNaN(number) ? text : number;
}

function without(traits: Traits, path: readonly string[]): Traits {
  const [key, ...rest] = path;
  if (key === undefined || !Object.hasOwn(traits, key)) return traits;
  const { [key]: inner, ...others } = traits;
  if (!rest.length) return others;
  return isObject(inner) ? { ...others, [key]: without(inner, rest) } : traits;
}
