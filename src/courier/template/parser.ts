import type { Token, TokenKind } from "./lexer.ts";
import { tokenize } from "./lexer.ts";
import type { Command, Expression, Node, Parsed, Pipe } from "./nodes.ts";
import { TemplateError } from "./template-error.ts";

const keywords = new Set(["if", "else", "end", "range", "with", "define", "template", "block", "break", "continue"]);
const deepest = 100;

/** Reads a template. Throws a TemplateError where it is not one, or calls a function that there is not. */
export function parse(source: string, isFunction: (name: string) => boolean): Parsed {
  const tokens = tokenize(source);
  const defined = new Map<string, readonly Node[]>();
  let at = 0;
  let depth = 0;
  let loops = 0;

  const peek = (): Token => tokens[at]!;
  const next = (): Token => tokens[at++]!;
  const fail = (problem: string, { line } = peek()): never => {
    throw new TemplateError(problem, line);
  };
  const skipSpace = () => {
    while (peek().kind === "space") at++;
  };
  const is = (kind: TokenKind, text?: string) => peek().kind === kind && (text === undefined || peek().text === text);
  const expect = (kind: TokenKind, what: string): Token => {
    skipSpace();
    return is(kind) ? next() : fail(`${what} is missing${is("end") ? "" : ` before ${JSON.stringify(peek().text)}`}`);
  };
  const close = () => void expect("close", "}}");

  /** Everything up to a keyword that ends it, which is left for the caller. */
  function list(outermost = false): Node[] {
    if (++depth > deepest) fail("too many blocks within each other");
    const nodes: Node[] = [];
    for (;;) {
      if (is("text")) nodes.push({ kind: "text", text: next().text });
      else if (is("end")) {
        if (!outermost) fail("{{end}} is missing");
        break;
      } else {
        const open = next();
        skipSpace();
        if (is("word", "end") || is("word", "else")) {
          if (outermost) fail(`{{${peek().text}}} ends nothing`);
          break;
        }
        const node = action(open);
        if (node) nodes.push(node);
      }
    }
    depth--;
    return nodes;
  }

  function action({ line }: Token): Node | undefined {
    const keyword = is("word") && keywords.has(peek().text) ? next().text : undefined;
    switch (keyword) {
      case "if":
      case "with":
      case "range":
        return branch(keyword, line);
      case "define":
        return define(line);
      case "block":
        return block(line);
      case "template":
        return call(line);
      case "break":
      case "continue":
        if (loops === 0) fail(`{{${keyword}}} stands outside of {{range}}`);
        close();
        return { kind: keyword };
      default: {
        const pipe = pipeline("close");
        close();
        return { kind: "output", pipe, line };
      }
    }
  }

  function branch(kind: "if" | "with" | "range", line: number): Node {
    const pipe = pipeline("close", kind === "range");
    close();
    if (kind === "range") loops++;
    const inner = list();
    if (kind === "range") loops--;
    let otherwise: readonly Node[] = [];
    if (next().text === "else") {
      skipSpace();
      if (is("word", "if") || is("word", "with")) {
        const again = next().text as "if" | "with";
        return { kind, pipe, body: inner, otherwise: [branch(again, peek().line)], line };
      }
      close();
      otherwise = list();
      if (next().text !== "end") fail("{{else}} stands twice");
    }
    close();
    return { kind, pipe, body: inner, otherwise, line };
  }

  function body(name: string): void {
    close();
    const outer = loops;
    loops = 0;
    defined.set(name, list());
    loops = outer;
    if (next().text !== "end") fail("{{else}} belongs to nothing");
    close();
  }

  function define(line: number): undefined {
    if (depth !== 1) fail("{{define}} stands within another block", { line } as Token);
    body(expect("string", "the template's name").text);
  }

  function block(line: number): Node {
    const name = expect("string", "the template's name").text;
    const pipe = pipeline("close");
    body(name);
    return { kind: "template", name, pipe, line };
  }

  function call(line: number): Node {
    const name = expect("string", "the template's name").text;
    skipSpace();
    const pipe = is("close") ? undefined : pipeline("close");
    close();
    return { kind: "template", name, ...(pipe && { pipe }), line };
  }

  function pipeline(until: "close" | ")", mayHaveTwo = false): Pipe {
    skipSpace();
    const { line } = peek();
    const { variables, declares } = declaration(mayHaveTwo);
    const commands = [command()];
    for (skipSpace(); is("sign", "|"); skipSpace()) {
      next();
      commands.push(command());
    }
    if (until === "close" ? !is("close") : !is("sign", ")")) fail(is("end") ? "an action is not closed" : `${JSON.stringify(peek().text)} is not understood here`);
    return { variables, declares, commands, line };
  }

  /** `$a :=`, `$a =`, or in a range `$i, $a :=`. */
  function declaration(mayHaveTwo: boolean): { variables: string[]; declares: boolean } {
    const start = at;
    const variables: string[] = [];
    while (is("variable")) {
      variables.push(next().text);
      skipSpace();
      if (is("sign", ":=") || is("sign", "=")) return { variables, declares: next().text === ":=" };
      if (!mayHaveTwo || variables.length === 2 || !is("sign", ",")) break;
      next();
      skipSpace();
    }
    at = start;
    return { variables: [], declares: false };
  }

  function command(): Command {
    skipSpace();
    const { line } = peek();
    const operands: Expression[] = [];
    while (!is("close") && !is("sign", "|") && !is("sign", ")")) {
      operands.push(operand());
      if (!is("space") && !is("close") && !is("sign", "|") && !is("sign", ")")) fail(`${JSON.stringify(peek().text)} is not understood here`);
      skipSpace();
    }
    if (operands.length === 0) fail("a value is missing");
    return { operands, line };
  }

  function operand(): Expression {
    const { kind, text, line } = next();
    switch (kind) {
      case "string":
        return { kind: "literal", value: text, line };
      case "number":
        return { kind: "literal", value: number(text, line), line };
      case "field":
        return { kind: "dot", path: [text, ...fields()], line };
      case "variable":
        return { kind: "variable", name: text, path: fields(), line };
      case "word":
        return word(text, line);
      case "sign":
        if (text === ".") return { kind: "dot", path: [], line };
        if (text === "(") return group(line);
    }
    at--;
    return fail(kind === "end" ? "an action is not closed" : `${JSON.stringify(text)} is not understood here`);
  }

  function group(line: number): Expression {
    if (++depth > deepest) fail("too many parentheses within each other");
    const pipe = pipeline(")");
    next();
    depth--;
    return { kind: "pipe", pipe, path: fields(), line };
  }

  function fields(): string[] {
    const path: string[] = [];
    while (is("field")) path.push(next().text);
    return path;
  }

  function word(name: string, line: number): Expression {
    if (name === "true" || name === "false") return { kind: "literal", value: name === "true", line };
    if (name === "nil") return { kind: "literal", value: null, line };
    if (keywords.has(name) || !isFunction(name)) fail(`there is no function ${name}`, { line } as Token);
    return { kind: "function", name, line };
  }

  return { body: list(true), defined };
}

function number(text: string, line: number): number {
  const sign = text.startsWith("-") ? -1 : 1;
  const value = sign * Number(text.replace(/^[+-]/, "").replaceAll("_", ""));
  if (Number.isNaN(value)) throw new TemplateError(`${text} is no number`, line);
  return value;
}
