import { tokenize } from "./lexer.ts";
import type { Definition, Node, Parsed } from "./nodes.ts";
import { deepest, keywords, PipelineReader } from "./pipeline-reader.ts";

const mostLinks = 500;

/** Reads a template of that name. Throws a TemplateError where it is none, or calls a function that there is not. */
export function parse(text: string, name: string, isFunction: (name: string) => boolean): Parsed {
  return new Parser(text, name, isFunction).template();
}

class Parser extends PipelineReader {
  readonly #source: string;
  readonly #defined = new Map<string, Definition>();
  #depth = 0;
  #loops = 0;
  #links = 0;

  constructor(text: string, source: string, isFunction: (name: string) => boolean) {
    super(tokenize(text), isFunction);
    this.#source = source;
  }

  template(): Parsed {
    return { main: { nodes: this.#list(true), source: this.#source }, defined: this.#defined };
  }

  /** Everything up to a keyword that ends it, which is left for the caller. */
  #list(outermost = false): Node[] {
    if (++this.#depth > deepest) this.refuse("too many blocks within each other");
    const nodes: Node[] = [];
    while (!this.is("end")) {
      const { kind, text, line } = this.take();
      if (kind === "text") {
        nodes.push({ kind, text, line });
        continue;
      }
      this.skipSpace();
      if (this.is("word", "end") || this.is("word", "else")) {
        if (outermost) this.refuse(`{{${this.token.text}}} ends nothing`);
        this.#depth--;
        return nodes;
      }
      const node = this.#action(line);
      if (node) nodes.push(node);
    }
    return outermost ? nodes : this.refuse("{{end}} is missing");
  }

  #action(line: number): Node | undefined {
    const keyword = this.is("word") && keywords.has(this.token.text) ? this.take().text : undefined;
    switch (keyword) {
      case "if":
      case "with":
      case "range":
        return this.#branch(keyword, line);
      case "define":
        return this.#define(line);
      case "block":
        return this.#block(line);
      case "template":
        return this.#call(line);
      case "break":
      case "continue":
        if (this.#loops === 0) this.refuse(`{{${keyword}}} stands outside of {{range}}`);
        this.close();
        return { kind: keyword };
      default:
        return this.#output(line);
    }
  }

  #output(line: number): Node {
    const pipe = this.pipeline("close");
    this.close();
    return { kind: "output", pipe, line };
  }

  #branch(kind: "if" | "with" | "range", line: number): Node {
    const pipe = this.pipeline("close", kind === "range");
    this.close();
    if (kind === "range") this.#loops++;
    const body = this.#list();
    if (kind === "range") this.#loops--;
    return { kind, pipe, body, otherwise: this.take().text === "else" ? this.#otherwise(kind) : this.#nothing(), line };
  }

  /** What stands behind `else`, up to the end. */
  #otherwise(kind: "if" | "with" | "range"): Node[] {
    this.skipSpace();
    if (kind !== "range" && this.is("word", kind)) return [this.#again(kind)];
    this.close();
    const nodes = this.#list();
    if (this.take().text !== "end") this.refuse("{{else}} stands twice");
    this.close();
    return nodes;
  }

  /** `else if`: one level deeper, as it were. */
  #again(kind: "if" | "with"): Node {
    if (++this.#links > mostLinks) this.refuse("too many {{else}} behind each other");
    const node = this.#branch(kind, this.take().line);
    this.#links--;
    return node;
  }

  #nothing(): Node[] {
    this.close();
    return [];
  }

  #body(name: string): void {
    this.close();
    const outer = this.#loops;
    this.#loops = 0;
    const nodes = this.#list();
    this.#loops = outer;
    this.#add(name, nodes);
    if (this.take().text !== "end") this.refuse("{{else}} belongs to nothing");
    this.close();
  }

  /** A template may be defined again where it was empty. */
  #add(name: string, nodes: readonly Node[]): void {
    const isEmpty = (some: readonly Node[] = []) =>
      some.every((node) => node.kind === "text" && node.text.trim() === "");
    if (!isEmpty(this.#defined.get(name)?.nodes) && !isEmpty(nodes))
      this.refuse(`the template ${JSON.stringify(name)} is defined twice`);
    if (!this.#defined.has(name) || !isEmpty(nodes)) this.#defined.set(name, { nodes, source: this.#source });
  }

  #define(line: number): undefined {
    if (this.#depth !== 1) this.refuse("{{define}} stands within another block", line);
    this.#body(this.#templateName());
  }

  #block(line: number): Node {
    const name = this.#templateName();
    const pipe = this.pipeline("close");
    this.#body(name);
    return { kind: "template", name, pipe, line };
  }

  #call(line: number): Node {
    const name = this.#templateName();
    this.skipSpace();
    const pipe = this.is("close") ? undefined : this.pipeline("close");
    this.close();
    return { kind: "template", name, ...(pipe && { pipe }), line };
  }

  #templateName(): string {
    return this.expect("string", "the template's name").text;
  }
}
