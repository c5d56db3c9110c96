import { fail } from "../error.ts";
import { constantLayer, JsonnetObject, Thunk, type Value } from "../value.ts";
import { arrays } from "./arrays.ts";
import { encoding } from "./encoding.ts";
import { manifests } from "./manifests.ts";
import { math } from "./math.ts";
import { type Machine, native } from "./native.ts";
import { objects } from "./objects.ts";
import { parsing } from "./parsing.ts";
import { sets } from "./sets.ts";
import { strings } from "./strings.ts";
import { types } from "./types.ts";

const library = {
  ...types,
  ...math,
  ...strings,
  ...arrays,
  ...sets,
  ...objects,
  ...encoding,
  ...manifests,
  ...parsing,
};

/** The library, as the program sees it under the name `std`. */
export function standardLibrary(machine: Machine, externals: ReadonlyMap<string, Thunk>): JsonnetObject {
  const extVar = native([["x", "string"]], (_, name): Value => externals.get(name)?.get() ?? absent(externals, name));
  const functions = Object.entries({ ...library, mod, extVar, resolvePath, native: foreign });
  const fields = functions.map(([name, make]) => [name, new Thunk(() => make(machine))] as const);
  const constants = [
    ["pi", Thunk.of(Math.PI)],
    ["thisFile", Thunk.of("program.jsonnet")],
  ] as const;
  return new JsonnetObject([constantLayer([...fields, ...constants], "::")], machine.operators.add);
}

/** An outside value may be null. */
const absent = (externals: ReadonlyMap<string, Thunk>, name: string): null =>
  externals.has(name) ? null : fail(`nothing outside is called ${name}`);

/** What % does. */
const mod = native(
  [
    ["a", "any"],
    ["b", "any"],
  ],
  ({ operators }, left, right) => operators.binary("%", left, right),
);

/** A path that is written beside another one, as imports have it. */
const resolvePath = native(
  [
    ["f", "string"],
    ["r", "string"],
  ],
  (_, from, path) => from.slice(0, from.lastIndexOf("/") + 1) + path,
);

/** No functions of the host are offered: the program gets null, as it does elsewhere for one that is unknown. */
const foreign = native([["name", "string"]], () => null);
