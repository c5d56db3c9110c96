import { isObject } from "./limits.ts";

/** The trait at a path. */
export const traitAt = (traits: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((inner, key) => (isObject(inner) && Object.hasOwn(inner, key) ? inner[key] : undefined), traits);

/** Traits with one more, or another, at a path. The traits given stay as they are. */
export function withTraitAt(traits: Record<string, unknown>, path: readonly string[], value: unknown): Record<string, unknown> {
  const [key, ...rest] = path;
  if (key === undefined) return traits;
  const inner = isObject(traits[key]) ? traits[key] : {};
  return { ...traits, [key]: rest.length ? withTraitAt(inner, rest, value) : value };
}
