import type { Argument, AssertNode, BinaryOperator, Node, UnaryOperator } from "./ast.ts";
import { JsonnetError, type Place } from "./error.ts";
import { type Token, tokensOf } from "./lexer.ts";
import { MemberReader } from "./member-reader.ts";

/** From the loosest to the tightest. */
const levels: readonly (readonly BinaryOperator[])[] = [
  ["||"],
  ["&&"],
  ["|"],
  ["^"],
  ["&"],
  ["==", "!="],
  ["<", ">", "<=", ">=", "in"],
  ["<<", ">>"],
  ["+", "-"],
  ["*", "/", "%"],
];
const signs = new Set(["-", "+", "!", "~"]);
/** How deep a program may be nested: each level costs the parser some frames of its stack. */
const deepest = 200;

/** Reads a program. Throws a JsonnetError of kind `syntax`. */
export function parse(source: string): Node {
  return new Parser(tokensOf(source)).program();
}

class Parser extends MemberReader {
  #depth = 0;

  program(): Node {
    const node = this.expression();
    if (this.token.kind !== "end") this.unexpected();
    return node;
  }

  protected expression(): Node {
    if (++this.#depth > deepest) this.refuse("the program is nested too deep");
    const place = this.token;
    const node = this.accept("local")
      ? this.#local(place)
      : this.accept("if")
        ? this.#if(place)
        : this.accept("function")
          ? this.#function(place)
          : this.accept("assert")
            ? this.#assertion(place)
            : this.accept("error")
              ? ({ kind: "error", reason: this.expression(), place } as const)
              : this.#binary(0);
    this.#depth--;
    return node;
  }

  #local(place: Place): Node {
    const bindings = this.separated(() => this.binding(), ";");
    return { kind: "local", bindings, body: this.expression(), place };
  }

  #if(place: Place): Node {
    const condition = this.expression();
    this.expect("then");
    const consequent = this.expression();
    const alternative = this.accept("else") ? this.expression() : undefined;
    return { kind: "if", condition, consequent, ...(alternative && { alternative }), place };
  }

  #function(place: Place): Node {
    this.expect("(");
    const parameters = this.parameters();
    return { kind: "function", parameters, body: this.expression(), place };
  }

  #assertion(place: Place): Node {
    const assert = this.assertNode();
    this.expect(";");
    return { kind: "assert", ...assert, rest: this.expression(), place };
  }

  protected assertNode(): AssertNode {
    const condition = this.expression();
    return { condition, ...(this.accept(":") && { message: this.expression() }) };
  }

  #binary(level: number): Node {
    const operators = levels[level];
    if (!operators) return this.#unary();
    let left = this.#binary(level + 1);
    for (;;) {
      const place = this.token;
      const operator = operators.find((some) => this.is(some));
      if (operator === undefined) return left;
      this.take();
      if (operator === "in" && this.is("super") && !this.is(".", 1) && !this.is("[", 1)) {
        this.take();
        this.insideObject();
        left = { kind: "inSuper", key: left, place };
      } else left = { kind: "binary", operator, left, right: this.#operand(level + 1), place };
    }
  }

  /** Keywords that reach as far to the right as they can may stand after an operator, too. */
  #operand(level: number): Node {
    const greedy = ["local", "if", "function", "assert", "error"].some((word) => this.is(word));
    return greedy ? this.expression() : this.#binary(level);
  }

  #unary(): Node {
    const place = this.token;
    if (place.kind !== "symbol" || !signs.has(place.text)) return this.#postfix(this.#primary());
    if (++this.#depth > deepest) this.refuse("the program is nested too deep");
    this.take();
    const node = {
      kind: "unary",
      operator: place.text as UnaryOperator,
      operand: this.#operand(levels.length),
      place,
    } as const;
    this.#depth--;
    return node;
  }

  #postfix(start: Node): Node {
    let target = start;
    for (;;) {
      const place = this.token;
      if (this.accept(".")) target = { kind: "index", target, index: this.fieldName(), place };
      else if (this.accept("[")) target = this.#indexed(target, place);
      else if (this.accept("(")) target = this.#call(target, place);
      else if (this.accept("{"))
        target = { kind: "binary", operator: "+", left: target, right: this.object(place), place };
      else return target;
    }
  }

  /** `a[i]`, or a slice of up to three bounds, where `::` may be one token. */
  #indexed(target: Node, place: Place): Node {
    const bounds: (Node | undefined)[] = [undefined];
    while (!this.accept("]")) {
      if (this.accept("::")) bounds.push(undefined, undefined);
      else if (this.accept(":")) bounds.push(undefined);
      else if (bounds.at(-1) === undefined) bounds[bounds.length - 1] = this.expression();
      else this.unexpected();
    }
    if (bounds.length > 3) this.refuse("a slice has three bounds at most");
    if (bounds.length > 1) return { kind: "slice", target, bounds, place };
    return { kind: "index", target, index: bounds[0] ?? this.refuse("an index is missing"), place };
  }

  #call(target: Node, place: Place): Node {
    const args = this.separated(() => this.#argument(), ")");
    const byName = args.findIndex(({ name }) => name !== undefined);
    if (byName >= 0 && args.slice(byName).some(({ name }) => name === undefined))
      this.refuse("an argument by order cannot follow one by name", place);
    return { kind: "call", target, arguments: args, strict: this.accept("tailstrict"), place };
  }

  #argument(): Argument {
    if (this.token.kind !== "name" || !this.is("=", 1)) return { value: this.expression() };
    const name = this.name();
    this.expect("=");
    return { name, value: this.expression() };
  }

  #primary(): Node {
    const token = this.take();
    switch (token.kind) {
      case "number":
        return { kind: "literal", value: this.#number(token), place: token };
      case "string":
        return { kind: "literal", value: token.text, place: token };
      case "name":
        return { kind: "variable", name: token.text, place: token };
      case "keyword":
        return this.#keyword(token);
      case "symbol":
        if (token.text === "(") return this.#grouped();
        if (token.text === "[") return this.#array(token);
        if (token.text === "{") return this.object(token);
    }
    return this.unexpected(token);
  }

  #number({ text, ...place }: Token): number {
    const value = Number(text);
    if (!Number.isFinite(value)) throw new JsonnetError("syntax", "the number is too large", place);
    return value;
  }

  #keyword(place: Token): Node {
    switch (place.text) {
      case "null":
        return { kind: "literal", value: null, place };
      case "true":
      case "false":
        return { kind: "literal", value: place.text === "true", place };
      case "self":
      case "$":
        this.insideObject();
        return { kind: place.text === "self" ? "self" : "outermost", place };
      case "super":
        return this.#super(place);
      case "import":
      case "importstr":
      case "importbin":
        throw new JsonnetError("syntax", "a program here has to be whole: nothing can be imported", place);
    }
    return this.unexpected(place);
  }

  #super(place: Place): Node {
    this.insideObject();
    if (this.accept(".")) return { kind: "super", index: this.fieldName(), place };
    this.expect("[");
    const index = this.expression();
    this.expect("]");
    return { kind: "super", index, place };
  }

  #grouped(): Node {
    const node = this.expression();
    this.expect(")");
    return node;
  }

  #array(place: Place): Node {
    if (this.accept("]")) return { kind: "array", items: [], place };
    const item = this.expression();
    const comma = this.accept(",");
    if (this.is("for")) return this.closed("]", { kind: "arrayComprehension", item, clauses: this.clauses(), place });
    if (!comma) return this.closed("]", { kind: "array", items: [item], place });
    return { kind: "array", items: [item, ...this.separated(() => this.expression(), "]")], place };
  }
}
