import { randomFillSync } from "node:crypto";

const pool = Buffer.allocUnsafe(10 * 128);
let used = pool.length;

/** A UUID of version 7 (RFC 9562 5.7): in order of time, so that new rows go to the end of an index. */
export function uuidv7(ms: number = Date.now()): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const random = pool.toString("hex", used, used + 10);
  used += 10;
  const time = ms.toString(16).padStart(12, "0");
  // The variant takes two bits of the digit before the last twelve.
  const variant = "89ab"[Number.parseInt(random[3]!, 16) & 3];
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(0, 3)}-${variant}${random.slice(4, 7)}-${random.slice(7, 19)}`;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether a text is a UUID, of any version: what may be compared with an id column. */
export function isUuid(text: string): boolean {
  return uuid.test(text);
}
