import { endsValue, isComment, type Piece } from "./pieces.ts";

/** Where two pieces stand. */
export interface Surroundings {
  /** The bracket that they are in; empty outside of all. */
  readonly open: string;
  /** Whether that takes an element of what is before it. */
  readonly isIndex: boolean;
  /** Whether names are bound there. */
  readonly isLocal: boolean;
  /** Whether something is asserted there. */
  readonly isAssert: boolean;
  /** Whether the first of the two is a sign before a value. */
  readonly isSign: boolean;
}

const marks = new Set([":", "::", ":::", "+:", "+::", "+:::"]);

/** How many blanks are between two pieces on one line. */
export function blanksBetween(before: Piece, next: Piece, where: Surroundings): number {
  if (next.kind === "line comment") return 2;
  if (isComment(before) || isComment(next)) return 1;
  if (before.kind !== "symbol" && next.kind !== "symbol") return 1;
  return isTight(before, next, where) ? 0 : 1;
}

function isTight(before: Piece, next: Piece, where: Surroundings): boolean {
  const [one, other] = [symbolOf(before), symbolOf(next)];
  if (other === "," || other === ";" || other === ")" || other === "]") return true;
  if (one === "(" || one === "[" || one === "." || other === "." || where.isSign) return true;
  if (one === "{" || other === "}") return one === "{" && other === "}";
  if (other === "(") return endsValue(before) || (before.kind === "keyword" && before.text === "function");
  if (other === "[") return endsValue(before);
  return isTightSign(one, other, where);
}

function isTightSign(one: string, other: string, { open, isIndex, isLocal, isAssert }: Surroundings): boolean {
  if (one === "=" || other === "=") return open === "(" && !isLocal;
  if (isIndex && open === "[") return marks.has(one) || marks.has(other);
  return marks.has(other) && !isAssert;
}

const symbolOf = ({ kind, text }: Piece): string => (kind === "symbol" ? text : "");
