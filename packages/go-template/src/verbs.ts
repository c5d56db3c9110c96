import { exponential, fixed, general } from "./decimal.ts";
import { typeName } from "./kinds.ts";
import { backquoted, quoted } from "./quote.ts";
import { Escaped, isMap, show } from "./values.ts";

/** One `%…` of a format. */
export interface Directive {
  readonly flags: string;
  readonly width: number;
  readonly precision: number | undefined;
  readonly verb: string;
}

/** A value as a verb writes it; lists and maps have it done to what they hold. */
export function formatValue(directive: Directive, value: unknown): string {
  const { verb, flags } = directive;
  if (verb === "T") return padded(directive, typeName(value));
  if (value === null || value === undefined) return padded(directive, "sv".includes(verb) ? "" : `%!${verb}(<nil>)`);
  if (verb === "v" && flags.includes("#")) return padded(directive, inGo(value));
  if (Array.isArray(value)) return `[${value.map((one) => nested(directive, one)).join(" ")}]`;
  if (isMap(value))
    return `map[${Object.keys(value)
      .toSorted()
      .map((key) => `${nested(directive, key)}:${nested(directive, value[key])}`)
      .join(" ")}]`;
  if (typeof value === "number") return numeric(directive, value);
  if (typeof value === "boolean") return padded(directive, "tv".includes(verb) ? String(value) : misfit(verb, value));
  return textual(directive, value);
}

const nested = (directive: Directive, value: unknown): string =>
  value === null || value === undefined
    ? padded(directive, directive.verb === "v" ? "<nil>" : `%!${directive.verb}(<nil>)`)
    : formatValue(directive, value);

const misfit = (verb: string, value: unknown): string => `%!${verb}(${typeName(value)}=${show(value)})`;

function textual(directive: Directive, value: unknown): string {
  const { verb, flags, precision } = directive;
  if (typeof value !== "string" && !(value instanceof Date) && !(value instanceof Escaped)) return misfit(verb, value);
  const text = precision === undefined ? show(value) : Array.from(show(value)).slice(0, precision).join("");
  switch (verb) {
    case "s":
    case "v":
      return padded(directive, text);
    case "q":
      return padded(directive, flags.includes("#") ? backquoted(text) : quoted(text, '"', flags.includes("+")));
    case "x":
    case "X":
      return padded(directive, inHex(text, directive));
    default:
      return misfit(verb, value);
  }
}

function inHex(text: string, { flags, verb }: Directive): string {
  const bytes = [...Buffer.from(text)].map((byte) => byte.toString(16).padStart(2, "0"));
  const prefix = flags.includes("#") ? "0x" : "";
  const hex = flags.includes(" ") ? bytes.map((byte) => prefix + byte).join(" ") : prefix + bytes.join("");
  return verb === "X" ? hex.toUpperCase() : hex;
}

function numeric(directive: Directive, value: number): string {
  const { verb, flags, precision } = directive;
  const written =
    "vdboOxX".includes(verb) && Number.isInteger(value)
      ? digitsOf(directive, Math.abs(value))
      : fractionOf(directive, Math.abs(value));
  if (written !== undefined) return signed(directive, value < 0, written);
  if (!Number.isInteger(value)) return misfit(verb, value);
  if (!"cqU".includes(verb)) return misfit(verb, value);
  if (verb === "U")
    return padded(
      directive,
      `U+${value
        .toString(16)
        .toUpperCase()
        .padStart(Math.max(precision ?? 4, 4), "0")}`,
    );
  const character = value >= 0 && value <= 0x10_ff_ff ? String.fromCodePoint(value) : "\uFFFD";
  return padded(directive, verb === "c" ? character : quoted(character, "'", flags.includes("+")));
}

/** A whole number in some base, with its prefix. */
function digitsOf({ verb, flags, precision }: Directive, value: number): string {
  const bases: Readonly<Record<string, readonly [base: number, prefix: string]>> = {
    b: [2, "0b"],
    o: [8, "0"],
    O: [8, ""],
    x: [16, "0x"],
    X: [16, "0x"],
  };
  const [base, prefix] = bases[verb] ?? [10, ""];
  const digits =
    (verb === "O" ? "0o" : flags.includes("#") ? prefix : "") +
    BigInt(value)
      .toString(base)
      .padStart(precision ?? 0, "0");
  return verb === "X" ? digits.toUpperCase() : digits;
}

function fractionOf({ verb, precision }: Directive, value: number): string | undefined {
  switch (verb) {
    case "v":
      return show(value);
    case "f":
    case "F":
      return fixed(value, precision ?? 6);
    case "e":
    case "E":
      return verb === "E" ? exponential(value, precision ?? 6).toUpperCase() : exponential(value, precision ?? 6);
    case "g":
    case "G":
      return verb === "G" ? general(value, precision).toUpperCase() : general(value, precision);
    default:
      return undefined;
  }
}

/** Zeros stand between the sign and the digits, unless these have a precision. */
function signed(directive: Directive, negative: boolean, digits: string): string {
  const { flags, width, precision, verb } = directive;
  const sign = negative ? "-" : /\+/.test(flags) ? "+" : flags.includes(" ") ? " " : "";
  const zeros = flags.includes("0") && !flags.includes("-") && (precision === undefined || "fFeEgG".includes(verb));
  return padded(
    { ...directive, flags: flags.replaceAll("0", "") },
    sign + (zeros ? digits.padStart(width - sign.length, "0") : digits),
  );
}

/** Columns are counted in characters. */
function padded({ flags, width }: Directive, text: string): string {
  const missing = Math.max(width - Array.from(text).length, 0);
  if (flags.includes("-")) return text + " ".repeat(missing);
  return (flags.includes("0") ? "0" : " ").repeat(missing) + text;
}

/** A value as a program in Go has it. */
function inGo(value: unknown): string {
  if (value === null || value === undefined) return "interface {}(nil)";
  if (typeof value === "string") return quoted(value);
  if (Array.isArray(value)) return `[]interface {}{${value.map(inGo).join(", ")}}`;
  if (!isMap(value)) return show(value);
  return `map[string]interface {}{${Object.keys(value)
    .toSorted()
    .map((key) => `${quoted(key)}:${inGo(value[key])}`)
    .join(", ")}}`;
}
