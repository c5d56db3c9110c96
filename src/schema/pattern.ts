import type { RE2JS } from "re2js";
import { onFirstUse } from "../on-first-use.ts";
import { SchemaRefused } from "./limits.ts";

const re2 = onFirstUse<typeof import("re2js")>("re2js");

/** A pattern that takes time in proportion to its input, whatever it says: schemas may come from strangers. */
export function linearPattern(source: string) {
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

/** Whether a text is a pattern. */
export function isPattern(source: string): boolean {
  try {
    linearPattern(source);
    return true;
  } catch {
    return false;
  }
}
