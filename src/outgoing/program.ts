import { compile, type Program } from "#jsonnet";
import { createBoundedCache } from "../bounded-cache.ts";

const programs = createBoundedCache<string, Program>(200);

/** The Jsonnet program that a text is; it is read once. Throws a JsonnetError of kind `syntax`. */
export const programOf = (source: string): Program => programs.get(source) ?? programs.set(source, compile(source));
