import { _ } from "ajv";
import type { Ajv, ErrorObject } from "ajv";
import { isObject } from "./limits.ts";

/** JSON as a text that is the same for all that is equal: by JSON Schema, the order of members does not count. */
function textOf(json: unknown): string {
  if (Array.isArray(json)) return `[${json.map(textOf).join(",")}]`;
  if (!isObject(json)) return JSON.stringify(json);
  const names = Object.keys(json).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${textOf(json[name])}`).join(",")}}`;
}

/** Where two items of a list are equal. */
function twins(list: readonly unknown[]): { readonly i: number; readonly j: number } | undefined {
  const places = new Map<string, number>();
  for (const [i, item] of list.entries()) {
    const text = textOf(item);
    const j = places.get(text);
    if (j !== undefined) return { i, j };
    places.set(text, i);
  }
  return undefined;
}

type Judge = ((value: readonly unknown[]) => boolean) & { errors?: Partial<ErrorObject>[] };

/**
 * Takes the place of the keywords that compare values. Ajv's own compare a list's items each with all others, and call methods of
 * what they compare: a member that is named as one of them would be called.
 */
export function addComparing(ajv: Ajv): void {
  for (const keyword of ["const", "enum", "uniqueItems"]) ajv.removeKeyword(keyword);
  ajv.addKeyword({
    keyword: "const",
    compile: (wanted: unknown) => {
      const text = textOf(wanted);
      return (value: unknown) => textOf(value) === text;
    },
    error: { message: "must be equal to constant", params: ({ schemaCode }) => _`{allowedValue: ${schemaCode}}` },
  });
  ajv.addKeyword({
    keyword: "enum",
    schemaType: "array",
    compile: (wanted: readonly unknown[]) => {
      const texts = new Set(wanted.map(textOf));
      return (value: unknown) => texts.has(textOf(value));
    },
    error: {
      message: "must be equal to one of the allowed values",
      params: ({ schemaCode }) => _`{allowedValues: ${schemaCode}}`,
    },
  });
  ajv.addKeyword({
    keyword: "uniqueItems",
    type: "array",
    schemaType: "boolean",
    errors: true,
    compile: (asked: boolean) => {
      const judge: Judge = (list: readonly unknown[]) => {
        const found = asked ? twins(list) : undefined;
        judge.errors = found ? [{ keyword: "uniqueItems", message: "must not have equal items", params: found }] : [];
        return !found;
      };
      return judge;
    },
  });
}
