import { isObject } from "./limits.ts";

/** The trait at a path. */
export const traitAt = (traits: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((inner, key) => (isObject(inner) && Object.hasOwn(inner, key) ? inner[key] : undefined), traits);

/** The traits at a path that passes lists: those of each item. */
export function traitsAt(traits: unknown, path: readonly string[]): unknown[] {
  if (Array.isArray(traits)) return traits.flatMap((item) => traitsAt(item, path));
  const [key, ...rest] = path;
  if (key === undefined) return [traits];
  return isObject(traits) && Object.hasOwn(traits, key) ? traitsAt(traits[key], rest) : [];
}

/** Traits of which each one at a path, in each item of the lists that it passes, is changed. */
export function changedAt(traits: unknown, path: readonly string[], change: (value: unknown) => unknown): unknown {
  if (Array.isArray(traits)) return traits.map((item) => changedAt(item, path, change));
  const [key, ...rest] = path;
  if (key === undefined) return change(traits);
  return isObject(traits) && Object.hasOwn(traits, key)
    ? { ...traits, [key]: changedAt(traits[key], rest, change) }
    : traits;
}

/** Traits with one more, or another, at a path. The traits given stay as they are. */
export function withTraitAt(
  traits: Record<string, unknown>,
  path: readonly string[],
  value: unknown,
): Record<string, unknown> {
  const [key, ...rest] = path;
  if (key === undefined) return traits;
  const inner = isObject(traits[key]) ? traits[key] : {};
  return { ...traits, [key]: rest.length ? withTraitAt(inner, rest, value) : value };
}
