import type { AssertNode, Binding, Clause, FieldNode, Node, Parameter, Visibility } from "./ast.ts";
import type { Place } from "./error.ts";
import { TokenReader } from "./token-reader.ts";

const visibilities = new Set(["::", ":", ":::", "+:", "+::", "+:::"]);

interface Members {
  fields: FieldNode[];
  locals: Binding[];
  asserts: AssertNode[];
}

/** Reads what stands between braces, and what it shares with other places: bindings, parameters, `for` and `if`. */
export abstract class MemberReader extends TokenReader {
  #objects = 0;

  protected abstract expression(): Node;
  protected abstract assertNode(): AssertNode;

  protected object(place: Place): Node {
    this.#objects++;
    const members: Members = { fields: [], locals: [], asserts: [] };
    let node: Node | undefined;
    while (!node && !this.accept("}")) {
      this.member(members);
      const comma = this.accept(",");
      if (this.is("for")) node = this.closed("}", this.objectComprehension(members, place));
      else if (!comma && !this.is("}")) this.unexpected();
    }
    this.#objects--;
    return node ?? { kind: "object", ...members, place };
  }

  protected objectComprehension({ fields, locals, asserts }: Members, place: Place): Node {
    const [field] = fields;
    if (fields.length !== 1 || asserts.length > 0 || !field!.computed)
      this.refuse("an object made by `for` has one field, with a name in brackets");
    if (field!.visibility !== ":") this.refuse("an object made by `for` has no hidden fields");
    return { kind: "objectComprehension", field: field!, locals, clauses: this.outside(() => this.clauses()), place };
  }

  protected member(members: Members): void {
    if (this.accept("local")) members.locals.push(this.binding());
    else if (this.accept("assert")) members.asserts.push(this.assertNode());
    else members.fields.push(this.field());
  }

  protected field(): FieldNode {
    const place = this.token;
    const computed = this.accept("[");
    const name = computed
      ? this.closed(
          "]",
          this.outside(() => this.expression()),
        )
      : this.literalName();
    const parameters = this.accept("(") ? this.parameters() : undefined;
    const mark = this.token.text;
    if (!visibilities.has(mark) || this.token.kind !== "symbol") this.unexpected();
    this.take();
    const body = this.expression();
    const adds = mark.startsWith("+");
    if (adds && parameters) this.refuse("a function cannot be added to another");
    const value: Node = parameters ? { kind: "function", parameters, body, place } : body;
    return { name, computed, visibility: mark.replace("+", "") as Visibility, adds, value };
  }

  protected literalName(): Node {
    const place = this.token;
    if (place.kind !== "string") return this.fieldName();
    this.take();
    return { kind: "literal", value: place.text, place };
  }

  protected binding(): Binding {
    const place = this.token;
    const name = this.name();
    if (this.accept("(")) {
      const parameters = this.parameters();
      this.expect("=");
      return { name, value: { kind: "function", parameters, body: this.expression(), place }, place };
    }
    this.expect("=");
    return { name, value: this.expression(), place };
  }

  protected fieldName(): Node {
    const place = this.token;
    return { kind: "literal", value: this.name(), place };
  }

  protected clauses(): Clause[] {
    const clauses: Clause[] = [];
    for (;;)
      if (this.accept("for")) {
        const name = this.name();
        this.expect("in");
        clauses.push({ name, over: this.expression() });
      } else if (this.accept("if")) clauses.push({ condition: this.expression() });
      else return clauses;
  }

  protected parameters(): Parameter[] {
    const parameters = this.separated(() => this.parameter(), ")");
    const names = parameters.map(({ name }) => name);
    if (new Set(names).size < names.length) this.refuse("two parameters have the same name");
    return parameters;
  }

  protected parameter(): Parameter {
    const name = this.name();
    return { name, ...(this.accept("=") && { fallback: this.expression() }) };
  }

  /** Names of fields and what `for` goes through are made before there is the object that they are a part of. */
  protected outside<Result>(read: () => Result): Result {
    this.#objects--;
    const result = read();
    this.#objects++;
    return result;
  }

  protected insideObject(): void {
    if (this.#objects === 0) this.refuse("self, super and $ mean something inside an object only");
  }
}
