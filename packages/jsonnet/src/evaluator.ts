import type { Argument, AssertNode, Binding, Clause, FieldNode, Node, NodeOf, Parameter } from "./ast.ts";
import type { Budget } from "./budget.ts";
import { fail, JsonnetError, type Place } from "./error.ts";
import { Operators } from "./operators.ts";
import {
  described,
  type Field,
  type Items,
  JsonnetFunction,
  JsonnetObject,
  type Layer,
  Thunk,
  typeOf,
  type Value,
} from "./value.ts";

/** The object that an expression is a part of, and how many of its layers lie below. */
interface Whole {
  readonly self: JsonnetObject;
  readonly below: number;
  readonly outermost: JsonnetObject;
}

/** What names stand for at a place of the program. */
class Scope {
  readonly #names: ReadonlyMap<string, Thunk>;
  readonly #outer: Scope | undefined;
  readonly whole: Whole | undefined;

  constructor(names: ReadonlyMap<string, Thunk>, outer?: Scope, whole = outer?.whole) {
    this.#names = names;
    this.#outer = outer;
    this.whole = whole;
  }

  find(name: string): Thunk {
    return this.#names.get(name) ?? this.#outer?.find(name) ?? fail(`nothing is called ${name} here`);
  }
}

/** Runs a program whose names are checked. */
export class Evaluator {
  readonly #budget: Budget;
  readonly #operators: Operators;

  constructor(budget: Budget) {
    this.#budget = budget;
    this.#operators = new Operators(budget);
  }

  run(program: Node, names: ReadonlyMap<string, Thunk>): Value {
    return this.#value(program, new Scope(names));
  }

  #value(node: Node, scope: Scope): Value {
    this.#budget.charge(1);
    this.#budget.enter();
    try {
      return this.#valueOf(node, scope);
    } catch (error) {
      throw located(error, node.place);
    } finally {
      this.#budget.leave();
    }
  }

  #valueOf(node: Node, scope: Scope): Value {
    switch (node.kind) {
      case "literal":
        return node.value;
      case "variable":
        return scope.find(node.name).get();
      case "self":
        return scope.whole!.self;
      case "outermost":
        return scope.whole!.outermost;
      case "super":
        return scope.whole!.self.getBelow(this.#name(node.index, scope), scope.whole!.below);
      case "inSuper":
        return scope.whole!.self.has(this.#name(node.key, scope), scope.whole!.below);
      case "array":
        return node.items.map((item) => this.#later(item, scope));
      case "arrayComprehension":
        return [...this.#each(node.clauses, scope)].map((inner) => this.#later(node.item, inner));
      case "object":
        return new JsonnetObject([this.#layer(node, scope)], this.#operators.add);
      case "objectComprehension":
        return new JsonnetObject([this.#comprehended(node, scope)], this.#operators.add);
      case "index":
        return this.#operators.at(this.#value(node.target, scope), this.#value(node.index, scope));
      case "slice":
        return this.#slice(node, scope);
      case "call":
        return this.#call(node, scope);
      case "function":
        return this.#function(node.parameters, node.body, scope);
      case "local":
        return this.#value(node.body, this.#bound(node.bindings, scope));
      case "if":
        if (this.#truth(node.condition, scope)) return this.#value(node.consequent, scope);
        return node.alternative ? this.#value(node.alternative, scope) : null;
      case "assert":
        this.#assert(node, scope);
        return this.#value(node.rest, scope);
      case "error":
        return fail(this.#operators.text(this.#value(node.reason, scope)));
      case "unary":
        return this.#operators.unary(node.operator, this.#value(node.operand, scope));
      case "binary":
        return this.#binary(node, scope);
    }
  }

  #later(node: Node, scope: Scope): Thunk {
    return node.kind === "literal" ? Thunk.of(node.value) : new Thunk(() => this.#value(node, scope));
  }

  #binary({ operator, left, right }: NodeOf<"binary">, scope: Scope): Value {
    if (operator === "&&") return this.#truth(left, scope) && this.#truth(right, scope);
    if (operator === "||") return this.#truth(left, scope) || this.#truth(right, scope);
    return this.#operators.binary(operator, this.#value(left, scope), this.#value(right, scope));
  }

  #truth(node: Node, scope: Scope): boolean {
    const value = this.#value(node, scope);
    return typeof value === "boolean"
      ? value
      : fail(`a condition has to be true or false, not of type ${typeOf(value)}`);
  }

  #name(node: Node, scope: Scope): string {
    const value = this.#value(node, scope);
    return typeof value === "string"
      ? value
      : fail(`the name of a field has to be a string, not of type ${typeOf(value)}`);
  }

  #assert({ condition, message }: AssertNode, scope: Scope): void {
    if (this.#truth(condition, scope)) return;
    fail(message ? this.#operators.text(this.#value(message, scope)) : "an assertion does not hold", condition.place);
  }

  #bound(bindings: readonly Binding[], scope: Scope, whole = scope.whole): Scope {
    const names = new Map<string, Thunk>();
    const inner = new Scope(names, scope, whole);
    for (const { name, value } of bindings) names.set(name, this.#later(value, inner));
    return inner;
  }

  #function(parameters: readonly Parameter[], body: Node, scope: Scope): JsonnetFunction {
    const slots = parameters.map(({ name, fallback }) => ({ name, needed: !fallback }));
    return new JsonnetFunction(slots, (args) => {
      const names = new Map<string, Thunk>();
      const inner = new Scope(names, scope);
      parameters.forEach(({ name, fallback }, index) => names.set(name, args[index] ?? this.#later(fallback!, inner)));
      return this.#value(body, inner);
    });
  }

  #call({ target, arguments: given, strict }: NodeOf<"call">, scope: Scope): Value {
    const called = this.#value(target, scope);
    if (!(called instanceof JsonnetFunction)) return fail(`${described(called)} cannot be called`);
    const thunk = ({ value }: Argument) => this.#later(value, scope);
    const ordered = given.filter(({ name }) => name === undefined).map(thunk);
    const named = new Map(
      given.filter(({ name }) => name !== undefined).map((argument) => [argument.name!, thunk(argument)]),
    );
    if (strict) for (const some of [...ordered, ...named.values()]) some.get();
    return called.apply({ ordered, named });
  }

  #slice({ target, bounds }: NodeOf<"slice">, scope: Scope): Value {
    const sliced = this.#value(target, scope);
    const numbers = bounds.map((bound) => {
      const value = bound ? this.#value(bound, scope) : null;
      return value === null || typeof value === "number" ? value : fail("the bounds of a slice are numbers");
    });
    return this.#operators.slice(sliced, ...numbers);
  }

  #layer({ fields, locals, asserts }: NodeOf<"object">, scope: Scope): Layer {
    const inside = this.#inside(locals, scope);
    const check = (self: JsonnetObject, below: number) => {
      for (const assert of asserts) this.#assert(assert, inside(self, below));
    };
    return { fields: new Map(this.#fields(fields, scope, inside)), ...(asserts.length > 0 && { check }) };
  }

  *#fields(fields: readonly FieldNode[], scope: Scope, inside: Inside): Iterable<[string, Field]> {
    const seen = new Set<string>();
    for (const field of fields) {
      const name = this.#value(field.name, scope);
      // A name in brackets that is null leaves the field out.
      if (name === null) continue;
      if (typeof name !== "string")
        fail(`the name of a field has to be a string, not of type ${typeOf(name)}`, field.name.place);
      if (seen.has(name)) fail(`the field ${name} is there twice`, field.name.place);
      seen.add(name);
      yield [name, this.#field(field, inside)];
    }
  }

  #field({ visibility, adds, value }: FieldNode, inside: Inside): Field {
    return { visibility, adds, make: (self, below) => this.#value(value, inside(self, below)) };
  }

  /** Gives the scope inside a pair of braces, once per object that they are a part of. */
  #inside(locals: readonly Binding[], scope: Scope): Inside {
    const known = new WeakMap<JsonnetObject, Map<number, Scope>>();
    return (self, below) => {
      const scopes = known.get(self) ?? new Map<number, Scope>();
      known.set(self, scopes);
      const whole = { self, below, outermost: scope.whole?.outermost ?? self };
      const inner = scopes.get(below) ?? this.#bound(locals, scope, whole);
      scopes.set(below, inner);
      return inner;
    };
  }

  #comprehended({ field, locals, clauses }: NodeOf<"objectComprehension">, scope: Scope): Layer {
    const fields = new Map<string, Field>();
    for (const inner of this.#each(clauses, scope))
      for (const [name, made] of this.#fields([field], inner, this.#inside(locals, inner))) {
        if (fields.has(name)) fail(`the field ${name} is there twice`);
        fields.set(name, made);
      }
    return { fields };
  }

  /** The scopes that clauses lead to, in their order. */
  *#each([clause, ...rest]: readonly Clause[], scope: Scope): Iterable<Scope> {
    if (!clause) yield scope;
    else if ("condition" in clause) {
      if (this.#truth(clause.condition, scope)) yield* this.#each(rest, scope);
    } else
      for (const item of this.#items(clause.over, scope)) {
        this.#budget.charge(1);
        yield* this.#each(rest, new Scope(new Map([[clause.name, item]]), scope));
      }
  }

  #items(node: Node, scope: Scope): Items {
    const value = this.#value(node, scope);
    if (Array.isArray(value)) return value as Items;
    return fail(`${described(value)} has no items to go through`);
  }
}

type Inside = (self: JsonnetObject, below: number) => Scope;

/** Says where an error arose; what comes from the machine is turned into one of ours. */
function located(error: unknown, place: Place): unknown {
  if (error instanceof RangeError) return new JsonnetError("limit", "the program goes too deep", place);
  if (!(error instanceof JsonnetError) || error.message !== error.reason) return error;
  return new JsonnetError(error.kind, error.reason, place);
}
