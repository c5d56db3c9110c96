import { fixedArity, isMap, own, show, truth } from "../values.ts";
import type { TemplateFunction } from "../values.ts";

type Dict = Readonly<Record<string, unknown>>;

/** Sprig's functions on maps. None of them changes what it is given: `set` answers with a changed copy. */
export const mapFunctions: Readonly<Record<string, TemplateFunction>> = {
  dict,
  keys: (...maps) => maps.flatMap((map) => Object.keys(mapOf(map))).toSorted(),
  pick: (map, ...keys) => choose(mapOf(map), (key) => keys.includes(key)),
  omit: (map, ...keys) => choose(mapOf(map), (key) => !keys.includes(key)),
  merge: (...maps) => maps.map(mapOf).reduce(merged, {}),
  pluck: (key, ...maps) =>
    maps
      .map(mapOf)
      .filter((map) => Object.hasOwn(map, show(key)))
      .map((map) => map[show(key)]),
  dig,
  ...fixedArity({
    get: (map, key) => own(mapOf(map), show(key)) ?? "",
    set: (map, key, value) => ({ ...mapOf(map), [show(key)]: value }),
    unset: (map, key) => choose(mapOf(map), (one) => one !== show(key)),
    hasKey: (map, key) => Object.hasOwn(mapOf(map), show(key)),
    values: (map) => Object.values(mapOf(map)),
    deepCopy: (value) => value,
    mustDeepCopy: (value) => value,
  }),
};

function mapOf(value: unknown): Dict {
  if (value === null || value === undefined) return {};
  if (!isMap(value)) throw new Error("a map is needed");
  return value;
}

function dict(...pairs: readonly unknown[]): Dict {
  const entries: [string, unknown][] = [];
  for (let at = 0; at < pairs.length; at += 2) entries.push([show(pairs[at]), pairs[at + 1] ?? ""]);
  return Object.fromEntries(entries);
}

const choose = (map: Dict, keep: (key: string) => boolean): Dict =>
  Object.fromEntries(Object.entries(map).filter(([key]) => keep(key)));

/** What the first has stays, unless it is empty; maps within are merged as well. */
function merged(into: Dict, from: Dict): Dict {
  const entries = Object.entries(from).map(([key, value]) => {
    const known = own(into, key);
    return [key, isMap(known) && isMap(value) ? merged(known, value) : truth(known) ? known : value] as const;
  });
  return { ...into, ...Object.fromEntries(entries) };
}

function dig(...args: readonly unknown[]): unknown {
  const [fallback, map] = args.slice(-2);
  let value: unknown = map;
  for (const key of args.slice(0, -2)) value = isMap(value) ? own(value, show(key)) : undefined;
  return value ?? fallback;
}
