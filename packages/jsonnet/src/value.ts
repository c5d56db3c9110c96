import type { Visibility } from "./ast.ts";
import { byCodePoint } from "./characters.ts";
import { fail } from "./error.ts";

/** Values as programs see them. Items of arrays are made when they are looked at. */
export type Value = null | boolean | number | string | Items | JsonnetObject | JsonnetFunction;
/** The items of an array. */
export type Items = readonly Thunk[];

/** A value that is made when it is first looked at. */
export class Thunk {
  #make: (() => Value) | undefined;
  #value: Value | undefined;
  #making = false;

  constructor(make: () => Value) {
    this.#make = make;
  }

  static of(value: Value): Thunk {
    const thunk = new Thunk(() => value);
    thunk.#value = value;
    return thunk;
  }

  get(): Value {
    if (this.#value !== undefined) return this.#value;
    if (this.#making) return fail("a value is made of itself, without an end");
    this.#making = true;
    try {
      this.#value = this.#make!();
      this.#make = undefined;
      return this.#value;
    } finally {
      this.#making = false;
    }
  }
}

/** What a function is called with: by order, then by name. */
export interface Given {
  readonly ordered: readonly Thunk[];
  readonly named: ReadonlyMap<string, Thunk>;
}

/** A parameter; `needed` unless it has a value of its own. */
export interface Slot {
  readonly name: string;
  readonly needed: boolean;
}

/** A function, of the program or of the library. `run` takes one thunk per slot, or none where the own value stands. */
export class JsonnetFunction {
  readonly slots: readonly Slot[];
  readonly #run: (args: readonly (Thunk | undefined)[]) => Value;

  constructor(slots: readonly Slot[], run: (args: readonly (Thunk | undefined)[]) => Value) {
    this.slots = slots;
    this.#run = run;
  }

  call(...args: Value[]): Value {
    return this.apply({ ordered: args.map(Thunk.of), named: new Map() });
  }

  apply({ ordered, named }: Given): Value {
    if (ordered.length > this.slots.length) fail(`a function of ${this.slots.length} parameters got ${ordered.length}`);
    const args = this.slots.map(({ name }, index) => {
      if (ordered[index] && named.has(name)) fail(`the parameter ${name} is given twice`);
      return ordered[index] ?? named.get(name);
    });
    for (const name of named.keys())
      if (!this.slots.some((slot) => slot.name === name)) fail(`there is no parameter ${name}`);
    this.slots.forEach(({ name, needed }, index) => needed && !args[index] && fail(`the parameter ${name} is missing`));
    return this.#run(args);
  }
}

/** How a layer makes something: it is told of which object it is a part, and how many layers lie below. */
export type Make<Result> = (self: JsonnetObject, below: number) => Result;

/** A field of a layer. */
export interface Field {
  readonly visibility: Visibility;
  readonly adds: boolean;
  readonly make: Make<Value>;
}

/** What one pair of braces says. */
export interface Layer {
  readonly fields: ReadonlyMap<string, Field>;
  /** Throws where an assertion does not hold. */
  readonly check?: Make<void>;
}

/** Adds two values: what `+:` does with a field and the one below. */
type Add = (left: Value, right: Value) => Value;

/** An object: layers of braces, the last on top. A field is made when it is first looked at, and sees all of the object. */
export class JsonnetObject {
  readonly #layers: readonly Layer[];
  readonly #add: Add;
  readonly #made = new Map<string, Value>();
  readonly #making = new Set<string>();
  #checked = false;

  constructor(layers: readonly Layer[], add: Add) {
    this.#layers = layers;
    this.#add = add;
  }

  /** This object with another on top. */
  with(other: JsonnetObject): JsonnetObject {
    return new JsonnetObject([...this.#layers, ...other.#layers], this.#add);
  }

  /** How many layers it has: looking from there sees all of them. */
  get height(): number {
    return this.#layers.length;
  }

  has(name: string, below = this.height): boolean {
    return this.#find(name, below) !== undefined;
  }

  /** The value of a field. Fails where there is none. */
  get(name: string): Value {
    this.check();
    const known = this.#made.get(name);
    if (known !== undefined) return known;
    if (this.#making.has(name)) fail(`the field ${name} is made of itself, without an end`);
    this.#making.add(name);
    try {
      const value = this.getBelow(name, this.height);
      this.#made.set(name, value);
      return value;
    } finally {
      this.#making.delete(name);
    }
  }

  /** The value of a field as the lower layers have it: what `super` looks at. */
  getBelow(name: string, below: number): Value {
    const found = this.#find(name, below);
    if (!found) return fail(`there is no field ${name}`);
    const [{ adds, make }, index] = found;
    const value = make(this, index);
    return adds && this.has(name, index) ? this.#add(this.getBelow(name, index), value) : value;
  }

  /** The names of its fields, sorted by code point; hidden ones on request. */
  names(hidden = false): string[] {
    const names = new Set(this.#layers.flatMap(({ fields }) => [...fields.keys()]));
    return [...names].filter((name) => hidden || this.isShown(name)).toSorted(byCodePoint);
  }

  isShown(name: string): boolean {
    for (let index = this.height - 1; index >= 0; index--) {
      const visibility = this.#layers[index]!.fields.get(name)?.visibility;
      if (visibility === "::") return false;
      if (visibility === ":::") return true;
    }
    return this.has(name);
  }

  /** Holds that its assertions are true; they are looked at once. */
  check(): void {
    if (this.#checked) return;
    // Assertions look at the object themselves.
    this.#checked = true;
    this.#layers.forEach(({ check }, index) => check?.(this, index));
  }

  #find(name: string, below: number): readonly [Field, number] | undefined {
    for (let index = below - 1; index >= 0; index--) {
      const field = this.#layers[index]!.fields.get(name);
      if (field) return [field, index];
    }
    return undefined;
  }
}

/** Fields that are given as they are. */
export type Fields = Iterable<readonly [name: string, value: Thunk]>;

/** The layer of fields whose values depend on nothing. */
export function constantLayer(fields: Fields, visibility: Visibility = ":"): Layer {
  return {
    fields: new Map([...fields].map(([name, value]) => [name, { visibility, adds: false, make: () => value.get() }])),
  };
}

/** What `std.type` answers. */
export type TypeName = "null" | "boolean" | "number" | "string" | "array" | "object" | "function";

/** The type of a value, by the name that programs know it by. */
export function typeOf(value: Value): TypeName {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (value instanceof JsonnetFunction) return "function";
  return typeof value as TypeName;
}

/** A type as sentences name it: `an array`. */
export const withArticle = (type: TypeName): string =>
  type === "null" ? type : `${/^[aeo]/.test(type) ? "an" : "a"} ${type}`;

/** A value as sentences name it, by its type. */
export const described = (value: Value): string => withArticle(typeOf(value));
