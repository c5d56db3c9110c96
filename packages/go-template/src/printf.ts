import { show } from "./values.ts";

const verb = /%([-+# 0]*)(\d+|\*)?(?:\.(\d+|\*))?([a-zA-Z%])/g;

/** Writes values as Go's fmt.Sprintf does, as far as templates have a use for it. */
export function printf(format: string, ...args: readonly unknown[]): string {
  let at = 0;
  return format.replace(verb, (_, flags: string, width: string | undefined, precision: string | undefined, kind: string) => {
    if (kind === "%") return "%";
    const size = (written: string | undefined) => (written === "*" ? Number(args[at++]) : written === undefined ? undefined : Number(written));
    const [wide, exact] = [size(width), size(precision)];
    if (at >= args.length) return `%!${kind}(MISSING)`;
    const value = args[at++];
    return pad(withSign(one(kind, value, exact), flags, kind, value), flags, Math.min(wide ?? 0, 1000), kind);
  });
}

function one(kind: string, value: unknown, precision: number | undefined): string {
  const number = Number(value);
  switch (kind) {
    case "s":
    case "v":
      return precision === undefined ? show(value) : [...show(value)].slice(0, precision).join("");
    case "q":
      return JSON.stringify(show(value));
    case "d":
      return typeof value === "number" ? String(Math.trunc(value)) : `%!d(${show(value)})`;
    case "f":
    case "F":
      return number.toFixed(Math.min(precision ?? 6, 100));
    case "e":
      return number.toExponential(Math.min(precision ?? 6, 100)).replace(/e([+-])(\d)$/, "e$10$2");
    case "g":
      return precision === undefined ? String(number) : String(Number(number.toPrecision(Math.max(precision, 1))));
    case "t":
      return String(value === true);
    case "x":
    case "X": {
      const hex = typeof value === "number" ? Math.trunc(value).toString(16) : Buffer.from(show(value)).toString("hex");
      return kind === "X" ? hex.toUpperCase() : hex;
    }
    case "o":
      return Math.trunc(number).toString(8);
    case "b":
      return Math.trunc(number).toString(2);
    case "c":
      return String.fromCodePoint(number);
    case "T":
      return typeof value;
    default:
      throw new Error(`printf knows no %${kind}`);
  }
}

const withSign = (text: string, flags: string, kind: string, value: unknown): string =>
  flags.includes("+") && "dfFeg".includes(kind) && Number(value) >= 0 ? `+${text}` : text;

function pad(text: string, flags: string, width: number, kind: string): string {
  if (flags.includes("-")) return text.padEnd(width);
  if (!flags.includes("0")) return text.padStart(width);
  // Texts are filled up with zeros as well, from their beginning.
  const sign = "dfFegxXob".includes(kind) ? (/^[+-]/.exec(text)?.[0] ?? "") : "";
  return sign + text.slice(sign.length).padStart(width - sign.length, "0");
}
