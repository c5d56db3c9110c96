import type { Binding, Clause, FieldNode, Node, NodeOf, Parameter } from "./ast.ts";
import { JsonnetError } from "./error.ts";

type Scope = ReadonlySet<string>;

/** Holds that every name stands for something, before anything runs. Throws a JsonnetError of kind `syntax`. */
export function checkNames(node: Node, scope: Scope): void {
  switch (node.kind) {
    case "variable":
      if (scope.has(node.name)) return;
      throw new JsonnetError("syntax", `nothing is called ${node.name} here`, node.place);
    case "function":
      return checkFunction(node.parameters, node.body, scope);
    case "local":
      return checkNames(node.body, checkBindings(node.bindings, scope));
    case "object":
      return checkObject(node, scope);
    case "objectComprehension":
      return checkObjectComprehension(node, scope);
    case "arrayComprehension":
      return checkNames(node.item, checkClauses(node.clauses, scope));
    default:
      for (const child of childrenOf(node)) checkNames(child, scope);
  }
}

function checkFunction(parameters: readonly Parameter[], body: Node, scope: Scope): void {
  const inner = new Set([...scope, ...parameters.map(({ name }) => name)]);
  for (const { fallback } of parameters) if (fallback) checkNames(fallback, inner);
  checkNames(body, inner);
}

/** Bindings see each other; answers with the scope that they make. */
function checkBindings(bindings: readonly Binding[], scope: Scope): Scope {
  const names = bindings.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) throw new JsonnetError("syntax", `${twice} is bound twice`, bindings[0]!.value.place);
  const inner = new Set([...scope, ...names]);
  for (const { value } of bindings) checkNames(value, inner);
  return inner;
}

function checkObject({ fields, locals, asserts }: NodeOf<"object">, scope: Scope): void {
  // Names of fields are made before there is an object, so that they do not see its locals.
  for (const { name } of fields) checkNames(name, scope);
  const inner = checkBindings(locals, scope);
  for (const { value } of fields) checkNames(value, inner);
  for (const { condition, message } of asserts)
    for (const child of [condition, message]) if (child) checkNames(child, inner);
  checkTwice(fields);
}

function checkTwice(fields: readonly FieldNode[]): void {
  const seen = new Set<unknown>();
  for (const { name } of fields)
    if (name.kind === "literal") {
      if (seen.has(name.value))
        throw new JsonnetError("syntax", `the field ${name.value} is written twice`, name.place);
      seen.add(name.value);
    }
}

function checkObjectComprehension({ field, locals, clauses }: NodeOf<"objectComprehension">, scope: Scope): void {
  const inner = checkClauses(clauses, scope);
  checkNames(field.name, inner);
  checkNames(field.value, checkBindings(locals, inner));
}

function checkClauses(clauses: readonly Clause[], scope: Scope): Scope {
  let inner = scope;
  for (const clause of clauses)
    if ("condition" in clause) checkNames(clause.condition, inner);
    else {
      checkNames(clause.over, inner);
      inner = new Set([...inner, clause.name]);
    }
  return inner;
}

/** The kinds that bind no names. */
export type Plain = Exclude<
  Node,
  NodeOf<"variable" | "function" | "local" | "object" | "objectComprehension" | "arrayComprehension">
>;

/** What a piece of a program holds that binds no names. */
export function childrenOf(node: Plain): readonly Node[] {
  const some = (...nodes: (Node | undefined)[]) => nodes.filter((child) => child !== undefined);
  switch (node.kind) {
    case "literal":
    case "self":
    case "outermost":
      return [];
    case "super":
      return [node.index];
    case "inSuper":
      return [node.key];
    case "array":
      return node.items;
    case "index":
      return [node.target, node.index];
    case "slice":
      return some(node.target, ...node.bounds);
    case "call":
      return [node.target, ...node.arguments.map(({ value }) => value)];
    case "if":
      return some(node.condition, node.consequent, node.alternative);
    case "assert":
      return some(node.condition, node.message, node.rest);
    case "error":
      return [node.reason];
    case "unary":
      return [node.operand];
    case "binary":
      return [node.left, node.right];
  }
}
