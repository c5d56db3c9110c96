/**
 * Writes JSON in its one canonical spelling (RFC 8785): members in the order of their names, nothing in between. Numbers and strings are
 * what `JSON.stringify` makes of them, as that document says.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).filter(([, one]) => one !== undefined);
  // By units of UTF-16, as comparing strings does.
  members.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, one]) => `${JSON.stringify(name)}:${canonicalJson(one)}`).join(",")}}`;
}
