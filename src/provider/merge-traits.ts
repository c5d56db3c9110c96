import { isObject } from "../schema/limits.ts";

type Traits = Readonly<Record<string, unknown>>;

/** Lays traits over others: objects are merged however deep they lie, everything else is replaced, by null as well. */
export function mergeTraits(below: Traits, above: Traits): Record<string, unknown> {
  const merged = new Map<string, unknown>(Object.entries(below));
  for (const [name, value] of Object.entries(above)) {
    const before = merged.get(name);
    merged.set(name, isObject(before) && isObject(value) ? mergeTraits(before, value) : value);
  }
  return Object.fromEntries(merged);
}
