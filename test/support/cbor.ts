function head(major: number, count: number): Buffer {
  if (count < 24) return Buffer.from([(major << 5) | count]);
  if (count < 256) return Buffer.from([(major << 5) | 24, count]);
  if (count < 65_536) return Buffer.from([(major << 5) | 25, count >> 8, count & 255]);
  const long = Buffer.alloc(5, (major << 5) | 26);
  long.writeUInt32BE(count, 1);
  return long;
}

/** Writes a value as authenticators do: numbers, texts, bytes, lists, maps and objects. */
export function encodeCbor(value: unknown): Buffer {
  if (typeof value === "number") return value >= 0 ? head(0, value) : head(1, -1 - value);
  if (typeof value === "string") return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value]);
  if (Array.isArray(value)) return Buffer.concat([head(4, value.length), ...value.map(encodeCbor)]);
  const entries = value instanceof Map ? [...value] : Object.entries(value as object);
  return Buffer.concat([
    head(5, entries.length),
    ...entries.flatMap(([name, inner]) => [encodeCbor(name), encodeCbor(inner)]),
  ]);
}
