import { createRequire } from "node:module";

type Package = typeof import("re2js");

const fromHere = createRequire(import.meta.url);
let loaded: Package["RE2JS"] | undefined;

/** A pattern of Go's. The package that reads them takes a while to load: few templates have a use for it. */
export function compilePattern(pattern: string): ReturnType<Package["RE2JS"]["compile"]> {
  return engine().compile(pattern);
}

/** The text as a pattern that matches it alone. */
export const quotePattern = (text: string): string => engine().quote(text);

const engine = (): Package["RE2JS"] => (loaded ??= (fromHere("re2js") as Package).RE2JS);
