import { randomFillSync } from "node:crypto";

const pool = Buffer.allocUnsafe(10 * 128);
let used = pool.length;
let lastMs = 0;
let counter = 0;

/**
 * A UUID of version 7 (RFC 9562 5.7, counter of 6.2): in order of making within a process, so that new rows go to the end
 * of an index and lists sorted by id keep the order in which they were written.
 */
export function uuidv7(now: number = Date.now()): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const random = pool.toString("hex", used, used + 10);
  used += 10;
  tick(now, Number.parseInt(random.slice(0, 3), 16));
  const time = lastMs.toString(16).padStart(12, "0");
  const variant = "89ab"[Number.parseInt(random[3]!, 16) & 3];
  const sequence = counter.toString(16).padStart(3, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${sequence}-${variant}${random.slice(4, 7)}-${random.slice(7, 19)}`;
}

function tick(now: number, random: number): void {
  if (now === lastMs && counter < 0xfff) {
    counter++;
  } else {
    // A test may set the clock back: the order holds among ids of one moment only.
    lastMs = now === lastMs ? now + 1 : now;
    counter = random >> 1;
  }
}

/** A UUID of version 8 (RFC 9562 5.8) for the first bytes of a digest: the same for the same. */
export function uuidv8(digest: Buffer): string {
  const hex = digest.toString("hex", 0, 16);
  const variant = "89ab"[Number.parseInt(hex[16]!, 16) & 3];
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether a text is a UUID, of any version: what may be compared with an id column. */
export function isUuid(text: string): boolean {
  return uuid.test(text);
}

/** The least id of version 7 that can be made from a moment on. */
export function firstIdAt(ms: number): string {
  const time = Math.max(0, Math.floor(ms)).toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-0000-0000-000000000000`;
}
