import type { Path } from "./check.ts";

type Tree = Record<string, unknown>;

const isTree = (value: unknown): value is Tree => typeof value === "object" && value !== null && !Array.isArray(value);

/** Lays one tree over another: objects are merged, everything else is replaced. */
export function merge(below: unknown, above: unknown): unknown {
  if (!isTree(below) || !isTree(above)) return above ?? below;
  const keys = new Set([...Object.keys(below), ...Object.keys(above)]);
  return Object.fromEntries([...keys].map((key) => [key, merge(below[key], above[key])]));
}

/** The tree with one value set; what lies on the way is made. */
export function withValue(tree: unknown, path: Path, value: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (typeof step === "number") {
    const items: unknown[] = Array.isArray(tree) ? [...tree] : [];
    items[step] = withValue(items[step], rest, value);
    return Array.from(items);
  }
  const own = isTree(tree) ? tree : {};
  return { ...own, [step]: withValue(Object.hasOwn(own, step) ? own[step] : undefined, rest, value) };
}
