import type { Place } from "./error.ts";

/** The signs between two values. */
export type BinaryOperator =
  | "*"
  | "/"
  | "%"
  | "+"
  | "-"
  | "<<"
  | ">>"
  | "<"
  | ">"
  | "<="
  | ">="
  | "=="
  | "!="
  | "&"
  | "^"
  | "|"
  | "&&"
  | "||"
  | "in";

/** The signs before a value. */
export type UnaryOperator = "-" | "+" | "!" | "~";

/** A name and what it stands for. */
export interface Binding {
  readonly name: string;
  readonly value: Node;
  readonly place: Place;
}

/** What a function is given, and what it takes where it is not. */
export interface Parameter {
  readonly name: string;
  readonly fallback?: Node;
}

/** What is given to a function: by order, or by name. */
export interface Argument {
  readonly name?: string;
  readonly value: Node;
}

/** `:`, `::` (hidden) or `:::` (shown even where it was hidden below). */
export type Visibility = ":" | "::" | ":::";

/** A field between braces. */
export interface FieldNode {
  readonly name: Node;
  /** Whether the name stands in brackets. */
  readonly computed: boolean;
  readonly visibility: Visibility;
  /** Written `+:`: added to the field of the same name below. */
  readonly adds: boolean;
  readonly value: Node;
}

/** What has to be true, and what is said if it is not. */
export interface AssertNode {
  readonly condition: Node;
  readonly message?: Node;
}

/** `for x in xs` or `if x > 1`. */
export type Clause = { readonly over: Node; readonly name: string } | { readonly condition: Node };

interface Kinds {
  literal: { value: null | boolean | number | string };
  variable: { name: string };
  self: object;
  /** The outermost object. */
  outermost: object;
  super: { index: Node };
  inSuper: { key: Node };
  array: { items: readonly Node[] };
  arrayComprehension: { item: Node; clauses: readonly Clause[] };
  object: { fields: readonly FieldNode[]; locals: readonly Binding[]; asserts: readonly AssertNode[] };
  objectComprehension: { field: FieldNode; locals: readonly Binding[]; clauses: readonly Clause[] };
  index: { target: Node; index: Node };
  slice: { target: Node; bounds: readonly (Node | undefined)[] };
  call: { target: Node; arguments: readonly Argument[]; strict: boolean };
  function: { parameters: readonly Parameter[]; body: Node };
  local: { bindings: readonly Binding[]; body: Node };
  if: { condition: Node; consequent: Node; alternative?: Node };
  assert: AssertNode & { rest: Node };
  error: { reason: Node };
  unary: { operator: UnaryOperator; operand: Node };
  binary: { operator: BinaryOperator; left: Node; right: Node };
}

/** A piece of a program. */
export type Node = {
  [Kind in keyof Kinds]: { readonly kind: Kind; readonly place: Place } & Readonly<Kinds[Kind]>;
}[keyof Kinds];

/** The pieces of one kind. */
export type NodeOf<Kind extends Node["kind"]> = Extract<Node, { kind: Kind }>;
