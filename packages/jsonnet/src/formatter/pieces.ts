import { type Token, tokensOf } from "../lexer.ts";

/** A token or a comment as it is written, and how many line breaks come before it. */
export interface Piece {
  readonly kind: Token["kind"] | "line comment" | "block comment";
  /** As it stands in the program. */
  text: string;
  /** What a text says, without quotes and escapes. */
  readonly content: string;
  breaks: number;
}

const comment = /#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;
/** So many empty lines may follow one another. */
const mostBlank = 2;

/** The tokens and comments of a program, without its end. */
export function piecesOf(source: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const { kind, text, start, end } of tokensOf(source)) {
    const between = source.slice(from, start);
    const rest = addComments(pieces, between);
    if (kind !== "end")
      pieces.push({ kind, text: source.slice(start, end), content: text, breaks: breaksIn(between.slice(rest)) });
    from = end;
  }
  if (pieces[0]) pieces[0].breaks = 0;
  return pieces;
}

/** Adds the comments of what is between two tokens, and says where the last of them ends. */
function addComments(pieces: Piece[], between: string): number {
  let from = 0;
  for (const match of between.matchAll(comment)) {
    const text = match[0].trimEnd();
    const breaks = breaksIn(between.slice(from, match.index));
    pieces.push({ kind: text.startsWith("/*") ? "block comment" : "line comment", text, content: text, breaks });
    from = match.index + match[0].length;
  }
  return from;
}

const breaksIn = (text: string): number => Math.min(text.split("\n").length - 1, mostBlank + 1);

/** Whether a piece is a comment. */
export const isComment = ({ kind }: Piece): boolean => kind === "line comment" || kind === "block comment";

const values = new Set(["true", "false", "null", "self", "super", "$"]);
const closing = new Set([")", "]", "}"]);

/** Whether a value can end with a piece: then a bracket behind it belongs to that, and a sign stands between two. */
export const endsValue = ({ kind, text }: Piece): boolean =>
  kind === "name" ||
  kind === "number" ||
  kind === "string" ||
  (kind === "keyword" && values.has(text)) ||
  (kind === "symbol" && closing.has(text));
