import { endsValue, isComment, type Piece } from "./pieces.ts";

const opening: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };
const marks = new Set([":", "::", ":::", "+:", "+::", "+:::"]);
const isName = /^[A-Za-z_]\w*$/;
const keywords = new Set(
  "assert else error false for function if import importbin importstr in local null self super tailstrict then true".split(
    " ",
  ),
);

interface Bracket {
  readonly open: string;
  readonly at: number;
  /** Whether it holds elements: not the arguments of a call, an index, or the name of a field. */
  readonly isList: boolean;
  hasFor: boolean;
}

/**
 * Writes pieces in the one way in which they are to be written: texts with single quotes, comments with two slashes, names of fields without quotes, and a comma
 * behind the last of what stands on lines of its own.
 */
export function tidy(pieces: readonly Piece[]): Piece[] {
  const written = pieces.map((piece, at) => ({ ...piece, text: textOf(piece, at) }));
  const made: Piece[] = [];
  const brackets: Bracket[] = [];
  for (const [at, piece] of written.entries()) {
    const before = made.findLast((one) => !isComment(one));
    const bracket = brackets.at(-1);
    if (piece.kind === "keyword" && piece.text === "for" && bracket) bracket.hasFor = true;
    if (piece.kind === "symbol" && bracket && piece.text === opening[bracket.open]) {
      close(made, brackets.pop()!, piece);
      made.push(piece);
    } else {
      if (isFieldName(piece, before, bracket, written.slice(at + 1))) piece.text = piece.content;
      made.push(piece);
      if (piece.kind === "symbol" && piece.text in opening)
        brackets.push({
          open: piece.text,
          at: made.length,
          isList: isListAfter(piece, before, bracket),
          hasFor: false,
        });
    }
  }
  return made;
}

function isListAfter({ text }: Piece, before: Piece | undefined, bracket: Bracket | undefined): boolean {
  if (text !== "[") return text === "{";
  if (before && endsValue(before)) return false;
  return !(bracket?.open === "{" && before?.kind === "symbol" && (before.text === "{" || before.text === ","));
}

function textOf({ kind, text, content }: Piece, at: number): string {
  if (kind === "line comment" && text.startsWith("#") && !(at === 0 && text.startsWith("#!")))
    return `//${text.slice(1)}`;
  if (kind !== "string" || !/^["']/.test(text)) return text;
  const wanted = content.includes("'") ? '"' : "'";
  // Where both are in it, something has to be escaped either way.
  if (text.startsWith(wanted) || content.includes(wanted)) return text;
  return `${wanted}${text.slice(1, -1).replaceAll(/\\(.)/gs, (all, letter: string) => (letter === text[0] ? letter : all))}${wanted}`;
}

function isFieldName(
  { kind, content }: Piece,
  before: Piece | undefined,
  bracket: Bracket | undefined,
  rest: readonly Piece[],
): boolean {
  if (kind !== "string" || bracket?.open !== "{" || !isName.test(content) || keywords.has(content)) return false;
  const next = rest.find((one) => !isComment(one));
  const isFirst = before?.kind === "symbol" && (before.text === "{" || before.text === ",");
  return isFirst && next?.kind === "symbol" && (marks.has(next.text) || next.text === "(");
}

/** Settles how a bracket ends: as it began, on a line of its own or not. */
function close(made: Piece[], { at, isList, hasFor }: Bracket, piece: Piece): void {
  const first = made[at];
  if (!first) return void (piece.breaks = 0);
  first.breaks = Math.min(first.breaks, 1);
  piece.breaks = Math.min(piece.breaks, 1);
  if (isList && first.breaks > 0) piece.breaks = 1;
  const last = made.findLastIndex((one) => !isComment(one));
  if (last < at || hasFor || !isList) return;
  const ends = made[last]!.kind === "symbol" && made[last]!.text === ",";
  if (piece.breaks > 0 && !ends) made.splice(last + 1, 0, { kind: "symbol", text: ",", content: ",", breaks: 0 });
  if (piece.breaks === 0 && ends) made.splice(last, 1);
}
