/** A number as programs put it into texts: a whole one in full, any other with 17 digits, as much as tells it from its neighbours. */
export function numeral(value: number): string {
  if (Object.is(value, -0)) return "-0";
  if (Number.isInteger(value)) return BigInt(value).toString();
  return (value < 0 ? "-" : "") + general(Math.abs(value), 17, false);
}

/** `%f` of a positive number. */
export function fixed(value: number, digits: number, point = false): string {
  // Rounded half up after it is scaled, as other evaluators do: 0.35 becomes 0.4, though it is a little less.
  const scaled = Math.floor(value * 10 ** digits + 0.5);
  const text = Number.isSafeInteger(scaled) ? withPoint(String(scaled), digits) : exact(value, digits);
  return point && digits === 0 ? `${text}.` : text;
}

function withPoint(scaled: string, digits: number): string {
  const all = scaled.padStart(digits + 1, "0");
  return digits === 0 ? all : `${all.slice(0, -digits)}.${all.slice(-digits)}`;
}

const exact = (value: number, digits: number): string =>
  // JavaScript goes over to exponents from here on.
  value < 1e21
    ? value.toFixed(Math.min(digits, 100))
    : BigInt(value).toString() + (digits > 0 ? `.${"0".repeat(digits)}` : "");

/** `%e` of a positive number: an exponent has two digits or more. */
export function exponential(value: number, digits: number, point = false): string {
  const text = value.toExponential(Math.min(digits, 100)).replace(/e([+-])(\d)$/, "e$10$2");
  return point && digits === 0 ? text.replace("e", ".e") : text;
}

/** `%g` of a positive number: the shorter of the two, without the zeros at its end unless `alternate` keeps them. */
export function general(value: number, precision: number, alternate: boolean): string {
  const digits = Math.max(precision, 1);
  const exponent = value === 0 ? 0 : Number(value.toExponential(Math.min(digits - 1, 100)).split("e")[1]);
  const text =
    exponent < -4 || exponent >= digits
      ? exponential(value, digits - 1, alternate)
      : exact(value, digits - 1 - exponent);
  return alternate ? text : text.replace(/^(\d+(?:\.\d*?[1-9])?)\.?0*(?=e|$)/, "$1");
}
