import { kindName, typeName } from "../kinds.ts";
import { fixedArity, isMap, show, truth } from "../values.ts";
import type { TemplateFunction } from "../values.ts";
import { texts } from "./texts-of.ts";

/** Sprig's functions on values of any kind: what stands in for nothing, what they are, and JSON. */
export const valueFunctions: Readonly<Record<string, TemplateFunction>> = {
  coalesce: (...args) => args.find(truth),
  all: (...args) => args.every(truth),
  any: (...args) => args.some(truth),
  ...fixedArity({
    default: (fallback, value) => (truth(value) ? value : fallback),
    empty: (value) => !truth(value),
    ternary: (yes, no, condition) => (truth(condition) ? yes : no),
    fail: (message) => {
      throw new Error(show(message));
    },
    kindOf: kindName,
    kindIs: (kind, value) => kindName(value) === kind,
    typeOf: typeName,
    typeIs: (type, value) => typeName(value) === type,
    toJson: (value) => inMarkup(json(value)),
    mustToJson: (value) => inMarkup(json(value)),
    toRawJson: (value) => json(value),
    toPrettyJson: (value) => inMarkup(json(value, 2)),
    fromJson: texts(readJson),
    mustFromJson: texts((text) => JSON.parse(text) as unknown),
  }),
};

/** JSON with its keys in order, as Go writes maps. */
const json = (value: unknown, indent = 0): string => JSON.stringify(ordered(value) ?? null, null, indent);

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  return isMap(value)
    ? Object.fromEntries(
        Object.keys(value)
          .toSorted()
          .map((key) => [key, ordered(value[key])]),
      )
    : value;
}

/** What could end an element stands as an escape. */
const inMarkup = (text: string): string =>
  text.replace(/[<>&\u2028\u2029]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** What is no JSON is nothing. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
