import { JsonnetError, type Place } from "./error.ts";
import type { Token } from "./lexer.ts";

/** Goes through the tokens of a program. */
export class TokenReader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  /** Takes the next token, whatever it is. */
  protected take(): Token {
    return this.#tokens[this.#at++]!;
  }

  /** Any number of things between commas, up to and with the mark that ends them. */
  protected separated<Item>(read: () => Item, end: string): Item[] {
    const items: Item[] = [];
    while (!this.accept(end)) {
      items.push(read());
      if (!this.accept(",") && !this.is(end)) this.unexpected();
    }
    return items;
  }

  protected closed<Result>(mark: string, result: Result): Result {
    this.expect(mark);
    return result;
  }

  protected get token(): Token {
    return this.#tokens[this.#at]!;
  }

  protected is(text: string, ahead = 0): boolean {
    const token = this.#tokens[Math.min(this.#at + ahead, this.#tokens.length - 1)]!;
    return (token.kind === "symbol" || token.kind === "keyword") && token.text === text;
  }

  protected accept(text: string): boolean {
    const found = this.is(text);
    if (found) this.#at++;
    return found;
  }

  protected expect(text: string): void {
    if (this.token.kind === "end") this.unexpected();
    if (!this.accept(text)) this.refuse(`${text} was expected here`);
  }

  protected name(): string {
    if (this.token.kind !== "name") this.refuse("a name was expected here");
    return this.take().text;
  }

  protected unexpected(token = this.token): never {
    return this.refuse(token.kind === "end" ? "the program ends too early" : `${token.text} cannot stand here`, token);
  }

  protected refuse(reason: string, place: Place = this.token): never {
    throw new JsonnetError("syntax", reason, place);
  }
}
