import { listOf } from "../operators.ts";
import { constantLayer, type Items, JsonnetObject, Thunk, type Value } from "../value.ts";
import { type Machine, native } from "./native.ts";

const namesOf = (hidden: boolean) =>
  native([["o", "object"]], ({ budget }, object) => listOf(counted(budget, object.names(hidden))));
const valuesOf = (hidden: boolean) =>
  native([["o", "object"]], ({ budget }, object) =>
    counted(budget, object.names(hidden)).map((name) => new Thunk(() => object.get(name))),
  );
const pairsOf = (hidden: boolean) =>
  native([["o", "object"]], (machine, object) =>
    listOf(
      counted(machine.budget, object.names(hidden)).map((name) =>
        objectOf(machine, [
          ["key", Thunk.of(name)],
          ["value", new Thunk(() => object.get(name))],
        ]),
      ),
    ),
  );

/** Objects. Functions whose names end in All, Ex or `inc_hidden` see hidden fields, too. */
export const objects = {
  get: native(
    [
      ["o", "object"],
      ["f", "string"],
      ["default", "lazy", null],
      ["inc_hidden", "boolean", true],
    ],
    (_, object, name, other, hidden) =>
      object.has(name) && (hidden || object.isShown(name)) ? object.get(name) : (other?.get() ?? null),
  ),
  objectHas: native(
    [
      ["o", "object"],
      ["f", "string"],
    ],
    (_, object, name) => object.isShown(name),
  ),
  objectHasAll: native(
    [
      ["o", "object"],
      ["f", "string"],
    ],
    (_, object, name) => object.has(name),
  ),
  objectHasEx: native(
    [
      ["obj", "object"],
      ["fname", "string"],
      ["hidden", "boolean"],
    ],
    (_, object, name, hidden) => (hidden ? object.has(name) : object.isShown(name)),
  ),
  objectFields: namesOf(false),
  objectFieldsAll: namesOf(true),
  objectFieldsEx: native(
    [
      ["obj", "object"],
      ["hidden", "boolean"],
    ],
    ({ budget }, object, hidden) => listOf(counted(budget, object.names(hidden))),
  ),
  objectValues: valuesOf(false),
  objectValuesAll: valuesOf(true),
  objectKeysValues: pairsOf(false),
  objectKeysValuesAll: pairsOf(true),
  objectRemoveKey: native(
    [
      ["obj", "object"],
      ["key", "string"],
    ],
    (machine, object, unwanted) => {
      const fields = object.names(true).filter((name) => name !== unwanted);
      const kept = (shown: boolean) =>
        fields
          .filter((name) => object.isShown(name) === shown)
          .map((name) => [name, new Thunk(() => object.get(name))] as const);
      return new JsonnetObject([constantLayer(kept(true)), constantLayer(kept(false), "::")], machine.operators.add);
    },
  ),
  mapWithKey: native(
    [
      ["func", "function"],
      ["obj", "object"],
    ],
    (machine, change, object) => {
      const changed = (name: string) => new Thunk(() => change.call(name, object.get(name)));
      return objectOf(
        machine,
        counted(machine.budget, object.names()).map((name) => [name, changed(name)]),
      );
    },
  ),
  mergePatch: native(
    [
      ["target", "any"],
      ["patch", "any"],
    ],
    (machine, target, patch) => merged(machine, target, patch),
  ),
  prune: native([["a", "any"]], (machine, value) => pruned(machine, value)),
};

function counted<Item>(budget: Machine["budget"], list: readonly Item[]): readonly Item[] {
  budget.charge(list.length);
  return list;
}

const objectOf = ({ operators }: Machine, fields: readonly (readonly [string, Thunk])[]): JsonnetObject =>
  new JsonnetObject([constantLayer(fields)], operators.add);

/** RFC 7396. */
function merged(machine: Machine, target: Value, patch: Value): Value {
  machine.budget.charge(1);
  if (!(patch instanceof JsonnetObject)) return patch;
  const base = target instanceof JsonnetObject ? target : objectOf(machine, []);
  const kept = base.names().filter((name) => !patch.isShown(name));
  const given = patch.names().filter((name) => patch.get(name) !== null);
  return objectOf(machine, [
    ...kept.map((name) => [name, new Thunk(() => base.get(name))] as const),
    ...given.map((name) => {
      const below = base.isShown(name) ? () => base.get(name) : () => null;
      return [name, new Thunk(() => merged(machine, below(), patch.get(name)))] as const;
    }),
  ]);
}

function pruned(machine: Machine, value: Value): Value {
  machine.budget.charge(1);
  const { budget } = machine;
  if (Array.isArray(value))
    return budget.deeper(() =>
      listOf((value as Items).map((item) => pruned(machine, item.get())).filter((item) => !isEmpty(item))),
    );
  if (!(value instanceof JsonnetObject)) return value;
  const fields = budget.deeper(() => value.names().map((name) => [name, pruned(machine, value.get(name))] as const));
  return objectOf(
    machine,
    fields.filter(([, item]) => !isEmpty(item)).map(([name, item]) => [name, Thunk.of(item)]),
  );
}

const isEmpty = (value: Value): boolean =>
  value === null ||
  (Array.isArray(value) && value.length === 0) ||
  (value instanceof JsonnetObject && value.names().length === 0);
