import type { Node } from "./ast.ts";
import { Budget, defaultLimits, type Limits } from "./budget.ts";
import { JsonnetError } from "./error.ts";
import { Evaluator } from "./evaluator.ts";
import { fromJson, type JsonValue, toJson } from "./manifest.ts";
import { Operators } from "./operators.ts";
import { parse } from "./parser.ts";
import { checkNames } from "./scope.ts";
import { standardLibrary } from "./std/index.ts";
import { JsonnetFunction, Thunk } from "./value.ts";

/** What a program is given. Values are taken as JSON has them: a Date is a string, and what is undefined is left out. */
export interface EvaluateOptions {
  /** Arguments of the function that the program is, by name. A program that is no function does not see them. */
  readonly topLevelArguments?: Readonly<Record<string, unknown>>;
  /** What `std.extVar` finds. */
  readonly extVars?: Readonly<Record<string, unknown>>;
  /** What differs from `defaultLimits`. */
  readonly limits?: Partial<Limits>;
}

/** A program that has been read, and can be evaluated any number of times: no evaluation leaves anything behind. */
export interface Program {
  /** Answers with the outcome as JSON has it. Throws a JsonnetError of kind `runtime` or `limit`. */
  evaluate(options?: EvaluateOptions): JsonValue;
}

/** Longer programs are refused: what people write by hand is a hundredth of that. */
const longest = 262_144;

/**
 * Reads a program. Throws a JsonnetError of kind `syntax` that tells where, if it cannot be read, or if a name in it stands for nothing.
 *
 * @example
 * const program = compile("function(ctx) { email: ctx.identity.traits.email }");
 * program.evaluate({ topLevelArguments: { ctx } });
 */
export function compile(source: string): Program {
  if (source.length > longest) throw new JsonnetError("syntax", `the program is longer than ${longest} characters`);
  const program = readProgram(source);
  return { evaluate: (options = {}) => run(program, options) };
}

/**
 * Reads a program and evaluates it once. Throws a JsonnetError.
 *
 * @example
 * evaluate("std.map(function(x) x * std.extVar('factor'), [1, 2])", { extVars: { factor: 10 } }); // [10, 20]
 */
export function evaluate(source: string, options?: EvaluateOptions): JsonValue {
  return compile(source).evaluate(options);
}

/** Reads a program, of which all names stand for something. Throws a JsonnetError of kind `syntax`. */
export function readProgram(source: string): Node {
  try {
    const program = parse(source);
    checkNames(program, new Set(["std"]));
    return program;
  } catch (error) {
    throw error instanceof RangeError ? new JsonnetError("syntax", "the program is nested too deep") : error;
  }
}

function run(program: Node, { topLevelArguments = {}, extVars = {}, limits }: EvaluateOptions): JsonValue {
  const budget = new Budget({ ...defaultLimits, ...limits });
  const operators = new Operators(budget);
  const thunks = (values: Readonly<Record<string, unknown>>) =>
    new Map(
      Object.entries(values).map(([name, value]) => [name, new Thunk(() => fromJson(asJson(value), operators.add))]),
    );
  const std = new Thunk(() => standardLibrary({ budget, operators }, thunks(extVars)));
  try {
    const outcome = new Evaluator(budget).run(program, new Map([["std", std]]));
    return toJson(
      budget,
      outcome instanceof JsonnetFunction ? outcome.apply({ ordered: [], named: thunks(topLevelArguments) }) : outcome,
    );
  } catch (error) {
    throw error instanceof RangeError ? new JsonnetError("limit", "the program takes too much memory") : error;
  }
}

/** The value as JSON has it: moments become texts, what is undefined is left out. */
function asJson(value: unknown): unknown {
  return value === undefined ? null : JSON.parse(JSON.stringify(value));
}
