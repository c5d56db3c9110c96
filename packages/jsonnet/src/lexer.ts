import { JsonnetError, type Place } from "./error.ts";

/** A piece of a program: a name, a keyword, a number, a text or a symbol, or its end. */
export interface Token extends Place {
  readonly kind: "name" | "keyword" | "number" | "string" | "symbol" | "end";
  readonly text: string;
  /** Where it begins in the program, and where it ends. */
  readonly start: number;
  readonly end: number;
}

const keywords = new Set(
  (
    "assert else error false for function if import importbin importstr in local null self super tailstrict then true " +
    "$"
  ).split(" "),
);
const escapes: Record<string, string> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };
const blank = /(?:[ \t\r\n]+|#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\/)+/y;
const word = /[A-Za-z_][A-Za-z0-9_]*/y;
const numeral = /(?:0|[1-9](?:_?[0-9])*)(?:\.[0-9](?:_?[0-9])*)?(?:[eE][+-]?[0-9](?:_?[0-9])*)?/y;
const blockStart = /\|\|\|(-?)[ \t]*\r?\n/y;
const operator = /[!:~+\-&|^=<>*/%]+/y;
const single = "{}[](),.;$";

/** The tokens of a program in their order, the last of kind `end`. Throws a JsonnetError of kind `syntax`. */
export function tokensOf(source: string): Token[] {
  return new Lexer(source).all();
}

class Lexer {
  readonly #source: string;
  #at = 0;
  #line = 1;
  #lineStart = 0;
  #counted = 0;

  constructor(source: string) {
    this.#source = source;
  }

  all(): Token[] {
    const tokens: Token[] = [];
    do tokens.push(this.#next());
    while (tokens.at(-1)!.kind !== "end");
    return tokens;
  }

  #next(): Token {
    this.#match(blank);
    const place = this.#place();
    const start = this.#at;
    const at = (kind: Token["kind"], text: string): Token => ({ kind, text, start, end: this.#at, ...place });
    const first = this.#source[this.#at];
    if (first === undefined) return at("end", "");
    const name = this.#match(word);
    if (name !== undefined) return at(keywords.has(name) ? "keyword" : "name", name);
    const digits = this.#match(numeral);
    if (digits !== undefined) return at("number", digits.replaceAll("_", ""));
    if (this.#source.startsWith("|||", this.#at)) return at("string", this.#block(place));
    if (first === '"' || first === "'") return at("string", this.#quoted(first, place));
    if (first === "@") return at("string", this.#verbatim(place));
    if (!single.includes(first)) return at("symbol", this.#operator(place));
    this.#at++;
    return at(first === "$" ? "keyword" : "symbol", first);
  }

  /** An operator ends before a comment, and before signs that belong to what follows: `a==-1`, `x:!y`. */
  #operator(place: Place): string {
    const start = this.#at;
    let text = this.#match(operator) ?? this.#refuse("there is a character that means nothing here", place);
    const ends = ["//", "/*", "|||"].map((mark) => text.indexOf(mark)).filter((index) => index > 0);
    if (ends.length > 0) text = text.slice(0, Math.min(...ends));
    while (text.length > 1 && "+-~!".includes(text.at(-1)!)) text = text.slice(0, -1);
    this.#at = start + text.length;
    return text;
  }

  #quoted(quote: string, place: Place): string {
    let text = "";
    for (this.#at++; ; this.#at++) {
      const char = this.#source[this.#at];
      if (char === undefined) this.#refuse("a text is not closed", place);
      if (char === quote) break;
      text += char === "\\" ? this.#escape() : char;
    }
    this.#at++;
    return text.isWellFormed() ? text : this.#refuse("half of a surrogate pair is no character", place);
  }

  #escape(): string {
    const char = this.#source[++this.#at];
    if (char !== undefined && `"'\\/`.includes(char)) return char;
    if (char !== undefined && char in escapes) return escapes[char]!;
    const hex = this.#source.slice(this.#at + 1, this.#at + 5);
    if (char !== "u" || !/^[0-9a-fA-F]{4}$/.test(hex)) this.#refuse("there is no such escape in a text", this.#place());
    this.#at += 4;
    return String.fromCharCode(Number.parseInt(hex, 16));
  }

  #verbatim(place: Place): string {
    const quote = this.#source[this.#at + 1];
    if (quote !== '"' && quote !== "'") this.#refuse("a quote has to follow @", place);
    let text = "";
    for (this.#at += 2; ; this.#at++) {
      const char = this.#source[this.#at];
      if (char === undefined) this.#refuse("a text is not closed", place);
      if (char === quote && this.#source[++this.#at] !== quote) return text;
      text += char;
    }
  }

  /** The lines between ||| and |||, without the indentation of the first. */
  #block(place: Place): string {
    const opening = this.#match(blockStart);
    if (opening === undefined) this.#refuse("a line break has to follow |||", place);
    const rest = this.#source.slice(this.#at);
    const indent = /^(?:[ \t]*\r?\n)*([ \t]+)/.exec(rest)?.[1];
    if (indent === undefined) this.#refuse("the first line of a text block has to be indented", place);
    let text = "";
    for (const line of rest.match(/[^\n]*(?:\n|$)/g)!) {
      const closing = /^[ \t]*\|\|\|/.exec(line);
      if (!line.startsWith(indent) && closing) {
        this.#at += closing[0].length;
        return opening.includes("-") ? text.replace(/\n$/, "") : text;
      }
      if (!line.startsWith(indent) && line.trim() !== "") break;
      text += line.startsWith(indent) ? line.slice(indent.length) : "\n";
      this.#at += line.length;
    }
    return this.#refuse("a text block is not closed", place);
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#source)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #place(): Place {
    for (; this.#counted < this.#at; this.#counted++)
      if (this.#source[this.#counted] === "\n") {
        this.#line++;
        this.#lineStart = this.#counted + 1;
      }
    return { line: this.#line, column: this.#at - this.#lineStart + 1 };
  }

  #refuse(reason: string, place: Place): never {
    throw new JsonnetError("syntax", reason, place);
  }
}
