import { fail } from "../error.ts";
import type { Items, JsonnetFunction, Thunk, Value } from "../value.ts";
import { only } from "./arrays.ts";
import { type Declared, type Machine, native } from "./native.ts";

const key = ["keyF", "function", null] as const satisfies Declared;
const onEmpty = ["onEmpty", "lazy", null] as const satisfies Declared;

/** An item and what it is compared by. */
interface Keyed {
  readonly item: Thunk;
  readonly key: Value;
}

/** Sorting, and lists without anything twice. */
export const sets = {
  sort: native([["arr", "array"], key], (machine, list, by) => sorted(machine, list, by).map(({ item }) => item)),
  uniq: native([["arr", "array"], key], (machine, list, by) =>
    unique(machine, keyed(machine, list, by)).map(({ item }) => item),
  ),
  set: native([["arr", "array"], key], (machine, list, by) =>
    unique(machine, sorted(machine, list, by)).map(({ item }) => item),
  ),
  setMember: native([["x", "any"], ["arr", "array"], key], (machine, wanted, list, by) => {
    const key = by === null ? wanted : by.call(wanted);
    return keyed(machine, list, by).some((some) => machine.operators.compare(some.key, key) === 0);
  }),
  setUnion: native([["a", "array"], ["b", "array"], key], (machine, left, right, by) =>
    unique(machine, sorted(machine, [...left, ...right], by)).map(({ item }) => item),
  ),
  setInter: native([["a", "array"], ["b", "array"], key], (machine, left, right, by) =>
    common(machine, left, right, by, true),
  ),
  setDiff: native([["a", "array"], ["b", "array"], key], (machine, left, right, by) =>
    common(machine, left, right, by, false),
  ),
  minArray: native([["arr", "array"], key, onEmpty], (machine, list, by, otherwise) =>
    extreme(machine, list, by, -1, otherwise),
  ),
  maxArray: native([["arr", "array"], key, onEmpty], (machine, list, by, otherwise) =>
    extreme(machine, list, by, 1, otherwise),
  ),
};

/** TypeScript does not see that a function may be left out. */
type By = JsonnetFunction | null;

function keyed({ budget }: Machine, list: Items, by: By): Keyed[] {
  budget.charge(list.length);
  return list.map((item) => ({ item, key: by === null ? item.get() : by.apply(only(item)) }));
}

const sorted = (machine: Machine, list: Items, by: By): Keyed[] =>
  keyed(machine, list, by).toSorted((left, right) => machine.operators.compare(left.key, right.key));

const unique = ({ operators }: Machine, list: readonly Keyed[]): Keyed[] =>
  list.filter(({ key }, index) => index === 0 || !operators.equal(list[index - 1]!.key, key));

/** Both are in order: one walk along the two suffices. */
function common(machine: Machine, left: Items, right: Items, by: By, wanted: boolean): Items {
  const others = keyed(machine, right, by);
  let at = 0;
  return keyed(machine, left, by)
    .filter(({ key }) => {
      while (at < others.length && machine.operators.compare(others[at]!.key, key) < 0) at++;
      return (at < others.length && machine.operators.compare(others[at]!.key, key) === 0) === wanted;
    })
    .map(({ item }) => item);
}

/** The first of the smallest (-1) or the largest items (1). */
function extreme(machine: Machine, list: Items, by: By, direction: -1 | 1, otherwise: Thunk | undefined): Value {
  const [first, ...rest] = keyed(machine, list, by);
  if (!first) return otherwise ? otherwise.get() : fail("an empty list has no smallest and no largest item");
  const beats = (one: Keyed, best: Keyed) => machine.operators.compare(one.key, best.key) * direction > 0;
  return rest.reduce((best, one) => (beats(one, best) ? one : best), first).item.get();
}
