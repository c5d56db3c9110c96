import assert from "node:assert/strict";
import { type ParseOptions, parseTemplate, sprigFunctions, TemplateError } from "@ostiary/go-template";

/** Templates, and what they write. */
export type Outcomes = readonly (readonly [source: string, written: string])[];
/** Templates, and what is said of what is wrong with them. */
export type Failures = readonly (readonly [source: string, problem: RegExp])[];

/** What most tests show. */
export const data = {
  Name: "Ada",
  Age: 36,
  Share: 1.5,
  Debt: -7,
  Active: true,
  Nothing: null,
  Empty: "",
  Zero: 0,
  List: ["a", "b", "c"],
  Numbers: [3, 1, 2],
  None: [],
  Mixed: [1, "a", null, true, 1.5, [1], { k: "v" }],
  Map: { b: 2, a: 1, inner: { x: "deep" } },
  Born: new Date("2024-02-03T16:05:06.789Z"),
};

/** Writes a template over the data, with the functions of Sprig. */
export const write = (source: string, options: ParseOptions = {}, given: unknown = data): string =>
  parseTemplate(source, { name: "t", functions: sprigFunctions, ...options }).execute(given);

/** Holds that each template writes what it should. */
export function expectWritten(outcomes: Outcomes, options?: ParseOptions): void {
  for (const [source, written] of outcomes) assert.equal(write(source, options), written, source);
}

/** Holds that no template can be read, whatever it would be given. */
export function expectUnreadable(failures: Failures): void {
  for (const [source, problem] of failures) {
    const title = source.slice(0, 200);
    assert.match(
      failureOf(() => void parseTemplate(source, { name: "t", functions: sprigFunctions }), title).problem,
      problem,
      title,
    );
  }
}

/** Holds that each template can be read, and fails over the data. */
export function expectFailing(failures: Failures, options: ParseOptions = {}): void {
  for (const [source, problem] of failures) {
    const template = parseTemplate(source, { name: "t", functions: sprigFunctions, ...options });
    assert.match(
      failureOf(() => void template.execute(data), source.slice(0, 200)).problem,
      problem,
      source.slice(0, 200),
    );
  }
}

/** What goes wrong. */
export function failureOf(work: () => void, title = ""): TemplateError {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof TemplateError, `${title}: ${String(error)}`);
    return error;
  }
  return assert.fail(`${title} does not fail`);
}
