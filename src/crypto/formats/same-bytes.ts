import { timingSafeEqual } from "node:crypto";

/** Whether two digests are the same, in a time that does not tell where they differ. */
export const sameBytes = (a: Buffer, b: Buffer): boolean => a.length === b.length && timingSafeEqual(a, b);
