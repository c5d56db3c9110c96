import { create } from "@bufbuild/protobuf";
import { TimestampSchema } from "@bufbuild/protobuf/wkt";
import type { Timestamp } from "@bufbuild/protobuf/wkt";
import { createBoundedCache } from "../bounded-cache.ts";

const two = Array.from({ length: 100 }, (_, n) => String(n).padStart(2, "0"));
const days = createBoundedCache<number, string>(4096);
const rfc3339 = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.(\d{1,9}))?(?:[Zz]|[+-]\d\d:\d\d)$/;

/** Writes a moment by RFC 3339. The day is remembered: making it anew is what costs. */
export function writeTimestamp({ seconds, nanos }: Timestamp): string {
  const total = Number(seconds);
  const day = Math.floor(total / 86_400);
  const rest = total - day * 86_400;
  const hours = Math.floor(rest / 3600);
  const minutes = Math.floor((rest - hours * 3600) / 60);
  const time = `${two[hours]}:${two[minutes]}:${two[rest - hours * 3600 - minutes * 60]}`;
  return `${dayOf(day)}T${time}${fractionOf(nanos)}Z`;
}

const dayOf = (day: number): string =>
  days.get(day) ?? days.set(day, new Date(day * 86_400_000).toISOString().split("T")[0]!);

function fractionOf(nanos: number): string {
  if (nanos === 0) return "";
  const digits = String(nanos).padStart(9, "0");
  if (digits.endsWith("000000")) return `.${digits.slice(0, 3)}`;
  return digits.endsWith("000") ? `.${digits.slice(0, 6)}` : `.${digits}`;
}

/** Reads a moment by RFC 3339; undefined where it is none. */
export function readTimestamp(text: unknown): Timestamp | undefined {
  const match = typeof text === "string" ? rfc3339.exec(text) : null;
  const ms = match ? Date.parse(text as string) : Number.NaN;
  if (!match || Number.isNaN(ms)) return undefined;
  const nanos = match[1] ? Number(match[1].padEnd(9, "0")) : 0;
  return create(TimestampSchema, { seconds: BigInt(Math.floor(ms / 1000)), nanos });
}
