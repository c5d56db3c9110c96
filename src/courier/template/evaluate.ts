import type { Command, Expression, Node, Parsed, Pipe } from "./nodes.ts";
import { TemplateError } from "./template-error.ts";
import { Fields, isMap, own, show, truth } from "./values.ts";
import type { TemplateFunction } from "./values.ts";
import type { Writer } from "./writer.ts";
import { methodOf } from "./time-methods.ts";

const mostSteps = 100_000;
const deepestCall = 100;

/** What a template runs with. */
export interface Surroundings {
  readonly functions: Readonly<Record<string, TemplateFunction>>;
  readonly writer: Writer;
}

type Leave = "break" | "continue" | undefined;

interface Frame {
  readonly dot: unknown;
  readonly variables: Map<string, unknown>;
  readonly outer: Frame | undefined;
}

/** Runs a template over a value. Throws a TemplateError where it asks for what there is not, or never ends. */
export function evaluate({ body, defined }: Parsed, root: unknown, { functions, writer }: Surroundings): void {
  let steps = 0;
  let depth = 0;

  function step(line: number): void {
    if (++steps > mostSteps) throw new TemplateError(`it takes more than ${mostSteps} steps`, line);
  }

  function run(nodes: readonly Node[], frame: Frame): Leave {
    for (const node of nodes) {
      const leave = runNode(node, frame);
      if (leave) return leave;
    }
    return undefined;
  }

  function runNode(node: Node, frame: Frame): Leave {
    switch (node.kind) {
      case "text":
        writer.literal(node.text);
        return undefined;
      case "output": {
        const value = valueOf(node.pipe, frame);
        if (node.pipe.variables.length === 0) guarded(node.line, () => writer.value(value));
        return undefined;
      }
      case "if":
      case "with": {
        const inner = inside(frame, frame.dot);
        const value = valueOf(node.pipe, inner);
        if (!truth(value)) return run(node.otherwise, inner);
        return run(node.body, node.kind === "with" ? inside(inner, value) : inner);
      }
      case "range":
        return loop(node, frame);
      case "template":
        callTemplate(node.name, node.pipe ? valueOf(node.pipe, frame) : null, node.line);
        return undefined;
      default:
        return node.kind;
    }
  }

  function loop(node: Node & { kind: "range" }, frame: Frame): Leave {
    const outer = inside(frame, frame.dot);
    const entries = entriesOf(valueOf({ ...node.pipe, variables: [] }, outer), node.line);
    if (entries.length === 0) return run(node.otherwise, outer);
    const { variables, declares } = node.pipe;
    for (const [key, value] of entries) {
      step(node.line);
      const inner = inside(outer, value);
      const given = variables.length === 2 ? [key, value] : [value];
      for (const [at, name] of variables.entries()) assign(inner, name, given[at], declares, node.line);
      if (run(node.body, inner) === "break") break;
    }
    return undefined;
  }

  function callTemplate(name: string, dot: unknown, line: number): void {
    const nodes = defined.get(name);
    if (!nodes) throw new TemplateError(`there is no template ${JSON.stringify(name)}`, line);
    if (++depth > deepestCall) throw new TemplateError("templates call each other without end", line);
    run(nodes, { dot, variables: new Map([["$", dot]]), outer: undefined });
    depth--;
  }

  function valueOf(pipe: Pipe, frame: Frame): unknown {
    let value: unknown;
    for (const [at, command] of pipe.commands.entries()) value = valueOfCommand(command, frame, at > 0 ? [value] : []);
    for (const name of pipe.variables) assign(frame, name, value, pipe.declares, pipe.line);
    return value;
  }

  function valueOfCommand({ operands, line }: Command, frame: Frame, last: readonly unknown[]): unknown {
    step(line);
    const [first, ...rest] = operands as [Expression, ...Expression[]];
    if (first.kind === "function" && (first.name === "and" || first.name === "or")) return shortCircuit(first.name, rest, frame, last);
    if (first.kind === "function") return call(functions[first.name]!, rest, frame, last, line);
    const value = valueOfExpression(first, frame);
    if (typeof value === "function") return call(value as TemplateFunction, rest, frame, last, line);
    if (rest.length + last.length > 0) throw new TemplateError("what is no function cannot take arguments", line);
    return value;
  }

  function call(target: TemplateFunction, rest: readonly Expression[], frame: Frame, last: readonly unknown[], line: number): unknown {
    const args = [...rest.map((one) => valueOfExpression(one, frame)), ...last];
    return guarded(line, () => target(...args));
  }

  function shortCircuit(name: "and" | "or", rest: readonly Expression[], frame: Frame, last: readonly unknown[]): unknown {
    let value: unknown;
    for (const one of rest) {
      value = valueOfExpression(one, frame);
      if (truth(value) === (name === "or")) return value;
    }
    return last.length > 0 ? last[0] : value;
  }

  function valueOfExpression(expression: Expression, frame: Frame): unknown {
    const { kind, line } = expression;
    switch (kind) {
      case "literal":
        return expression.value;
      case "dot":
        return follow(frame.dot, expression.path, line);
      case "variable":
        return follow(holder(frame, expression.name, line).variables.get(expression.name), expression.path, line);
      case "pipe":
        return follow(valueOf(expression.pipe, inside(frame, frame.dot)), expression.path, line);
      case "function":
        return call(functions[expression.name]!, [], frame, [], line);
    }
  }

  run(body, { dot: root, variables: new Map([["$", root]]), outer: undefined });
}

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
    if (value instanceof Fields) {
      if (!Object.hasOwn(value.values, name)) throw new TemplateError(`there is no field .${name}; there are: ${Object.keys(value.values).map((one) => `.${one}`).join(", ")}`, line);
      value = value.values[name];
    } else if (value instanceof Date) value = methodOf(value, name, line);
    else if (isMap(value)) value = own(value, name);
    else if (value === null || value === undefined) return undefined;
    else throw new TemplateError(`a ${Array.isArray(value) ? "list" : typeof value} has no field .${name}`, line);
  }
  return value;
}

function entriesOf(value: unknown, line: number): [unknown, unknown][] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return value.map((item: unknown, at) => [at, item]);
  if (isMap(value)) return Object.keys(value).toSorted().map((key) => [key, value[key]]);
  if (typeof value === "number" && Number.isInteger(value) && value <= mostSteps) return Array.from({ length: Math.max(value, 0) }, (_, at) => [at, at]);
  throw new TemplateError(`{{range}} cannot go over ${typeof value === "string" ? "a text" : show(value)}`, line);
}

/** Gives a failure of a function its place. */
function guarded<T>(line: number, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof TemplateError ? error : new TemplateError(error instanceof Error ? error.message : String(error), line);
  }
}
