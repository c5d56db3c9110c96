import type { Budget } from "../budget.ts";
import { fail } from "../error.ts";
import type { Operators } from "../operators.ts";
import {
  described,
  type Items,
  JsonnetFunction,
  JsonnetObject,
  type Thunk,
  typeOf,
  type Value,
  withArticle,
} from "../value.ts";

/** What functions of the library work with. */
export interface Machine {
  readonly budget: Budget;
  readonly operators: Operators;
}

interface Types {
  any: Value;
  string: string;
  number: number;
  boolean: boolean;
  array: Items;
  object: JsonnetObject;
  function: JsonnetFunction;
  /** Made when the body looks at it; undefined where nothing is given. */
  lazy: Thunk | undefined;
}

/** A parameter of the library: its name, its type, and its own value where it may be left out. A lazy one is not looked at beforehand. */
export type Declared = readonly [name: string, type: keyof Types, fallback?: Value];
type Arguments<Parameters extends readonly Declared[]> = { [Index in keyof Parameters]: Types[Parameters[Index][1]] };

/** A function of the library, before it is given a machine to run on. */
export type Native = (machine: Machine) => JsonnetFunction;

/** Declares a function of the library: its arguments are made and their types checked before its body runs. */
export function native<const Parameters extends readonly Declared[]>(
  parameters: Parameters,
  body: (machine: Machine, ...args: Arguments<Parameters>) => Value,
): Native {
  const slots = parameters.map(([name, , fallback]) => ({ name, needed: fallback === undefined }));
  return (machine) =>
    new JsonnetFunction(slots, (thunks) => {
      machine.budget.charge(1);
      const args = parameters.map((declared, index) => argument(declared, thunks[index]));
      return body(machine, ...(args as unknown as Arguments<Parameters>));
    });
}

function argument(declared: Declared, given: Thunk | undefined): Value | Thunk | undefined {
  return declared[1] === "lazy" ? given : checked(declared, given?.get());
}

function checked([name, type, fallback]: Declared, value: Value | undefined): Value {
  if (value === undefined) return fallback!;
  if (type === "any" || type === "lazy" || typeOf(value) === type || (value === null && fallback === null))
    return value;
  return fail(`${name} has to be ${withArticle(type)}, not ${described(value)}`);
}

/** A whole number, or a refusal. */
export const whole = (value: number): number =>
  Number.isSafeInteger(value) ? value : fail(`a whole number is needed, not ${value}`);

/** The truth that a function of the program tells. */
export function truth(value: Value): boolean {
  return typeof value === "boolean" ? value : fail(`true or false is needed, not ${described(value)}`);
}

/** A text, or a refusal. */
export function text(value: Value): string {
  return typeof value === "string" ? value : fail(`a string is needed, not ${described(value)}`);
}

/** A number, or a refusal. */
export function number(value: Value): number {
  return typeof value === "number" ? value : fail(`a number is needed, not ${described(value)}`);
}
