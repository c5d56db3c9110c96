import { atLine, TemplateError, within } from "./error.ts";
import type { Limits } from "./limits.ts";
import type { Command, Expression, Node, Parsed, Pipe } from "./nodes.ts";
import { methodOf } from "./time/methods.ts";
import { isMap, own, show, Struct, truth } from "./values.ts";
import type { TemplateFunction } from "./values.ts";
import type { Writer } from "./writer.ts";

type Leave = "break" | "continue" | undefined;

interface Frame {
  readonly dot: unknown;
  readonly variables: Map<string, unknown>;
  readonly outer: Frame | undefined;
}

/** Runs a template once. */
export class Evaluator {
  readonly #parsed: Parsed;
  readonly #functions: Readonly<Record<string, TemplateFunction>>;
  readonly #limits: Limits;
  readonly #writer: Writer;
  #steps = 0;
  #depth = 0;

  constructor(parsed: Parsed, functions: Readonly<Record<string, TemplateFunction>>, limits: Limits, writer: Writer) {
    this.#parsed = parsed;
    this.#functions = functions;
    this.#limits = limits;
    this.#writer = writer;
  }

  /** Writes the template over a value. Throws a TemplateError where it asks for what there is not, or never ends. */
  execute(data: unknown): void {
    const { nodes, source } = this.#parsed.main;
    within(source, () => this.#run(nodes, outermost(data)));
  }

  #step(line: number): void {
    if (++this.#steps > this.#limits.steps)
      throw new TemplateError(`it takes more than ${this.#limits.steps} steps`, line);
  }

  #run(nodes: readonly Node[], frame: Frame): Leave {
    for (const node of nodes) {
      const leave = this.#runNode(node, frame);
      if (leave) return leave;
    }
    return undefined;
  }

  #runNode(node: Node, frame: Frame): Leave {
    switch (node.kind) {
      case "text":
        return void atLine(node.line, () => this.#writer.literal(node.text));
      case "output":
        return void this.#output(node.pipe, frame);
      case "if":
      case "with":
        return this.#branch(node, frame);
      case "range":
        return this.#loop(node, frame);
      case "template":
        return void this.#callTemplate(node.name, node.pipe ? this.#valueOf(node.pipe, frame) : null, node.line);
      default:
        return node.kind;
    }
  }

  #output(pipe: Pipe, frame: Frame): void {
    const value = this.#valueOf(pipe, frame);
    // What is put into a variable is not written.
    if (pipe.variables.length === 0) atLine(pipe.line, () => this.#writer.value(value));
  }

  #branch({ kind, pipe, body, otherwise }: Node & { kind: "if" | "with" }, frame: Frame): Leave {
    const inner = inside(frame, frame.dot);
    const value = this.#valueOf(pipe, inner);
    if (!truth(value)) return this.#run(otherwise, inner);
    return this.#run(body, kind === "with" ? inside(inner, value) : inner);
  }

  #loop({ pipe, body, otherwise, line }: Node & { kind: "range" }, frame: Frame): Leave {
    const outer = inside(frame, frame.dot);
    const value = this.#valueOf({ ...pipe, variables: [] }, outer);
    if (typeof value === "number" && pipe.variables.length === 2)
      throw new TemplateError("{{range}} over a number has one variable", line);
    const entries = entriesOf(value, line, this.#limits.steps);
    if (entries.length === 0) return this.#run(otherwise, outer);
    for (const [key, item] of entries) {
      this.#step(line);
      const inner = inside(outer, item);
      const given = pipe.variables.length === 2 ? [key, item] : [item];
      for (const [at, name] of pipe.variables.entries()) assign(inner, name, given[at], pipe.declares, line);
      if (this.#run(body, inner) === "break") break;
    }
    return undefined;
  }

  #callTemplate(name: string, dot: unknown, line: number): void {
    const called = this.#parsed.defined.get(name);
    if (!called) throw new TemplateError(`there is no template ${JSON.stringify(name)}`, line);
    if (++this.#depth > this.#limits.depth) throw new TemplateError("templates call each other without end", line);
    within(called.source, () => this.#run(called.nodes, outermost(dot)));
    this.#depth--;
  }

  #valueOf(pipe: Pipe, frame: Frame): unknown {
    let value: unknown;
    for (const [at, command] of pipe.commands.entries())
      value = this.#valueOfCommand(command, frame, at > 0 ? [value] : []);
    for (const name of pipe.variables) assign(frame, name, value, pipe.declares, pipe.line);
    return value;
  }

  #valueOfCommand({ operands, line }: Command, frame: Frame, last: readonly unknown[]): unknown {
    this.#step(line);
    const [first, ...rest] = operands as [Expression, ...Expression[]];
    const isEmpty = rest.length + last.length === 0;
    if (first.kind === "function" && isLogic(first.name) && !isEmpty)
      return this.#shortCircuit(first.name, rest, frame, last);
    if (first.kind === "function") return this.#call(this.#functions[first.name]!, rest, frame, last, line);
    const value = this.#valueOfExpression(first, frame);
    if (typeof value === "function") return this.#call(value as TemplateFunction, rest, frame, last, line);
    if (!isEmpty) throw new TemplateError("what is no function cannot take arguments", line);
    return value;
  }

  #call(
    target: TemplateFunction,
    rest: readonly Expression[],
    frame: Frame,
    last: readonly unknown[],
    line: number,
  ): unknown {
    const args = [...rest.map((one) => this.#valueOfExpression(one, frame)), ...last];
    return atLine(line, () => target(...args));
  }

  /** No more is looked at than it takes to know. */
  #shortCircuit(name: "and" | "or", rest: readonly Expression[], frame: Frame, last: readonly unknown[]): unknown {
    let value: unknown;
    for (const one of rest) {
      value = this.#valueOfExpression(one, frame);
      if (truth(value) === (name === "or")) return value;
    }
    return last.length > 0 ? last[0] : value;
  }

  #valueOfExpression(expression: Expression, frame: Frame): unknown {
    const { kind, line } = expression;
    switch (kind) {
      case "literal":
        return expression.value;
      case "dot":
        return follow(frame.dot, expression.path, line);
      case "variable":
        return follow(holder(frame, expression.name, line).variables.get(expression.name), expression.path, line);
      case "pipe":
        return follow(this.#valueOf(expression.pipe, inside(frame, frame.dot)), expression.path, line);
      case "function":
        return this.#call(this.#functions[expression.name]!, [], frame, [], line);
    }
  }
}

const isLogic = (name: string): name is "and" | "or" => name === "and" || name === "or";
const outermost = (dot: unknown): Frame => ({ dot, variables: new Map([["$", dot]]), outer: undefined });
const inside = (outer: Frame, dot: unknown): Frame => ({ dot, variables: new Map(), outer });

function holder(frame: Frame, name: string, line: number): Frame {
  for (let one: Frame | undefined = frame; one; one = one.outer) if (one.variables.has(name)) return one;
  throw new TemplateError(`there is no variable ${name}`, line);
}

function assign(frame: Frame, name: string, value: unknown, declares: boolean, line: number): void {
  (declares ? frame : holder(frame, name, line)).variables.set(name, value);
}

function follow(start: unknown, path: readonly string[], line: number): unknown {
  let value = start;
  for (const name of path) {
    if (value === null || value === undefined) return undefined;
    value = fieldOf(value, name, line);
  }
  return value;
}

function fieldOf(value: unknown, name: string, line: number): unknown {
  if (value instanceof Struct) {
    if (Object.hasOwn(value.values, name)) return value.values[name];
    throw new TemplateError(
      `there is no field .${name}; there are: ${Object.keys(value.values)
        .map((one) => `.${one}`)
        .join(", ")}`,
      line,
    );
  }
  if (value instanceof Date) return methodOf(value, name, line);
  if (isMap(value)) return own(value, name);
  throw new TemplateError(`a ${Array.isArray(value) ? "list" : typeof value} has no field .${name}`, line);
}

function entriesOf(value: unknown, line: number, most: number): [unknown, unknown][] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return value.map((item: unknown, at) => [at, item]);
  if (isMap(value))
    return Object.keys(value)
      .toSorted()
      .map((key) => [key, value[key]]);
  if (typeof value === "number" && Number.isInteger(value) && value <= most)
    return Array.from({ length: Math.max(value, 0) }, (_, at) => [at, at]);
  throw new TemplateError(`{{range}} cannot go over ${typeof value === "string" ? "a text" : show(value)}`, line);
}
