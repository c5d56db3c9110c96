import type { Budget } from "./budget.ts";
import { lengthOf } from "./characters.ts";
import { fail } from "./error.ts";
import { toText } from "./manifest.ts";
import { type Items, JsonnetObject, typeOf, type Value } from "./value.ts";

const directive = /%(?:\(([^)]*)\))?([#0\- +]*)(\*|\d+)?(?:\.(\*|\d+))?[hlL]?([diouxXeEfFgGcs%])?/g;

/** One `%…` of a template. */
interface Directive {
  readonly flags: string;
  readonly width: number;
  readonly precision: number | undefined;
  readonly conversion: string;
}

/**
 * Fills in a template as Python's % does: `%s %05d %-8.3f %(name)s %%`. A list gives values by order, an object by name,
 * any other value is the only one.
 */
export function format(budget: Budget, template: string, values: Value): string {
  const source = new Source(values);
  const text = template.replace(directive, (_, name: string | undefined, flags: string, width, precision, conversion) => {
    if (conversion === undefined) return fail("a % of a template says nothing that can be filled in");
    const given = { flags, width: source.size(width) ?? 0, precision: source.size(precision), conversion } as Directive;
    if (conversion === "%") return padded(given, "%", "");
    budget.charge(1 + (given.width + (given.precision ?? 0)) / 16);
    return filled(budget, given, name === undefined ? source.next() : source.named(name));
  });
  source.finish();
  budget.charge(text.length / 16);
  return text;
}

class Source {
  readonly #values: Value;
  readonly #list: Items | undefined;
  #next = 0;

  constructor(values: Value) {
    this.#values = values;
    this.#list = Array.isArray(values) ? (values as Items) : undefined;
  }

  next(): Value {
    const index = this.#next++;
    if (this.#list) return this.#list[index]?.get() ?? this.#none(index);
    if (this.#values instanceof JsonnetObject) return fail("a template that is given an object has to name the fields");
    return index === 0 ? this.#values : fail("a template wants more values than it is given");
  }

  named(name: string): Value {
    return this.#values instanceof JsonnetObject ? this.#values.get(name) : fail(`a template wants the field ${name} of an object`);
  }

  size(text: string | undefined): number | undefined {
    if (text === undefined) return undefined;
    const size = text === "*" ? this.next() : Number(text);
    return typeof size === "number" ? size : fail("a width has to be a number");
  }

  finish(): void {
    if (this.#list && this.#next < this.#list.length) fail("a template is given more values than it wants");
  }

  /** A list may hold null, which is a value. */
  #none(index: number): null {
    return index < this.#list!.length ? null : fail("a template wants more values than it is given");
  }
}

function filled(budget: Budget, directive: Directive, value: Value): string {
  const { conversion, precision } = directive;
  if (conversion === "s") {
    const text = toText(budget, value);
    return padded(directive, precision === undefined ? text : text.slice(0, precision), "");
  }
  if (conversion === "c") return padded(directive, typeof value === "number" ? String.fromCodePoint(value) : String(value), "");
  if (typeof value !== "number") return fail(`%${conversion} takes a number, not a ${typeOf(value)}`);
  const sign = value < 0 ? "-" : /[+ ]/.exec(directive.flags)?.[0] ?? "";
  const text = numeral(directive, Math.abs(value));
  return padded(directive, conversion === conversion.toLowerCase() ? text : text.toUpperCase(), sign);
}

function numeral({ conversion, precision, flags }: Directive, value: number): string {
  const alternate = flags.includes("#");
  const whole = (radix: number) => BigInt(Math.trunc(value)).toString(radix).padStart(precision ?? 0, "0");
  switch (conversion.toLowerCase()) {
    case "o":
      return (alternate ? "0" : "") + whole(8);
    case "x":
      return (alternate ? "0x" : "") + whole(16);
    case "e":
      return exponential(value, precision ?? 6);
    case "f":
      return fixed(value, precision ?? 6);
    case "g":
      return general(value, precision ?? 6, alternate);
    default:
      return whole(10);
  }
}

const fixed = (value: number, digits: number): string =>
  // JavaScript goes over to exponents from here on.
  value < 1e21 ? value.toFixed(Math.min(digits, 100)) : BigInt(value).toString() + (digits > 0 ? `.${"0".repeat(digits)}` : "");

const exponential = (value: number, digits: number): string =>
  value.toExponential(Math.min(digits, 100)).replace(/e([+-])(\d)$/, "e$10$2");

function general(value: number, precision: number, alternate: boolean): string {
  const digits = Math.max(precision, 1);
  const exponent = value === 0 ? 0 : Number(value.toExponential(digits - 1).split("e")[1]);
  const text = exponent < -4 || exponent >= digits ? exponential(value, digits - 1) : fixed(value, digits - 1 - exponent);
  return alternate || !text.includes(".") ? text : text.replace(/\.?0+(?=e|$)/, "");
}

function padded({ flags, width, conversion }: Directive, text: string, sign: string): string {
  const missing = width - lengthOf(text) - sign.length;
  if (missing <= 0) return sign + text;
  if (flags.includes("-")) return sign + text + " ".repeat(missing);
  return flags.includes("0") && !"cs%".includes(conversion) ? sign + "0".repeat(missing) + text : " ".repeat(missing) + sign + text;
}
