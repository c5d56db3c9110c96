import type { Binding, Clause, Node, NodeOf, Parameter } from "./ast.ts";
import { Budget, defaultLimits } from "./budget.ts";
import { JsonnetError, type Place } from "./error.ts";
import { Operators } from "./operators.ts";
import { compile, readProgram } from "./program.ts";
import { childrenOf } from "./scope.ts";
import { standardLibrary } from "./std/index.ts";
import { JsonnetFunction, type JsonnetObject } from "./value.ts";

/** What is wrong with a program, or hardly meant, though nobody has run it. */
export interface Finding {
  readonly place: Place | undefined;
  readonly message: string;
}

/**
 * Looks for what is wrong with a program: it cannot be read, a name stands for nothing, a local is used by nobody, the library has no such member, or a
 * function is called with what it does not take.
 *
 * @example
 * lint("local a = 1; std.lenght([])"); // [{ place, message: "nothing uses the local a" }, { place, message: "std has no lenght" }]
 */
export function lint(source: string): Finding[] {
  try {
    compile(source);
  } catch (error) {
    if (!(error instanceof JsonnetError)) throw error;
    return [{ place: error.place, message: error.reason }];
  }
  const findings: Finding[] = [];
  new Linter(findings).visit(readProgram(source), new Map([["std", { isStd: true, isUsed: true }]]));
  return findings.toSorted((one, other) => order(one.place, other.place));
}

const order = (one: Place | undefined, other: Place | undefined): number =>
  (one?.line ?? 0) - (other?.line ?? 0) || (one?.column ?? 0) - (other?.column ?? 0);

/** What is known of a name. */
interface Known {
  readonly isStd?: boolean;
  /** The parameters, where it is a function for sure. */
  readonly parameters?: readonly Slot[] | undefined;
  isUsed: boolean;
}

interface Slot {
  readonly name: string;
  readonly needed: boolean;
}

type Scope = ReadonlyMap<string, Known>;

class Linter {
  readonly #findings: Finding[];
  #std: JsonnetObject | undefined;

  constructor(findings: Finding[]) {
    this.#findings = findings;
  }

  visit(node: Node, scope: Scope): void {
    switch (node.kind) {
      case "variable":
        this.#know(node, scope);
        return;
      case "function":
        return this.#function(node.parameters, node.body, scope);
      case "local":
        return this.#binding(node.bindings, scope, (inner) => this.visit(node.body, inner));
      case "object":
        return this.#object(node, scope);
      case "objectComprehension":
        return this.#clauses(node.clauses, scope, (inner) => {
          this.visit(node.field.name, inner);
          this.#binding(node.locals, inner, (own) => this.visit(node.field.value, own));
        });
      case "arrayComprehension":
        return this.#clauses(node.clauses, scope, (inner) => this.visit(node.item, inner));
      case "call":
        this.#call(node, scope);
        break;
      case "index":
        this.#member(node, scope);
        break;
    }
    for (const child of childrenOf(node)) this.visit(child, scope);
  }

  #tell(place: Place, message: string): void {
    this.#findings.push({ place: { line: place.line, column: place.column }, message });
  }

  #know({ name }: NodeOf<"variable">, scope: Scope): Known | undefined {
    const known = scope.get(name);
    if (known) known.isUsed = true;
    return known;
  }

  #function(parameters: readonly Parameter[], body: Node, scope: Scope): void {
    const inner = withNames(scope, parameters);
    for (const { fallback } of parameters) if (fallback) this.visit(fallback, inner);
    this.visit(body, inner);
  }

  /** A local that is used by itself alone, or by others that nobody uses, is used by nobody. */
  #binding(bindings: readonly Binding[], scope: Scope, rest: (inner: Scope) => void): void {
    const own = bindings.map((binding) => ({ binding, known: { isUsed: false, parameters: slotsOf(binding.value) } }));
    const inner = new Map<string, Known>([
      ...scope,
      ...own.map(({ binding, known }) => [binding.name, known] as const),
    ]);
    rest(inner);
    const visited = new Set<(typeof own)[number]>();
    for (let next = own.find((one) => one.known.isUsed); next;) {
      visited.add(next);
      this.visit(next.binding.value, inner);
      next = own.find((one) => one.known.isUsed && !visited.has(one));
    }
    for (const { binding } of own.filter((one) => !visited.has(one))) {
      this.#tell(binding.place, `nothing uses the local ${binding.name}`);
      this.visit(binding.value, inner);
    }
  }

  #object({ fields, locals, asserts }: NodeOf<"object">, scope: Scope): void {
    for (const { name } of fields) this.visit(name, scope);
    this.#binding(locals, scope, (inner) => {
      for (const { value } of fields) this.visit(value, inner);
      for (const { condition, message } of asserts)
        for (const child of [condition, message]) if (child) this.visit(child, inner);
    });
  }

  #clauses(clauses: readonly Clause[], scope: Scope, rest: (inner: Scope) => void): void {
    let inner = scope;
    for (const clause of clauses)
      if ("condition" in clause) this.visit(clause.condition, inner);
      else {
        this.visit(clause.over, inner);
        inner = withNames(inner, [clause]);
      }
    rest(inner);
  }

  #member({ target, index }: NodeOf<"index">, scope: Scope): void {
    if (target.kind !== "variable" || !scope.get(target.name)?.isStd) return;
    if (index.kind === "literal" && !this.#library().has(String(index.value)))
      this.#tell(index.place, `std has no ${String(index.value)}`);
  }

  #call({ target, arguments: given, place }: NodeOf<"call">, scope: Scope): void {
    const slots = this.#slots(target, scope);
    if (!slots) return;
    const ordered = given.filter(({ name }) => name === undefined).length;
    const named = given.flatMap(({ name }) => name ?? []);
    if (ordered > slots.length)
      return this.#tell(place, `a function of ${slots.length} parameters is given ${ordered}`);
    for (const name of named)
      if (!slots.some((slot) => slot.name === name)) this.#tell(place, `there is no parameter ${name}`);
    for (const { name } of slots.slice(ordered).filter((slot) => slot.needed && !named.includes(slot.name)))
      this.#tell(place, `the parameter ${name} is missing`);
  }

  /** The parameters of what is called, where that is known without running anything. */
  #slots(target: Node, scope: Scope): readonly Slot[] | undefined {
    if (target.kind === "function") return slotsOf(target);
    if (target.kind === "variable") return scope.get(target.name)?.parameters;
    if (target.kind !== "index" || target.target.kind !== "variable" || target.index.kind !== "literal")
      return undefined;
    const name = String(target.index.value);
    if (!scope.get(target.target.name)?.isStd || !this.#library().has(name)) return undefined;
    const value = this.#library().get(name);
    return value instanceof JsonnetFunction ? value.slots : undefined;
  }

  #library(): JsonnetObject {
    if (!this.#std) {
      const budget = new Budget(defaultLimits);
      this.#std = standardLibrary({ budget, operators: new Operators(budget) }, new Map());
    }
    return this.#std;
  }
}

/** A scope with names that need not be used. */
const withNames = (scope: Scope, named: readonly { readonly name: string }[]): Scope =>
  new Map<string, Known>([...scope, ...named.map(({ name }) => [name, { isUsed: true }] as const)]);

const slotsOf = (value: Node): readonly Slot[] | undefined =>
  value.kind === "function"
    ? value.parameters.map(({ name, fallback }) => ({ name, needed: fallback === undefined }))
    : undefined;
