import { charactersOf } from "../characters.ts";
import { fail } from "../error.ts";
import { listOf } from "../operators.ts";
import { described, type Items, type JsonnetFunction, Thunk, type Value } from "../value.ts";
import { type Machine, native, number, text, truth, whole } from "./native.ts";

/** Lists: arrays, and for many functions the characters of a string. */
export const arrays = {
  makeArray: native(
    [
      ["sz", "number"],
      ["func", "function"],
    ],
    ({ budget }, size, make) => {
      if (whole(size) < 0) fail("a list cannot have less than no items");
      budget.charge(size);
      return Array.from({ length: size }, (_, index) => new Thunk(() => make.call(index)));
    },
  ),
  range: native(
    [
      ["from", "number"],
      ["to", "number"],
    ],
    ({ budget }, from, to) => {
      const size = Math.max(0, whole(to) - whole(from) + 1);
      budget.charge(size);
      return listOf(Array.from({ length: size }, (_, index) => from + index));
    },
  ),
  repeat: native(
    [
      ["what", "any"],
      ["count", "number"],
    ],
    (machine, what, count) => repeated(machine, what, whole(count)),
  ),
  slice: native(
    [
      ["indexable", "any"],
      ["index", "number", null],
      ["end", "number", null],
      ["step", "number", null],
    ],
    ({ operators }, list, from, to, step) => operators.slice(list, from, to, step),
  ),
  member: native(
    [
      ["arr", "any"],
      ["x", "any"],
    ],
    (machine, list, wanted) => has(machine, list, wanted),
  ),
  contains: native(
    [
      ["arr", "array"],
      ["elem", "any"],
    ],
    (machine, list, wanted) => has(machine, list, wanted),
  ),
  count: native(
    [
      ["arr", "array"],
      ["x", "any"],
    ],
    ({ operators }, list, wanted) => list.filter((item) => operators.equal(item.get(), wanted)).length,
  ),
  find: native(
    [
      ["value", "any"],
      ["arr", "array"],
    ],
    ({ operators }, wanted, list) =>
      listOf(list.flatMap((item, index) => (operators.equal(item.get(), wanted) ? [index] : []))),
  ),
  map: native(
    [
      ["func", "function"],
      ["arr", "any"],
    ],
    (machine, change, list) => mapped(machine, change, items(list)),
  ),
  mapWithIndex: native(
    [
      ["func", "function"],
      ["arr", "any"],
    ],
    ({ budget }, change, list) =>
      counted(budget, items(list)).map(
        (item, index) => new Thunk(() => change.apply({ ordered: [Thunk.of(index), item], named: new Map() })),
      ),
  ),
  filter: native(
    [
      ["func", "function"],
      ["arr", "array"],
    ],
    (machine, holds, list) => filtered(machine, holds, list),
  ),
  filterMap: native(
    [
      ["filter_func", "function"],
      ["map_func", "function"],
      ["arr", "array"],
    ],
    (machine, holds, change, list) => mapped(machine, change, filtered(machine, holds, list)),
  ),
  flatMap: native(
    [
      ["func", "function"],
      ["arr", "any"],
    ],
    (machine, change, list) => {
      const parts = items(list).map((item) => change.apply(only(item)));
      return typeof list === "string" ? joined(machine, "", parts) : joined(machine, [], parts);
    },
  ),
  foldl: native(
    [
      ["func", "function"],
      ["arr", "any"],
      ["init", "any"],
    ],
    ({ budget }, fold, list, start) =>
      counted(budget, items(list)).reduce(
        (sum, item) => fold.apply({ ordered: [Thunk.of(sum), item], named: new Map() }),
        start,
      ),
  ),
  foldr: native(
    [
      ["func", "function"],
      ["arr", "any"],
      ["init", "any"],
    ],
    ({ budget }, fold, list, start) =>
      counted(budget, items(list)).reduceRight(
        (sum, item) => fold.apply({ ordered: [item, Thunk.of(sum)], named: new Map() }),
        start,
      ),
  ),
  join: native(
    [
      ["sep", "any"],
      ["arr", "array"],
    ],
    (machine, separator, list) =>
      joined(
        machine,
        separator,
        list.map((item) => item.get()),
      ),
  ),
  lines: native([["arr", "array"]], (machine, list) => {
    const lines = list.map((item) => item.get()).filter((line) => line !== null);
    return joined(
      machine,
      "",
      lines.map((line) => `${text(line)}\n`),
    );
  }),
  deepJoin: native([["arr", "any"]], (machine, list) => joined(machine, "", leaves(machine, list))),
  flattenArrays: native([["arr", "array"]], (machine, list) =>
    joined(
      machine,
      [],
      list.map((item) => item.get()),
    ),
  ),
  flattenDeepArray: native([["value", "any"]], (machine, list) => listOf(leaves(machine, list))),
  reverse: native([["arr", "array"]], ({ budget }, list) => counted(budget, list).toReversed()),
  all: native([["arr", "array"]], (_, list) => list.every((item) => truth(item.get()))),
  any: native([["arr", "array"]], (_, list) => list.some((item) => truth(item.get()))),
  sum: native([["arr", "array"]], (_, list) => sumOf(list)),
  avg: native([["arr", "array"]], (_, list) =>
    list.length > 0 ? sumOf(list) / list.length : fail("an empty list has no average"),
  ),
  remove: native(
    [
      ["arr", "array"],
      ["elem", "any"],
    ],
    ({ operators }, list, unwanted) => {
      const at = list.findIndex((item) => operators.equal(item.get(), unwanted));
      return at < 0 ? list : list.toSpliced(at, 1);
    },
  ),
  removeAt: native(
    [
      ["arr", "array"],
      ["idx", "number"],
    ],
    (_, list, index) => list.filter((_item, at) => at !== index),
  ),
};

/** What functions of one parameter are called with. */
export const only = (item: Thunk) => ({ ordered: [item], named: new Map<string, Thunk>() });

function items(value: Value): Items {
  if (typeof value === "string") return listOf(charactersOf(value));
  return Array.isArray(value) ? (value as Items) : fail(`a list is needed, not ${described(value)}`);
}

function counted(budget: Machine["budget"], list: Items): Items {
  budget.charge(list.length);
  return list;
}

const sumOf = (list: Items): number => list.reduce((sum, item) => sum + number(item.get()), 0);

const mapped = ({ budget }: Machine, change: JsonnetFunction, list: Items): Items =>
  counted(budget, list).map((item) => new Thunk(() => change.apply(only(item))));

const filtered = ({ budget }: Machine, holds: JsonnetFunction, list: Items): Items =>
  counted(budget, list).filter((item) => truth(holds.apply(only(item))));

function has({ budget, operators }: Machine, list: Value, wanted: Value): boolean {
  if (typeof list === "string") {
    budget.chargeSearch(text(wanted), list);
    return list.includes(text(wanted));
  }
  return items(list).some((item) => operators.equal(item.get(), wanted));
}

function repeated({ budget }: Machine, what: Value, count: number): Value {
  if (count < 0) return fail("nothing can be repeated less than zero times");
  if (typeof what === "string") {
    budget.charge((what.length * count) / 16);
    return what.repeat(count);
  }
  const list = items(what);
  budget.charge(list.length * count);
  return Array.from({ length: count }, () => list).flat();
}

/** Parts that are null are left out. */
function joined({ budget }: Machine, separator: Value, parts: readonly Value[]): Value {
  const some = parts.filter((part) => part !== null);
  if (typeof separator === "string") {
    const texts = some.map(text);
    budget.charge(texts.reduce((sum, { length }) => sum + 1 + (length + separator.length) / 16, 0));
    return texts.join(separator);
  }
  const between = items(separator);
  return some.flatMap((part, index) => {
    if (!Array.isArray(part)) return fail(`a list is needed, not ${described(part)}`);
    const list = part as Items;
    budget.charge(1 + list.length + between.length);
    return index === 0 ? [...list] : [...between, ...list];
  });
}

function leaves(machine: Machine, value: Value): Value[] {
  machine.budget.charge(1);
  if (!Array.isArray(value)) return [value];
  return machine.budget.deeper(() => (value as Items).flatMap((item) => leaves(machine, item.get())));
}
