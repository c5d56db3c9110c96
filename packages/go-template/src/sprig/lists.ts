import { isDeepStrictEqual } from "node:util";
import { fixedArity, show, truth } from "../values.ts";
import type { TemplateFunction } from "../values.ts";

const mostItems = 10_000;

/** Sprig's functions on lists. None of them changes what it is given. */
export const listFunctions: Readonly<Record<string, TemplateFunction>> = {
  list: (...args) => args,
  tuple: (...args) => args,
  without: (list, ...others) => listOf(list).filter((one) => !others.some((other) => isDeepStrictEqual(one, other))),
  concat: (...lists) => lists.flatMap(listOf),
  seq: (...ends) => sequence(ends.map(Number)).join(" "),
  ...fixedArity({
    first: (list) => listOf(list)[0],
    last: (list) => listOf(list).at(-1),
    rest: (list) => listOf(list).slice(1),
    initial: (list) => listOf(list).slice(0, -1),
    reverse: (list) => listOf(list).toReversed(),
    uniq: (list) => unique(listOf(list)),
    compact: (list) => listOf(list).filter(truth),
    has: (one, list) => listOf(list).some((other) => isDeepStrictEqual(one, other)),
    append: (list, one) => [...listOf(list), one],
    prepend: (list, one) => [one, ...listOf(list)],
    sortAlpha: (list) => textsOf(list).toSorted(),
    join: (by, list) => textsOf(list).join(show(by)),
    toStrings: (list) => textsOf(list),
    until: (end) => count(0, Number(end), Number(end) < 0 ? -1 : 1),
    untilStep: (from, to, step) => count(Number(from), Number(to), Number(step)),
    chunk: (size, list) => chunks(Number(size), listOf(list)),
  }),
};

function listOf(value: unknown): readonly unknown[] {
  if (value === null || value === undefined) return [];
  if (!Array.isArray(value)) throw new Error(`a list is needed, not ${show(value).slice(0, 40)}`);
  return value;
}

/** The texts of a list without what is nothing; of one value its own. */
const textsOf = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).filter((one) => one !== null && one !== undefined).map(show);

/** From one number to before another. */
function count(from: number, to: number, step: number): number[] {
  if (step === 0) return [];
  if (!(Math.abs((to - from) / step) <= mostItems)) throw new Error(`a list is longer than ${mostItems}`);
  return Array.from({ length: Math.max(Math.ceil((to - from) / step), 0) }, (_, at) => from + at * step);
}

/** As the command of that name: up or down to the end, which belongs to it. */
function sequence(ends: readonly number[]): number[] {
  if (ends.length === 0 || ends.length > 3) return [];
  const [from, to] = ends.length === 1 ? [1, ends[0]!] : [ends[0]!, ends.at(-1)!];
  const direction = to < from ? -1 : 1;
  const step = ends.length === 3 ? ends[1]! : direction;
  return Math.sign(step) === direction ? count(from, to + direction, step) : [];
}

const unique = (list: readonly unknown[]): unknown[] =>
  list.filter((one, at) => list.findIndex((other) => isDeepStrictEqual(one, other)) === at);

function chunks(size: number, list: readonly unknown[]): unknown[][] {
  if (!(size >= 1)) throw new Error("chunk makes lists of one or more");
  return Array.from({ length: Math.ceil(list.length / size) }, (_, at) => list.slice(at * size, (at + 1) * size));
}
