const tokens = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g;
const whole = /^-?\d+$/;
// What has more of them is no number at all any more, which is said elsewhere.
const mostDigits = 309;

/** The first whole number of a JSON text that would silently become another one: no double holds it (RFC 8259, 6). */
export function inexactNumber(json: string): string | undefined {
  if (!/\d{16}/.test(json)) return undefined;
  for (const [token] of json.matchAll(tokens))
    if (whole.test(token) && token.length <= mostDigits && BigInt(token) !== BigInt(Number(token))) return token;
  return undefined;
}
