import { TemplateError } from "./error.ts";
import type { Token } from "./lexer.ts";
import type { Command, Expression, Pipe } from "./nodes.ts";
import { TokenReader } from "./token-reader.ts";

/** Words that are no functions. */
export const keywords: ReadonlySet<string> = new Set([
  "if",
  "else",
  "end",
  "range",
  "with",
  "define",
  "template",
  "block",
  "break",
  "continue",
]);
/** How many blocks, and how many parentheses, may stand within each other. */
export const deepest = 100;

/** Reads what stands for a value: pipelines, their commands, and what these consist of. */
export class PipelineReader extends TokenReader {
  readonly #isFunction: (name: string) => boolean;
  #depth = 0;

  constructor(tokens: readonly Token[], isFunction: (name: string) => boolean) {
    super(tokens);
    this.#isFunction = isFunction;
  }

  protected pipeline(until: "close" | ")", mayHaveTwo = false): Pipe {
    this.skipSpace();
    const { line } = this.token;
    const { variables, declares } = this.#declaration(mayHaveTwo);
    const commands = [this.#command()];
    for (this.skipSpace(); this.is("sign", "|"); this.skipSpace()) {
      this.take();
      commands.push(this.#command());
    }
    if (until === "close" ? !this.is("close") : !this.is("sign", ")")) this.unexpected();
    return { variables, declares, commands, line };
  }

  /** `$a :=`, `$a =`, or in a range `$i, $a :=`. */
  #declaration(mayHaveTwo: boolean): { variables: string[]; declares: boolean } {
    const start = this.position;
    const variables: string[] = [];
    while (this.is("variable")) {
      variables.push(this.take().text);
      this.skipSpace();
      if (this.is("sign", ":=") || this.is("sign", "=")) return { variables, declares: this.take().text === ":=" };
      if (!mayHaveTwo || variables.length === 2 || !this.is("sign", ",")) break;
      this.take();
      this.skipSpace();
    }
    this.back(start);
    return { variables: [], declares: false };
  }

  #command(): Command {
    this.skipSpace();
    const { line } = this.token;
    const operands: Expression[] = [];
    while (!this.#endsCommand()) {
      operands.push(this.#operand());
      if (!this.is("space") && !this.#endsCommand()) this.unexpected();
      this.skipSpace();
    }
    const [first] = operands;
    if (!first) this.refuse("a value is missing");
    if (first.kind === "literal" && first.value === null) this.refuse("nil is no command", line);
    return { operands, line };
  }

  #endsCommand(): boolean {
    return this.is("close") || this.is("sign", "|") || this.is("sign", ")");
  }

  #operand(): Expression {
    const token = this.take();
    const { kind, text, line } = token;
    switch (kind) {
      case "string":
        return { kind: "literal", value: text, line };
      case "number":
        return { kind: "literal", value: numberOf(text, line), line };
      case "field":
        return { kind: "dot", path: [text, ...this.#fields()], line };
      case "variable":
        return { kind: "variable", name: text, path: this.#fields(), line };
      case "word":
        return this.#word(text, line);
      case "sign":
        if (text === ".") return { kind: "dot", path: [], line };
        if (text === "(") return this.#group(line);
    }
    return this.unexpected(token);
  }

  #group(line: number): Expression {
    if (++this.#depth > deepest) this.refuse("too many parentheses within each other");
    const pipe = this.pipeline(")");
    this.take();
    this.#depth--;
    return { kind: "pipe", pipe, path: this.#fields(), line };
  }

  #fields(): string[] {
    const path: string[] = [];
    while (this.is("field")) path.push(this.take().text);
    return path;
  }

  #word(name: string, line: number): Expression {
    if (name === "true" || name === "false") return { kind: "literal", value: name === "true", line };
    if (name === "nil") return { kind: "literal", value: null, line };
    if (keywords.has(name) || !this.#isFunction(name)) this.refuse(`there is no function ${name}`, line);
    return { kind: "function", name, line };
  }
}

function numberOf(text: string, line: number): number {
  const sign = text.startsWith("-") ? -1 : 1;
  const digits = text.replace(/^[+-]/, "").replaceAll("_", "");
  // A zero in front makes a number octal.
  const value = sign * Number(/^0[0-7]+$/.test(digits) ? `0o${digits}` : digits);
  if (Number.isNaN(value)) throw new TemplateError(`${text} is no number`, line);
  return value;
}
