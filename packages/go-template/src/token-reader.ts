import { TemplateError } from "./error.ts";
import type { Token, TokenKind } from "./lexer.ts";

/** Goes through the tokens of a template. */
export class TokenReader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  protected get token(): Token {
    return this.#tokens[this.#at]!;
  }

  /** Where the reader is, to be given to `back`. */
  protected get position(): number {
    return this.#at;
  }

  protected back(position: number): void {
    this.#at = position;
  }

  /** Takes the next token, whatever it is. */
  protected take(): Token {
    return this.#tokens[this.#at++]!;
  }

  protected skipSpace(): void {
    while (this.token.kind === "space") this.#at++;
  }

  protected is(kind: TokenKind, text?: string): boolean {
    return this.token.kind === kind && (text === undefined || this.token.text === text);
  }

  protected expect(kind: TokenKind, what: string): Token {
    this.skipSpace();
    if (this.is(kind)) return this.take();
    return this.refuse(`${what} is missing${this.is("end") ? "" : ` before ${JSON.stringify(this.token.text)}`}`);
  }

  protected close(): void {
    this.expect("close", "}}");
  }

  protected unexpected({ kind, text, line }: Token = this.token): never {
    return this.refuse(
      kind === "end" ? "an action is not closed" : `${JSON.stringify(text)} is not understood here`,
      line,
    );
  }

  protected refuse(problem: string, line = this.token.line): never {
    throw new TemplateError(problem, line);
  }
}
