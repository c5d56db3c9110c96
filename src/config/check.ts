import { longestMs, parseDuration } from "./duration.ts";
import { parseMemorySize } from "./memory-size.ts";
import { likelyKey, nearestKey } from "./nearest-key.ts";
import type { SectionShape, Setting, Shape, TextLimits } from "./setting.ts";

/** The way to a place in the configuration. */
export type Path = readonly (string | number)[];

/** What was seen on the way: never a value, for it may be a secret. */
export interface Findings {
  readonly faults: { readonly path: Path; readonly problem: string; readonly key?: boolean }[];
  /** Places that are written but not yet in effect. */
  readonly later: string[];
  readonly deprecated: string[];
  /** What is let pass, but hardly meant. */
  readonly warnings: { readonly path: Path; readonly problem: string; readonly key?: boolean }[];
}

/** Nothing seen yet. */
export const noFindings = (): Findings => ({ faults: [], later: [], deprecated: [], warnings: [] });

/** A path as people write it. */
export const showPath = (path: Path): string =>
  path.map((step, at) => (typeof step === "number" ? `[${step}]` : at ? `.${step}` : step)).join("");

/** Checks what is written against a setting and yields it with defaults filled in. Faults are collected, not thrown. */
export function check<T>(setting: Setting<T>, written: unknown, path: Path, findings: Findings): T {
  const present = written !== undefined && written !== null;
  if (present) remark(setting, written, path, findings);
  const { shape } = setting;
  // Naming the whole is enough: its parts are not named again.
  const inner = setting.later ? { ...findings, later: [] } : findings;
  if (!present && setting.required) {
    findings.faults.push({ path, problem: "is required" });
    return undefined as T;
  }
  const filled = shape.kind === "section" && !shape.optional ? {} : setting.fallback;
  const value = present ? written : filled;
  if (value === undefined) return undefined as T;
  const faultsBefore = findings.faults.length;
  const read = readShape(shape, value, path, inner);
  if (findings.faults.length === faultsBefore) {
    const problem = setting.rule?.(read as never);
    if (problem) findings.faults.push({ path, problem });
    const hint = setting.hint?.(read as never);
    if (hint) findings.warnings.push({ path, problem: hint });
  }
  return read as T;
}

function remark(setting: Setting, written: unknown, path: Path, findings: Findings): void {
  // A method that is switched off is no promise that we fail to keep.
  if (setting.later && written !== false) findings.later.push(showPath(path));
  if (setting.deprecated) findings.deprecated.push(showPath(path));
}

function readShape(shape: Shape, value: unknown, path: Path, findings: Findings): unknown {
  switch (shape.kind) {
    case "section":
      return readSection(shape, value, path, findings);
    case "list":
      return readList(shape, value, path, findings);
    case "table":
      return readTable(shape.value, value, path, findings);
    case "variant":
      return readVariant(shape, value, path, findings);
    case "anything":
      return value;
    default: {
      const read = readScalar(shape, value);
      if ("problem" in read) findings.faults.push({ path, problem: read.problem });
      return "value" in read ? read.value : undefined;
    }
  }
}

function readSection({ keys, open }: SectionShape, value: unknown, path: Path, findings: Findings): unknown {
  if (!isObject(value)) return void findings.faults.push({ path, problem: "must be an object" });
  for (const key of Object.keys(value)) {
    if (Object.hasOwn(keys, key)) continue;
    const place = { path: [...path, key], key: true };
    if (open)
      findings.warnings.push({
        ...place,
        problem: `unknown key, which does nothing; the nearest known one is ${nearestKey(key, keys)}`,
      });
    else findings.faults.push({ ...place, problem: `unknown key${meant(likelyKey(key, keys))}` });
  }
  const read: Record<string, unknown> = {};
  for (const [key, setting] of Object.entries(keys)) {
    const own = Object.hasOwn(value, key) ? value[key] : undefined;
    const result = check(setting, own, [...path, key], findings);
    if (result !== undefined) read[key] = result;
  }
  return read;
}

function readList(shape: Shape & { kind: "list" }, value: unknown, path: Path, findings: Findings): unknown {
  if (!Array.isArray(value)) return void findings.faults.push({ path, problem: "must be a list" });
  if (value.length < (shape.min ?? 0)) findings.faults.push({ path, problem: `needs at least ${shape.min}` });
  if (shape.unique && new Set(value.map((item) => JSON.stringify(item))).size < value.length)
    findings.faults.push({ path, problem: "lists the same thing twice" });
  const item = { ...shape.item, required: true };
  return value.map((written, at) => check(item, written, [...path, at], findings));
}

function readTable(setting: Setting, value: unknown, path: Path, findings: Findings): unknown {
  if (!isObject(value)) return void findings.faults.push({ path, problem: "must be an object" });
  const entries = Object.entries(value);
  return Object.fromEntries(entries.map(([key, own]) => [key, check(setting, own, [...path, key], findings)]));
}

function readVariant(shape: Shape & { kind: "variant" }, value: unknown, path: Path, findings: Findings): unknown {
  const names = Object.keys(shape.arms);
  const name = isObject(value) ? value[shape.by] : undefined;
  if (!isObject(value) || typeof name !== "string" || !Object.hasOwn(shape.arms, name))
    return void findings.faults.push({ path, problem: `needs "${shape.by}", one of ${names.join(", ")}` });
  const { [shape.by]: _, ...rest } = value;
  const arm = shape.arms[name]!;
  if (arm.later) findings.later.push(`${showPath(path)} (${name})`);
  const read = check({ ...arm, later: false }, rest, path, findings);
  return { [shape.by]: name, ...(isObject(read) ? read : {}) };
}

type Scalar = { readonly value: unknown } | { readonly problem: string };

function readScalar(shape: Shape, value: unknown): Scalar {
  switch (shape.kind) {
    case "text":
      return readText(shape, value);
    case "choice":
      return typeof value === "string" && shape.values.includes(value)
        ? { value }
        : { problem: `must be one of ${shape.values.join(", ")}` };
    case "flag":
      return typeof value === "boolean" ? { value } : { problem: "must be true or false" };
    case "whole":
      return value === shape.word ? { value } : readWhole(shape, value);
    case "fraction":
      return typeof value === "number" && value >= 0 && value <= 1
        ? { value }
        : { problem: "must be a number from 0 to 1" };
    case "duration":
      return readDuration(typeof value === "string" ? parseDuration(value) : undefined);
    case "size":
      return orProblem(
        typeof value === "string" ? parseMemorySize(value) : undefined,
        "must be a memory size such as 128MB",
      );
    default:
      throw new Error(`${shape.kind} is no scalar`);
  }
}

function readDuration(value: number | undefined): Scalar {
  if (value === undefined) return { problem: "must be a duration such as 1h30m" };
  return value > longestMs ? { problem: `must be at most ${longestMs / 3_600_000}h` } : { value };
}

const orProblem = (value: unknown, problem: string): Scalar => (value === undefined ? { problem } : { value });

function readText(limits: TextLimits, written: unknown): Scalar {
  const value = limits.lenient && typeof written === "boolean" ? String(written) : written;
  if (typeof value !== "string") return { problem: "must be a text" };
  const { pattern, expected, minLength = 0, maxLength = Infinity } = limits;
  if (value.length < minLength && minLength === maxLength)
    return { problem: `must have exactly ${minLength} characters` };
  if (value.length < minLength) return { problem: `must have at least ${minLength} characters` };
  if (value.length > maxLength) return { problem: `must have at most ${maxLength} characters` };
  if ((pattern && !pattern.test(value)) || (limits.fits && !limits.fits(value)))
    return { problem: `must be ${expected}` };
  return { value };
}

function readWhole({ min = -Infinity, max = Infinity, word }: Shape & { kind: "whole" }, value: unknown): Scalar {
  if (typeof value !== "number" || !Number.isSafeInteger(value))
    return { problem: `must be a whole number${word ? ` or ${word}` : ""}` };
  if (value < min) return { problem: `must be at least ${min}` };
  return value > max ? { problem: `must be at most ${max}` } : { value };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const meant = (key: string | undefined): string => (key === undefined ? "" : `; did you mean ${key}?`);
