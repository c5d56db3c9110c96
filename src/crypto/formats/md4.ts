const blockBytes = 64;

const rotate = (word: number, bits: number) => (word << bits) | (word >>> (32 - bits));

/** One of the three passes over a block: its function, constant, order of words and rotations (RFC 1320, section 3.4). */
interface Pass {
  readonly mix: (b: number, c: number, d: number) => number;
  readonly constant: number;
  readonly order: readonly number[];
  readonly rotations: readonly number[];
}

const passes: readonly Pass[] = [
  {
    mix: (b, c, d) => (b & c) | (~b & d),
    constant: 0,
    order: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    rotations: [3, 7, 11, 19],
  },
  {
    mix: (b, c, d) => (b & c) | (b & d) | (c & d),
    constant: 0x5a827999,
    order: [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15],
    rotations: [3, 5, 9, 13],
  },
  {
    mix: (b, c, d) => b ^ c ^ d,
    constant: 0x6ed9eba1,
    order: [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15],
    rotations: [3, 9, 11, 15],
  },
];

/** MD4 (RFC 1320), which OpenSSL has retired and old password tables have not. */
export function md4(message: Buffer): Buffer {
  const padding = Buffer.alloc(((119 - (message.length % blockBytes)) % blockBytes) + 1);
  padding[0] = 0x80;
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(message.length) * 8n);
  const padded = Buffer.concat([message, padding, length]);
  const state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476);
  for (let offset = 0; offset < padded.length; offset += blockBytes) absorb(state, padded, offset);
  return Buffer.from(new Uint8Array(state.buffer));
}

function absorb(state: Int32Array, message: Buffer, offset: number): void {
  let [a, b, c, d] = state as unknown as [number, number, number, number];
  for (const { mix, constant, order, rotations } of passes)
    for (const [step, word] of order.entries()) {
      const sum = (a + mix(b, c, d) + message.readInt32LE(offset + word * 4) + constant) | 0;
      [a, b, c, d] = [d, rotate(sum, rotations[step % 4]!), b, c];
    }
  for (const [index, word] of [a, b, c, d].entries()) state[index] = state[index]! + word;
}

/** HMAC (RFC 2104) over MD4. */
export function hmacMd4(key: Buffer, message: Buffer): Buffer {
  const block = Buffer.alloc(blockBytes);
  (key.length > blockBytes ? md4(key) : key).copy(block);
  const inner = md4(Buffer.concat([block.map((byte) => byte ^ 0x36), message]));
  return md4(Buffer.concat([block.map((byte) => byte ^ 0x5c), inner]));
}
