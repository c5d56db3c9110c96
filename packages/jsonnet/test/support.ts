import assert from "node:assert/strict";
import { evaluate, type EvaluateOptions, JsonnetError, type JsonValue } from "@ostiary/jsonnet";

/** Programs, and what they come to. */
export type Outcomes = readonly (readonly [program: string, outcome: JsonValue])[];
/** Programs, and what is said of what is wrong with them, behind its place. */
export type Failures = readonly (readonly [program: string, reason: RegExp])[];

/** Holds that each program comes to its outcome. */
export function expectOutcomes(outcomes: Outcomes, options?: EvaluateOptions): void {
  for (const [program, outcome] of outcomes) assert.deepEqual(evaluate(program, options), outcome, program);
}

/** Holds that no program can be read: it is refused with a place, before anything of it runs. */
export function expectUnreadable(failures: Failures): void {
  expectFailures("syntax", failures);
}

/** Holds that each program fails when it runs. */
export function expectFailing(failures: Failures): void {
  expectFailures("runtime", failures);
}

function expectFailures(kind: JsonnetError["kind"], failures: Failures): void {
  for (const [program, reason] of failures) {
    const error = failureOf(program);
    assert.equal(error.kind, kind, program);
    assert.match(error.reason, reason, program);
  }
}

/** What is wrong with a program. */
export function failureOf(program: string, options?: EvaluateOptions): JsonnetError {
  try {
    evaluate(program, options);
  } catch (error) {
    assert.ok(error instanceof JsonnetError, `${program}: ${String(error)}`);
    return error;
  }
  return assert.fail(`${program} does not fail`);
}
