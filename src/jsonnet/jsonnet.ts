import type { Node } from "./ast.ts";
import { Budget, type Limits, standardLimits } from "./budget.ts";
import { JsonnetError } from "./error.ts";
import { Evaluator } from "./evaluator.ts";
import { fromPlain, type Plain, toPlain } from "./manifest.ts";
import { Operators } from "./operators.ts";
import { parse } from "./parser.ts";
import { checkNames } from "./scope.ts";
import { standardLibrary } from "./std/index.ts";
import { JsonnetFunction, Thunk } from "./value.ts";

/** What a program is given. */
export interface Inputs {
  /** Parameters of the function that the program is; a program that is none does not see them. */
  readonly args?: Readonly<Record<string, unknown>>;
  /** What `std.extVar` finds. */
  readonly externals?: Readonly<Record<string, unknown>>;
  readonly limits?: Partial<Limits>;
}

/** A program that can be run any number of times. */
export interface Program {
  /** Answers with the outcome as JSON has it. Throws a JsonnetError of kind `runtime` or `limit`. */
  run(inputs: Inputs): Plain;
}

/** Longer programs are refused: what people write by hand is a hundredth of that. */
const longest = 262_144;

/**
 * Reads a program in Jsonnet (https://jsonnet.org/ref/spec.html). There are no imports, and of the library all but
 * documents in XML, TOML and Python variables. Throws a JsonnetError of kind `syntax` that tells where.
 */
export function compile(source: string): Program {
  if (source.length > longest) throw new JsonnetError("syntax", `the program is longer than ${longest} characters`);
  const program = read(source);
  return { run: (inputs) => run(program, inputs) };
}

function read(source: string): Node {
  try {
    const program = parse(source);
    checkNames(program, new Set(["std"]));
    return program;
  } catch (error) {
    throw error instanceof RangeError ? new JsonnetError("syntax", "the program is nested too deep") : error;
  }
}

function run(program: Node, { args = {}, externals = {}, limits }: Inputs): Plain {
  const budget = new Budget({ ...standardLimits, ...limits });
  const operators = new Operators(budget);
  const thunks = (values: Readonly<Record<string, unknown>>) =>
    new Map(Object.entries(values).map(([name, value]) => [name, new Thunk(() => fromPlain(json(value), operators.add))]));
  const std = new Thunk(() => standardLibrary({ budget, operators }, thunks(externals)));
  try {
    const outcome = new Evaluator(budget).run(program, new Map([["std", std]]));
    return toPlain(budget, outcome instanceof JsonnetFunction ? outcome.apply({ ordered: [], named: thunks(args) }) : outcome);
  } catch (error) {
    throw error instanceof RangeError ? new JsonnetError("limit", "the program takes too much memory") : error;
  }
}

/** The value as JSON has it: moments become texts, what is undefined is left out. */
function json(value: unknown): unknown {
  return value === undefined ? null : JSON.parse(JSON.stringify(value));
}
