// HTTP/2 as bytes (RFC 9113, 4 and 6), for what no client library sends.

/** The types of frames. */
export const type = {
  data: 0,
  headers: 1,
  priority: 2,
  reset: 3,
  settings: 4,
  ping: 6,
  windowUpdate: 8,
  continuation: 9,
} as const;
/** Their flags. */
export const flag = { ack: 1, endStream: 1, endHeaders: 4, padded: 8 } as const;

/** One frame. */
export function frame(kind: number, flags: number, stream: number, payload: Uint8Array = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = kind;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** What a connection begins with: the preface, and settings that change nothing. */
export const opening = Buffer.concat([Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), frame(type.settings, 0, 0)]);

/** A number of four bytes. */
export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** A header that no table remembers (RFC 7541, 6.2.2). */
export const literal = (name: string, value: string): Buffer =>
  Buffer.concat([Buffer.of(0, name.length), Buffer.from(name), Buffer.of(value.length), Buffer.from(value)]);

/** The headers of a request. */
export const requestHead = (method: string, path: string): Buffer =>
  Buffer.concat([
    literal(":method", method),
    literal(":path", path),
    literal(":scheme", "http"),
    literal(":authority", "localhost"),
  ]);
