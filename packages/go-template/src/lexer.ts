import { TemplateError } from "./error.ts";

/** What an action is made of. */
export type TokenKind =
  | "text"
  | "open"
  | "close"
  | "word"
  | "field"
  | "variable"
  | "string"
  | "number"
  | "sign"
  | "space"
  | "end";

/** A piece of a template. */
export interface Token {
  readonly kind: TokenKind;
  /** A string's content, a field's name without its dot, a sign itself. */
  readonly text: string;
  readonly line: number;
}

const opening = /\{\{(-\s)?/g;
const comment = /\/\*[^]*?\*\//y;
const pieces: readonly (readonly [TokenKind, RegExp])[] = [
  ["space", /\s+/y],
  ["string", /"(?:[^"\\\n]|\\.)*"|`[^`]*`|'(?:[^'\\\n]|\\.)+'/y],
  ["number", /[+-]?(?:0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|(?:\d[\d_]*)?\.?\d[\d_]*(?:[eE][+-]?\d+)?)/y],
  ["field", /\.[\p{L}_][\p{L}\p{N}_]*/uy],
  ["variable", /\$[\p{L}\p{N}_]*/uy],
  ["word", /[\p{L}_][\p{L}\p{N}_]*/uy],
  ["sign", /:=|[.|(),=]/y],
];
const closing = /(?:\s+-)?\}\}/y;

/** Cuts a template into its pieces. White space around actions with a trim marker is gone. */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  const lines = lineCounter(source);
  let at = 0;
  let trimNext = false;
  for (;;) {
    opening.lastIndex = at;
    const open = opening.exec(source);
    let text = source.slice(at, open?.index);
    if (trimNext) text = text.trimStart();
    if (open?.[1]) text = text.trimEnd();
    if (text) tokens.push({ kind: "text", text, line: lines(at) });
    if (!open) break;
    const start = open.index;
    at = opening.lastIndex;
    tokens.push({ kind: "open", text: "{{", line: lines(start) });
    const end = tokenizeAction(source, at, tokens, lines);
    ({ at, trimNext } = end);
    if (end.isComment) tokens.pop();
    else tokens.push({ kind: "close", text: "}}", line: lines(at) });
  }
  tokens.push({ kind: "end", text: "", line: lines(source.length) });
  return tokens;
}

interface ActionEnd {
  readonly at: number;
  readonly isComment: boolean;
  /** Whether blanks behind it are gone. */
  readonly trimNext: boolean;
}

function tokenizeAction(source: string, start: number, tokens: Token[], lines: (at: number) => number): ActionEnd {
  let at = start;
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(source)?.[0];
    if (found !== undefined) at += found.length;
    return found;
  };
  const isComment = match(comment) !== undefined;
  for (;;) {
    const close = match(closing);
    if (close !== undefined) return { at, isComment, trimNext: close.includes("-") };
    const line = lines(at);
    if (at >= source.length) throw new TemplateError("an action is not closed by }}", lines(start));
    if (isComment) throw new TemplateError("a comment has to be closed together with its action: */}}", line);
    const found = pieces.find(([, pattern]) => {
      pattern.lastIndex = at;
      return pattern.test(source);
    });
    if (!found) throw new TemplateError(`${JSON.stringify(source[at])} is not understood here`, line);
    const text = match(found[1])!;
    if (found[0] === "space") {
      if (tokens.at(-1)?.kind !== "space" && tokens.at(-1)?.kind !== "open")
        tokens.push({ kind: "space", text: " ", line });
    } else
      tokens.push({ kind: text.startsWith("'") ? "number" : found[0], text: contentOf(found[0], text, line), line });
  }
}

function contentOf(kind: TokenKind, text: string, line: number): string {
  if (kind === "field") return text.slice(1);
  if (kind !== "string") return text;
  if (text.startsWith("`")) return text.slice(1, -1);
  const content = unescape(text.slice(1, -1), text[0]!, line);
  if (!text.startsWith("'")) return content;
  if (Array.from(content).length !== 1) throw new TemplateError(`${text} is more than one character`, line);
  // A character is a number in Go.
  return String(content.codePointAt(0));
}

const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", a: "\x07", b: "\b", f: "\f", v: "\v" };

function unescape(text: string, quote: string, line: number): string {
  return text.replace(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|(.))/g,
    (_, x, u, long, octal, sign: string) => {
      const hex = (x ?? u ?? long) as string | undefined;
      const code = hex ? Number.parseInt(hex, 16) : octal ? Number.parseInt(octal as string, 8) : undefined;
      if (code !== undefined && code <= 0x10ffff) return String.fromCodePoint(code);
      if (sign === "\\" || sign === quote) return sign;
      const plain = escapes[sign];
      if (plain === undefined) throw new TemplateError(`the escape \\${sign ?? ""} is not known`, line);
      return plain;
    },
  );
}

/** Tells the line of a position; asked for in ascending order. */
function lineCounter(source: string): (at: number) => number {
  let [line, from] = [1, 0];
  return (at) => {
    for (; from < at; from++) if (source[from] === "\n") line++;
    return line;
  };
}
