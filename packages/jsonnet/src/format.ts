import type { Budget } from "./budget.ts";
import { characterOf, lengthOf } from "./characters.ts";
import { fail } from "./error.ts";
import { toText } from "./manifest.ts";
import { exponential, fixed, general } from "./numerals.ts";
import { described, type Items, JsonnetObject, type Value } from "./value.ts";

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
  const text = template.replace(
    directive,
    (_, name: string | undefined, flags: string, width, precision, conversion) => {
      if (conversion === undefined) return fail("a % of a template says nothing that can be filled in");
      const given = {
        flags,
        width: source.size(width) ?? 0,
        precision: source.size(precision),
        conversion,
      } as Directive;
      if (conversion === "%") return padded(given, "", "%");
      budget.charge(1 + (given.width + (given.precision ?? 0)) / 16);
      return filled(budget, given, name === undefined ? source.next() : source.named(name));
    },
  );
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
    return this.#values instanceof JsonnetObject
      ? this.#values.get(name)
      : fail(`a template wants the field ${name} of an object`);
  }

  size(text: string | undefined): number | undefined {
    if (text === undefined) return undefined;
    const size = text === "*" ? this.next() : Number(text);
    return typeof size === "number" ? size : fail("a width has to be a number");
  }

  finish(): void {
    const given = this.#list?.length ?? (this.#values instanceof JsonnetObject ? 0 : 1);
    if (this.#next < given) fail("a template is given more values than it wants");
  }

  /** A list may hold null, which is a value. */
  #none(index: number): null {
    return index < this.#list!.length ? null : fail("a template wants more values than it is given");
  }
}

function filled(budget: Budget, directive: Directive, value: Value): string {
  const { conversion } = directive;
  // A precision says nothing of a text.
  if (conversion === "s") return padded(directive, "", toText(budget, value));
  if (conversion === "c") return padded(directive, "", oneCharacter(value));
  if (typeof value !== "number") return fail(`%${conversion} takes a number, not ${described(value)}`);
  const sign = value < 0 ? "-" : (/[+ ]/.exec(directive.flags)?.[0] ?? "");
  const capital = (text: string) => (conversion === conversion.toLowerCase() ? text : text.toUpperCase());
  return padded(directive, sign + capital(prefixOf(directive, value)), capital(digitsOf(directive, Math.abs(value))));
}

function oneCharacter(value: Value): string {
  if (typeof value === "number") return characterOf(value);
  if (typeof value === "string" && lengthOf(value) === 1) return value;
  return fail(
    `%c takes one character, or a code point, not ${typeof value === "string" ? `${lengthOf(value)} characters` : described(value)}`,
  );
}

function prefixOf({ conversion, flags }: Directive, value: number): string {
  if (!flags.includes("#")) return "";
  if (conversion === "o") return Math.trunc(value) === 0 ? "" : "0";
  return conversion.toLowerCase() === "x" ? "0x" : "";
}

function digitsOf({ conversion, precision, flags }: Directive, value: number): string {
  const alternate = flags.includes("#");
  const whole = (radix: number) =>
    BigInt(Math.trunc(value))
      .toString(radix)
      .padStart(precision ?? 0, "0");
  switch (conversion.toLowerCase()) {
    case "o":
      return whole(8);
    case "x":
      return whole(16);
    case "e":
      return exponential(value, precision ?? 6, alternate);
    case "f":
      return fixed(value, precision ?? 6, alternate);
    case "g":
      return general(value, precision ?? 6, alternate);
    default:
      return whole(10);
  }
}

/** Zeros stand between what goes before the digits and these. */
function padded({ flags, width, conversion }: Directive, before: string, text: string): string {
  const missing = width - lengthOf(text) - before.length;
  if (missing <= 0) return before + text;
  if (flags.includes("-")) return before + text + " ".repeat(missing);
  return flags.includes("0") && !"cs%".includes(conversion)
    ? before + "0".repeat(missing) + text
    : " ".repeat(missing) + before + text;
}
