import { create } from "@bufbuild/protobuf";
import { TimestampSchema } from "@bufbuild/protobuf/wkt";
import type { Timestamp } from "@bufbuild/protobuf/wkt";
import { createBoundedCache } from "../bounded-cache.ts";

const two = Array.from({ length: 100 }, (_, n) => String(n).padStart(2, "0"));
const days = createBoundedCache<number, string>(4096);
const rfc3339 = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.(\d{1,9}))?(?:[Zz]|[+-]\d\d:\d\d)$/;

/**
 * A moment as a Timestamp has it, made of milliseconds since 1970. Seconds of 64 bits cost more to make than the text of it, and REST
 * does without.
 */
export class Moment {
  readonly ms: number;

  constructor(ms: number) {
    this.ms = ms;
  }

  get seconds(): bigint {
    return BigInt(Math.floor(this.ms / 1000));
  }

  get nanos(): number {
    return (this.ms - Math.floor(this.ms / 1000) * 1000) * 1_000_000;
  }
}

let last = { ms: Number.NaN, text: "" };
let lastQuoted = { ms: Number.NaN, text: "" };

/** Writes a moment by RFC 3339. Those of one account are often the same. */
export function writeTimestamp(moment: Moment | Timestamp): string {
  if (!(moment instanceof Moment)) return write(Number(moment.seconds), moment.nanos);
  if (moment.ms !== last.ms) last = { ms: moment.ms, text: write(Math.floor(moment.ms / 1000), moment.nanos) };
  return last.text;
}

/** The same, in quotes. */
export function quoteTimestamp(moment: Moment | Timestamp): string {
  if (!(moment instanceof Moment)) return `"${writeTimestamp(moment)}"`;
  if (moment.ms !== lastQuoted.ms) lastQuoted = { ms: moment.ms, text: `"${writeTimestamp(moment)}"` };
  return lastQuoted.text;
}

/** The day is remembered: making it anew is what costs. */
function write(total: number, nanos: number): string {
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
