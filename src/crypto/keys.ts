import { hkdfSync } from "node:crypto";

const cache = new Map<string, Buffer>();
const mostKeys = 256;

/** A 256-bit key for one purpose, drawn from a secret (HKDF, RFC 5869), so that no two purposes share a key. */
export function keyFor(purpose: string, secret: string): Buffer {
  const name = `${purpose}\0${secret}`;
  let key = cache.get(name);
  if (!key) {
    if (cache.size >= mostKeys) cache.clear();
    key = Buffer.from(hkdfSync("sha256", secret, "", `ostiary ${purpose}`, 32));
    cache.set(name, key);
  }
  return key;
}
