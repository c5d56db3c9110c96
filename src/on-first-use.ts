import { createRequire } from "node:module";

const fromHere = createRequire(import.meta.url);

/**
 * A package that is loaded when it is first used. Many servers never use it, and all of them start sooner without: such
 * packages take 5 to 60 ms each, and 2 to 20 MB of memory.
 */
export function onFirstUse<Package>(name: string): () => Package {
  let loaded: Package | undefined;
  return () => (loaded ??= fromHere(name) as Package);
}
