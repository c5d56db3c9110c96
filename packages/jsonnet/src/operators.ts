import type { BinaryOperator, UnaryOperator } from "./ast.ts";
import type { Budget } from "./budget.ts";
import { byCodePoint, charactersOf } from "./characters.ts";
import { fail } from "./error.ts";
import { format } from "./format.ts";
import { toText } from "./manifest.ts";
import { described, type Items, JsonnetObject, Thunk, typeOf, type Value } from "./value.ts";

/** What the signs between values do. */
export class Operators {
  readonly #budget: Budget;

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  unary(operator: UnaryOperator, value: Value): Value {
    if (operator === "!")
      return typeof value === "boolean" ? !value : fail(`! takes true or false, not ${described(value)}`);
    if (typeof value !== "number") return fail(`${operator} takes a number, not ${described(value)}`);
    if (operator === "-") return -value;
    return operator === "+" ? value : ~integer(value);
  }

  binary(operator: Exclude<BinaryOperator, "&&" | "||">, left: Value, right: Value): Value {
    switch (operator) {
      case "+":
        return this.add(left, right);
      case "==":
        return this.equal(left, right);
      case "!=":
        return !this.equal(left, right);
      case "in":
        if (typeof left !== "string" || !(right instanceof JsonnetObject))
          return fail("`in` takes a name and an object");
        return right.has(left);
      case "<":
        return this.compare(left, right) < 0;
      case "<=":
        return this.compare(left, right) <= 0;
      case ">":
        return this.compare(left, right) > 0;
      case ">=":
        return this.compare(left, right) >= 0;
      case "%":
        if (typeof left === "string") return format(this.#budget, left, right);
    }
    if (typeof left === "number" && typeof right === "number") return calculate(operator, left, right);
    return fail(`${operator} takes two numbers, not ${described(left)} and ${described(right)}`);
  }

  readonly add = (left: Value, right: Value): Value => {
    if (typeof left === "string" || typeof right === "string") return this.#joined(this.text(left), this.text(right));
    if (typeof left === "number" && typeof right === "number") return finite(left + right);
    if (left instanceof JsonnetObject && right instanceof JsonnetObject) return left.with(right);
    if (!Array.isArray(left) || !Array.isArray(right))
      return fail(`${described(right)} cannot be added to ${described(left)}`);
    this.#budget.charge(left.length + right.length);
    return [...(left as Items), ...(right as Items)];
  };

  /** A value as text: strings as they are, all else as JSON. */
  text(value: Value): string {
    return toText(this.#budget, value);
  }

  equal(left: Value, right: Value): boolean {
    this.#budget.charge(1);
    const type = typeOf(left);
    if (type !== typeOf(right)) return false;
    if (type === "function") return fail("functions cannot be compared");
    if (type === "array") return this.#equalItems(left as Items, right as Items);
    return type === "object" ? this.#equalFields(left as JsonnetObject, right as JsonnetObject) : left === right;
  }

  /** Negative where the left one comes first. */
  compare(left: Value, right: Value): number {
    this.#budget.charge(1);
    if (typeof left === "number" && typeof right === "number") return left - right;
    if (typeof left === "string" && typeof right === "string") {
      this.#budget.charge(Math.min(left.length, right.length) / 4);
      return byCodePoint(left, right);
    }
    if (!Array.isArray(left) || !Array.isArray(right))
      return fail(`${described(left)} and ${described(right)} have no order`);
    for (let index = 0; index < Math.min(left.length, right.length); index++) {
      const order = this.compare((left as Items)[index]!.get(), (right as Items)[index]!.get());
      if (order !== 0) return order;
    }
    return left.length - right.length;
  }

  at(target: Value, index: Value): Value {
    if (target instanceof JsonnetObject)
      return typeof index === "string"
        ? target.get(index)
        : fail(`the name of a field has to be a string, not ${described(index)}`);
    if (!Array.isArray(target) && typeof target !== "string") return fail(`${described(target)} has nothing inside`);
    if (typeof index !== "number") return fail(`a place in a list has to be a number, not ${described(index)}`);
    const list = typeof target === "string" ? charactersOf(target) : (target as Items);
    const item = list[index] ?? fail(`there is no place ${index} in a list of ${list.length}`);
    return typeof item === "string" ? item : item.get();
  }

  slice(target: Value, from: number | null = null, to: number | null = null, step: number | null = null): Value {
    if (!Array.isArray(target) && typeof target !== "string") return fail(`${described(target)} cannot be sliced`);
    if (step !== null && step < 1) return fail("the step of a slice has to be one or more");
    const part = <Item>(list: readonly Item[]): Item[] => {
      this.#budget.charge(list.length);
      return list.slice(from ?? 0, to ?? list.length).filter((_, index) => index % (step ?? 1) === 0);
    };
    return typeof target === "string" ? part(charactersOf(target)).join("") : part(target as Items);
  }

  #joined(left: string, right: string): string {
    this.#budget.charge((left.length + right.length) / 16);
    return left + right;
  }

  #equalItems(left: Items, right: Items): boolean {
    return left.length === right.length && left.every((item, index) => this.equal(item.get(), right[index]!.get()));
  }

  #equalFields(left: JsonnetObject, right: JsonnetObject): boolean {
    const names = left.names();
    const others = right.names();
    if (names.length !== others.length || names.some((name, index) => name !== others[index])) return false;
    return names.every((name) => this.equal(left.get(name), right.get(name)));
  }
}

function calculate(operator: BinaryOperator, left: number, right: number): number {
  switch (operator) {
    case "-":
      return finite(left - right);
    case "*":
      return finite(left * right);
    case "/":
      return right === 0 ? fail("something is divided by zero") : finite(left / right);
    case "%":
      return right === 0 ? fail("something is divided by zero") : left % right;
    case "&":
      return Number(BigInt.asIntN(64, BigInt(integer(left)) & BigInt(integer(right))));
    case "|":
      return Number(BigInt.asIntN(64, BigInt(integer(left)) | BigInt(integer(right))));
    case "^":
      return Number(BigInt.asIntN(64, BigInt(integer(left)) ^ BigInt(integer(right))));
    case "<<":
      return shifted(left, right);
    case ">>":
      return Number(BigInt(integer(left)) >> BigInt(distance(right)));
    default:
      return fail(`${operator} does not take numbers`);
  }
}

const shifted = (left: number, right: number): number =>
  Number(BigInt.asIntN(64, BigInt(integer(left)) << BigInt(distance(right))));

const distance = (value: number): number =>
  value < 0 ? fail("nothing can be shifted by less than zero") : integer(value) % 64;

const finite = (value: number): number => (Number.isFinite(value) ? value : fail("a number got too large"));

/** Bits are counted in whole numbers. */
const integer = (value: number): number => {
  const whole = Math.trunc(value);
  return Number.isSafeInteger(whole) ? whole : fail("a number is too large to be seen as bits");
};

/** A list of values that are there already. */
export const listOf = (values: readonly Value[]): Items => values.map(Thunk.of);
