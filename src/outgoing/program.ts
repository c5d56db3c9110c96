import { compile, type Program } from "#jsonnet";

const kept = new Map<string, Program>();
const mostKept = 200;

/** The Jsonnet program that a text is; it is read once. Throws a JsonnetError of kind `syntax`. */
export function programOf(source: string): Program {
  const known = kept.get(source);
  if (known) return known;
  const program = compile(source);
  if (kept.size >= mostKept) kept.delete(kept.keys().next().value!);
  kept.set(source, program);
  return program;
}
