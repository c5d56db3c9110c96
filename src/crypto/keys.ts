import { createSecretKey, hkdfSync } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { createBoundedCache } from "../bounded-cache.ts";

const keys = createBoundedCache<string, KeyObject>(512);

/** A 256-bit key for one purpose, drawn from a secret (HKDF, RFC 5869), so that no two purposes share a key. */
export function keyFor(purpose: string, secret: string): KeyObject {
  const name = `${purpose}\0${secret}`;
  // As an object: node:crypto takes 10 us to make one of bytes, at each use.
  return (
    keys.get(name) ??
    keys.set(name, createSecretKey(Buffer.from(hkdfSync("sha256", secret, "", `ostiary ${purpose}`, 32))))
  );
}
