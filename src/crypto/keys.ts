import { createSecretKey, hkdfSync } from "node:crypto";
import type { KeyObject } from "node:crypto";

const cache = new Map<string, KeyObject>();
const mostKeys = 256;

/** A 256-bit key for one purpose, drawn from a secret (HKDF, RFC 5869), so that no two purposes share a key. */
export function keyFor(purpose: string, secret: string): KeyObject {
  const name = `${purpose}\0${secret}`;
  let key = cache.get(name);
  if (!key) {
    if (cache.size >= mostKeys) cache.clear();
    // As an object: node:crypto takes 10 us to make one of bytes, at each use.
    key = createSecretKey(Buffer.from(hkdfSync("sha256", secret, "", `ostiary ${purpose}`, 32)));
    cache.set(name, key);
  }
  return key;
}
