import { readBoolean, readCheckbox } from "../text/boolean.ts";

/** As JSON writes numbers: no hexadecimal, no infinity, no spaces. */
const notation = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/**
 * What a text can mean to a schema that takes some types, the likeliest first; nothing where it fits none. A text that may be a
 * number and may be text is a number only if it is written as one would be, so that nothing is lost.
 */
export function readingsOf(text: string, types: ReadonlySet<string> | undefined): unknown[] {
  if (!types) return [text];
  const plain = types.has("string");
  const truth = types.has("boolean")
    ? plain
      ? text === "true" || text === "false"
        ? readBoolean(text)
        : undefined
      : readCheckbox(text)
    : undefined;
  const number = types.has("number") || types.has("integer") ? numberIn(text) : undefined;
  const lossy = plain && String(number) !== text;
  return [
    ...(number === undefined || lossy ? [] : [number]),
    ...(truth === undefined ? [] : [truth]),
    ...(plain ? [text] : []),
  ];
}

/** The number or truth value that a text says as JSON would, if it is of these types. */
export function scalarIn(text: string, types: ReadonlySet<string>): number | boolean | undefined {
  if (types.has("boolean") && (text === "true" || text === "false")) return text === "true";
  return types.has("number") || types.has("integer") ? numberIn(text) : undefined;
}

function numberIn(text: string): number | undefined {
  const number = notation.test(text) ? Number(text) : Number.NaN;
  if (!Number.isFinite(number)) return undefined;
  // Of a whole number that is too large to be kept, another one would be.
  return /^-?\d+$/.test(text) && BigInt(text) !== BigInt(number) ? undefined : number;
}
