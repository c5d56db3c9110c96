import { randomBytes } from "node:crypto";
import { decrypt, encrypt } from "./aead.ts";

const nonceBytes = 24;

/** XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha) under a given or a fresh nonce: nonce, ciphertext, tag. */
export function sealXChaCha(key: Buffer, plaintext: string, nonce = randomBytes(nonceBytes)): Buffer {
  return Buffer.concat([nonce, encrypt("chacha20-poly1305", ...inner(key, nonce), plaintext)]);
}

/** The opposite of `sealXChaCha`. */
export function openXChaCha(key: Buffer, sealed: Buffer): string | undefined {
  if (sealed.length < nonceBytes) return undefined;
  const nonce = sealed.subarray(0, nonceBytes);
  return decrypt("chacha20-poly1305", ...inner(key, nonce), sealed.subarray(nonceBytes));
}

/** The key and nonce of the ChaCha20-Poly1305 within. */
function inner(key: Buffer, nonce: Buffer): [key: Buffer, nonce: Buffer] {
  return [hChaCha20(key, nonce.subarray(0, 16)), Buffer.concat([Buffer.alloc(4), nonce.subarray(16)])];
}

/** Draws a subkey from a key and 16 bytes of a nonce: the ChaCha20 rounds without the final addition. */
export function hChaCha20(key: Buffer, nonce: Buffer): Buffer {
  const input = Buffer.concat([Buffer.from("expand 32-byte k"), key, nonce]);
  const state = Uint32Array.from({ length: 16 }, (_, index) => input.readUInt32LE(index * 4));
  for (let round = 0; round < 10; round++) {
    for (let column = 0; column < 4; column++) quarterRound(state, column, column + 4, column + 8, column + 12);
    for (let column = 0; column < 4; column++)
      quarterRound(state, column, ((column + 1) % 4) + 4, ((column + 2) % 4) + 8, ((column + 3) % 4) + 12);
  }
  const output = Buffer.alloc(32);
  for (let index = 0; index < 4; index++) {
    output.writeUInt32LE(state[index]!, index * 4);
    output.writeUInt32LE(state[index + 12]!, 16 + index * 4);
  }
  return output;
}

function quarterRound(state: Uint32Array, a: number, b: number, c: number, d: number): void {
  mix(state, a, b, d, 16);
  mix(state, c, d, b, 12);
  mix(state, a, b, d, 8);
  mix(state, c, d, b, 7);
}

/** a += b; c = (c ^ a) <<< bits. */
function mix(state: Uint32Array, a: number, b: number, c: number, bits: number): void {
  state[a] = state[a]! + state[b]!;
  const word = state[c]! ^ state[a]!;
  state[c] = (word << bits) | (word >>> (32 - bits));
}
