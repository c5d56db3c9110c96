import { isMap, own, show, truth } from "../values.ts";
import type { TemplateFunction } from "../values.ts";

type Dict = Readonly<Record<string, unknown>>;

const mostItems = 10_000;

const listOf = (value: unknown): readonly unknown[] => {
  if (value === null || value === undefined) return [];
  if (!Array.isArray(value)) throw new Error(`a list is needed, not ${show(value).slice(0, 40)}`);
  return value;
};

const mapOf = (value: unknown): Dict => {
  if (value === null || value === undefined) return {};
  if (!isMap(value)) throw new Error("a map is needed");
  return value;
};

function dict(...pairs: readonly unknown[]): Dict {
  const entries: [string, unknown][] = [];
  for (let at = 0; at < pairs.length; at += 2) entries.push([show(pairs[at]), pairs[at + 1] ?? ""]);
  return Object.fromEntries(entries);
}

const choose = (map: Dict, keep: (key: string) => boolean): Dict => Object.fromEntries(Object.entries(map).filter(([key]) => keep(key)));

function dig(...args: readonly unknown[]): unknown {
  const [fallback, map] = args.slice(-2);
  let value: unknown = map;
  for (const key of args.slice(0, -2)) value = isMap(value) ? own(value, show(key)) : undefined;
  return value ?? fallback;
}

function count(from: number, to: number, step: number): number[] {
  if (!(step !== 0) || Math.abs((to - from) / step) > mostItems) throw new Error(`a list is longer than ${mostItems}`);
  return Array.from({ length: Math.max(Math.ceil((to - from) / step), 0) }, (_, at) => from + at * step);
}

const unique = (list: readonly unknown[]): unknown[] => [...new Map(list.map((one) => [JSON.stringify(one), one])).values()];

/** Sprig's functions on lists, maps and conditions. None of them changes what it is given. */
export const collectionFunctions: Readonly<Record<string, TemplateFunction>> = {
  default: (fallback, value) => (truth(value) ? value : fallback),
  empty: (value) => !truth(value),
  coalesce: (...args) => args.find(truth),
  ternary: (yes, no, condition) => (truth(condition) ? yes : no),
  all: (...args) => args.every(truth),
  any: (...args) => args.some(truth),
  fail: (message) => {
    throw new Error(show(message));
  },
  list: (...args) => args,
  tuple: (...args) => args,
  first: (list) => listOf(list)[0],
  last: (list) => listOf(list).at(-1),
  rest: (list) => listOf(list).slice(1),
  initial: (list) => listOf(list).slice(0, -1),
  reverse: (list) => listOf(list).toReversed(),
  uniq: (list) => unique(listOf(list)),
  compact: (list) => listOf(list).filter(truth),
  without: (list, ...others) => listOf(list).filter((one) => !others.includes(one)),
  has: (one, list) => listOf(list).includes(one),
  append: (list, one) => [...listOf(list), one],
  prepend: (list, one) => [one, ...listOf(list)],
  concat: (...lists) => lists.flatMap(listOf),
  sortAlpha: (list) => listOf(list).map(show).toSorted(),
  join: (by, list) => (Array.isArray(list) ? list.map(show).join(show(by)) : show(list)),
  toStrings: (list) => listOf(list).map(show),
  seq: (...ends) => (ends.length === 1 ? count(1, Number(ends[0]) + 1, 1) : count(Number(ends[0]), Number(ends.at(-1)) + 1, ends.length === 3 ? Number(ends[1]) : 1)).join(" "),
  until: (end) => count(0, Number(end), 1),
  untilStep: (from, to, step) => count(Number(from), Number(to), Number(step)),
  dict,
  get: (map, key) => own(mapOf(map), show(key)) ?? "",
  set: (map, key, value) => ({ ...mapOf(map), [show(key)]: value }),
  unset: (map, key) => choose(mapOf(map), (one) => one !== show(key)),
  hasKey: (map, key) => Object.hasOwn(mapOf(map), show(key)),
  keys: (...maps) => maps.flatMap((map) => Object.keys(mapOf(map))).toSorted(),
  values: (map) => Object.values(mapOf(map)),
  pick: (map, ...keys) => choose(mapOf(map), (key) => keys.includes(key)),
  omit: (map, ...keys) => choose(mapOf(map), (key) => !keys.includes(key)),
  merge: (...maps) => Object.assign({}, ...maps.map(mapOf).toReversed()) as Dict,
  pluck: (key, ...maps) => maps.map(mapOf).filter((map) => Object.hasOwn(map, show(key))).map((map) => map[show(key)]),
  dig,
  chunk: (size, list) => chunks(Number(size), listOf(list)),
  deepCopy: (value) => value,
  mustDeepCopy: (value) => value,
  mustToJson: (value) => JSON.stringify(value ?? null),
  mustFromJson: (text) => JSON.parse(show(text)) as unknown,
  toRawJson: (value) => JSON.stringify(value ?? null),
  typeOf: (value) => typeOf(value),
  typeIs: (type, value) => typeOf(value) === type,
  toJson: (value) => JSON.stringify(value ?? null),
  toPrettyJson: (value) => JSON.stringify(value ?? null, null, 2),
  fromJson: (text) => JSON.parse(show(text)) as unknown,
  kindIs: (kind, value) => kindOf(value) === kind,
  kindOf: (value) => kindOf(value),
};

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return "invalid";
  if (Array.isArray(value)) return "slice";
  if (typeof value === "string") return "string";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "number") return Number.isInteger(value) ? "int" : "float64";
  return isMap(value) ? "map" : "struct";
}

/** As Go names the types of what JSON can hold. */
function typeOf(value: unknown): string {
  const kind = kindOf(value);
  return { invalid: "<nil>", slice: "[]interface {}", map: "map[string]interface {}" }[kind] ?? kind;
}

function chunks(size: number, list: readonly unknown[]): unknown[][] {
  if (!(size >= 1)) throw new Error("chunk makes lists of one or more");
  return Array.from({ length: Math.ceil(list.length / size) }, (_, at) => list.slice(at * size, (at + 1) * size));
}
