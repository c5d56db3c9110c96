/**
 * An evaluator of Jsonnet (https://jsonnet.org/ref/spec.html), for programs that strangers feed.
 *
 * @example
 * import { evaluate } from "@ostiary/jsonnet";
 *
 * evaluate("{ greeting: 'Hello ' + std.extVar('name') }", { extVars: { name: "Ada" } }); // { greeting: "Hello Ada" }
 *
 * @module
 */
export { defaultLimits, type Limits } from "./budget.ts";
export { JsonnetError, type Place } from "./error.ts";
export { format } from "./formatter/index.ts";
export { lint, type Finding } from "./linter.ts";
export type { JsonValue } from "./manifest.ts";
export { compile, evaluate, type EvaluateOptions, type Program } from "./program.ts";
