/** A positive number with so many digits behind the point, halves to the even neighbour, as Go rounds. */
export function fixed(value: number, digits: number): string {
  const places = Math.min(digits, 100);
  if (value >= 1e21) return BigInt(value).toString() + (places > 0 ? `.${"0".repeat(places)}` : "");
  return isHalf(value, places) ? halfToEven(value, places) : value.toFixed(places);
}

/** Whether a number lies in the very midst between two that have so many digits. */
function isHalf(value: number, digits: number): boolean {
  const exact = value.toFixed(Math.min(digits + 30, 100));
  return /^50*$/.test(exact.slice(exact.indexOf(".") + 1 + digits));
}

function halfToEven(value: number, digits: number): string {
  const cut = value
    .toFixed(Math.min(digits + 1, 100))
    .slice(0, -1)
    .replace(/\.$/, "");
  return /[02468]$/.test(cut) ? cut : value.toFixed(digits);
}

/** A positive number with an exponent of two digits or more. */
export const exponential = (value: number, digits?: number): string =>
  wideExponent(value.toExponential(digits === undefined ? undefined : Math.min(digits, 100)));

/** A positive number as `%g` has it: the shorter of the two, without zeros at its end. As few digits as tell it, unless there is a precision. */
export function general(value: number, precision?: number): string {
  const scientific =
    precision === undefined ? value.toExponential() : value.toExponential(Math.min(Math.max(precision, 1) - 1, 100));
  const [digits, exponent] = [scientific.replace(/e.*/, ""), Number(scientific.split("e")[1])];
  const short = digits.includes(".") ? digits.replace(/\.?0+$/, "") : digits;
  if (exponent < -4 || exponent >= Math.max(precision ?? 6, 1))
    return wideExponent(`${short}e${exponent < 0 ? "-" : "+"}${Math.abs(exponent)}`);
  return Number(scientific).toFixed(Math.max(short.replace(".", "").length - 1 - exponent, 0));
}

/** Go's exponents have two digits: 1e-07. */
export const wideExponent = (text: string): string => text.replace(/e([+-])(\d)$/, "e$10$2");
