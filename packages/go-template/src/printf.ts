import { typeName } from "./kinds.ts";
import { show } from "./values.ts";
import { type Directive, formatValue } from "./verbs.ts";

const directive = /%([-+# 0]*)(?:\[(\d+)\])?(\d+|\*)?(?:(\.)(?:\[(\d+)\])?(\d+|\*)?)?(?:\[(\d+)\])?(\p{L}|%|$)?/gu;
/** Wider columns than that are nobody's. */
const widest = 1_000;

/** Writes values as Go's fmt.Sprintf does. What does not fit is told in the text, as there: `%!d(string=a)`. */
export function printf(format: string, ...args: readonly unknown[]): string {
  const source = new Arguments(args);
  const text = format.replace(
    directive,
    (_, flags: string, first, width, point, second, precision, last, verb: string | undefined) => {
      if (verb === "%") return "%";
      if (!verb) return "%!(NOVERB)";
      const wide = source.size(first, width, "WIDTH");
      const exact = point === undefined ? { fault: "" } : source.size(second, precision ?? "0", "PREC");
      const fault = wide.fault + exact.fault;
      const taken = source.take(last ?? (width === "*" ? undefined : first));
      if (typeof taken === "string") return fault + `%!${verb}(${taken})`;
      const left = (wide.size ?? 0) < 0 ? "-" : "";
      return (
        fault +
        formatValue(
          { flags: flags + left, width: Math.abs(wide.size ?? 0), precision: exact.size, verb } satisfies Directive,
          taken.value,
        )
      );
    },
  );
  return text + source.rest();
}

class Arguments {
  readonly #args: readonly unknown[];
  #next = 0;
  #reordered = false;

  constructor(args: readonly unknown[]) {
    this.#args = args;
  }

  /** The next argument, or that of a place; the word for what is wrong where there is none. */
  take(place?: string): { readonly value: unknown } | "MISSING" | "BADINDEX" {
    if (place !== undefined) {
      this.#reordered = true;
      this.#next = Number(place) - 1;
      if (this.#next < 0 || this.#next >= this.#args.length) return "BADINDEX";
    }
    return this.#next < this.#args.length ? { value: this.#args[this.#next++] } : "MISSING";
  }

  /** A width or a precision, which may be an argument itself. */
  size(
    place: string | undefined,
    written: string | undefined,
    name: string,
  ): { readonly size?: number; readonly fault: string } {
    if (written === undefined) return { fault: "" };
    const size = written === "*" ? asked(this.take(place)) : Number(written);
    if (Number.isInteger(size) && Math.abs(size) <= widest) return { size, fault: "" };
    return { fault: `%!(BAD${name})` };
  }

  /** What is left over. */
  rest(): string {
    const left = this.#reordered ? [] : this.#args.slice(this.#next);
    if (left.length === 0) return "";
    return `%!(EXTRA ${left.map((one) => (one === null || one === undefined ? "<nil>" : `${typeName(one)}=${show(one)}`)).join(", ")})`;
  }
}

const asked = (taken: ReturnType<Arguments["take"]>): number =>
  typeof taken === "string" || typeof taken.value !== "number" ? Number.NaN : taken.value;
