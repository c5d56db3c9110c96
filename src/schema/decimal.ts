/** A number as JSON writes it: digits, and by which power of ten they count. */
function decimalOf(value: number): { digits: bigint; exponent: number } {
  const [, sign, whole, fraction = "", power = "0"] = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/.exec(String(value))!;
  return { digits: BigInt(`${sign}${whole}${fraction}`), exponent: Number(power) - fraction.length };
}

/** Whether a number is a multiple of another one, as people reckon: 0.3 is one of 0.1. */
export function isMultiple(value: number, of: number): boolean {
  if (!Number.isFinite(value)) return false;
  const [one, other] = [decimalOf(value), decimalOf(of)];
  const least = Math.min(one.exponent, other.exponent);
  const scaled = ({ digits, exponent }: ReturnType<typeof decimalOf>) => digits * 10n ** BigInt(exponent - least);
  return scaled(one) % scaled(other) === 0n;
}
