import { endsValue, isComment, type Piece } from "./pieces.ts";
import { blanksBetween } from "./spacing.ts";

/** What stands between two brackets, or outside of all. */
interface Frame {
  readonly open: string;
  readonly isIndex: boolean;
  /** Where the line begins on which it was opened: its end stands below. */
  readonly outer: number;
  /** Where its elements begin. */
  readonly inner: number;
  /** Where the line begins that what follows goes on from. */
  base: number;
  /** Where what follows a `;` begins. */
  statement: number;
  isLocal: boolean;
  isAssert: boolean;
  /** Whether it is made by `for`. */
  hasFor: boolean;
  /** Where the names begin that are bound, for those on further lines. */
  names: number;
  /** Where the lines begin on which an `if` stands that has had no `else` yet. */
  readonly ifs: number[];
}

const step = 2;
const signs = new Set(["-", "+", "!", "~"]);
const closing = new Set([")", "]", "}"]);

const frame = (open: string, outer: number, inner: number, isIndex = false): Frame => ({
  ...{ open, outer, inner, isIndex },
  base: inner,
  statement: inner,
  isLocal: false,
  isAssert: false,
  hasFor: false,
  names: 0,
  ifs: [],
});

/** Puts pieces on lines: those that the program has, each indented by what it belongs to. */
export class Layout {
  readonly #frames: Frame[] = [frame("", 0, 0)];
  #text = "";
  /** Where the line begins that is written. */
  #indent = 0;
  #lineStart = 0;

  write(pieces: readonly Piece[]): string {
    let before: Piece | undefined;
    let last: Piece | undefined;
    let isSign = false;
    for (const [at, piece] of pieces.entries()) {
      const next = pieces.slice(at).find((one) => !isComment(one));
      if (before) {
        const breaks = before.kind === "line comment" ? Math.max(1, piece.breaks) : piece.breaks;
        if (breaks > 0) this.#break(breaks, this.#indentOf(piece, last, next));
        else
          this.#text += " ".repeat(blanksBetween(before, piece, { ...this.#frame, isSign: isSign && before === last }));
      }
      isSign = isComment(piece) ? isSign : isSignAt(piece, last);
      this.#put(piece, last);
      before = piece;
      if (!isComment(piece)) last = piece;
    }
    return `${this.#text}\n`;
  }

  get #frame(): Frame {
    return this.#frames.at(-1)!;
  }

  #break(breaks: number, indent: number): void {
    this.#text += "\n".repeat(breaks);
    this.#lineStart = this.#text.length;
    this.#text += " ".repeat(indent);
    this.#indent = indent;
  }

  /** Where a line begins. A comment belongs to what follows it, and to the elements where that is their end. */
  #indentOf(piece: Piece, last: Piece | undefined, next: Piece | undefined): number {
    const now = this.#frame;
    const { outer, inner, base, ifs, isLocal, names, open } = now;
    const word = next?.kind === "keyword" ? next.text : "";
    if (!next || isClosing(next)) return isComment(piece) ? inner : outer;
    if (!last) return inner;
    if (word === "for" || (word === "if" && now.hasFor && endsValue(last))) return inner;
    if (word === "else" || word === "then") return ifs.at(-1) ?? Math.max(0, base);
    if (last.kind === "symbol" && last.text === "," && isLocal && open !== "{") return names;
    if (last.kind === "symbol" && last.text === ";") {
      // What is worth the whole goes on below its own beginning.
      now.base = now.statement - step;
      return now.statement;
    }
    if (isSeparator(last)) return inner;
    if (last.kind === "keyword" && (last.text === "then" || last.text === "else")) return this.#branch(last.text);
    return base + step;
  }

  #branch(word: string): number {
    const { ifs } = this.#frame;
    const indent = word === "then" ? (ifs.at(-1) ?? Math.max(0, this.#frame.base)) : this.#indent;
    this.#frame.base = indent;
    return indent + step;
  }

  #put(piece: Piece, last: Piece | undefined): void {
    const { text, kind } = piece;
    if (kind === "symbol" && closing.has(text)) this.#frames.pop();
    else if (kind === "symbol" && "([{".includes(text))
      this.#frames.push(frame(text, this.#indent, this.#indent + step, last !== undefined && endsValue(last)));
    else if (kind === "symbol") this.#separate(text);
    else if (kind === "keyword") this.#begin(text);
    this.#text += kind === "string" && text.startsWith("|||") ? this.#block(text) : text;
    if (kind === "keyword" && text === "local") this.#frame.names = this.#text.length - this.#lineStart + 1;
  }

  #separate(text: string): void {
    const now = this.#frame;
    if (text === ";" || (text === "," && now.open === "{")) now.isLocal = now.isAssert = false;
    // What is bound among other names goes on where it is.
    if (text === "," && !(now.isLocal && now.open !== "{")) {
      now.base = now.statement = now.inner;
      now.ifs.length = 0;
    }
  }

  #begin(word: string): void {
    const now = this.#frame;
    if (word === "local" || word === "assert") {
      if (word === "local") now.isLocal = true;
      else now.isAssert = true;
      now.base = now.statement = Math.max(now.inner, this.#indent);
    }
    if (word === "for") now.hasFor = true;
    if (word === "if") now.ifs.push(this.#indent);
    if (word === "else") now.ifs.pop();
  }

  /** A text of several lines is indented by what it belongs to; what it says begins where its first line does. */
  #block(text: string): string {
    const [opening, ...lines] = text.split("\n");
    const first = lines.find((line) => line.trim() !== "") ?? "";
    const was = /^[ \t]*/.exec(first)![0].length;
    const own = " ".repeat(this.#indent + step);
    const content = lines.slice(0, -1).map((line) => (line.trim() === "" ? "" : own + line.slice(was).trimEnd()));
    return [opening!.trimEnd(), ...content, `${" ".repeat(this.#indent)}|||`].join("\n");
  }
}

const isClosing = ({ kind, text }: Piece): boolean => kind === "symbol" && closing.has(text);

/** Whether an element ends before a piece, or has not begun. */
const isSeparator = ({ kind, text }: Piece): boolean => kind === "symbol" && text.length === 1 && ",([{".includes(text);

const isSignAt = ({ kind, text }: Piece, last: Piece | undefined): boolean =>
  kind === "symbol" && signs.has(text) && !(last && endsValue(last));
