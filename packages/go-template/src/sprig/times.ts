import { formatTime } from "../time/layout.ts";
import { parseTime } from "../time/parse.ts";
import { fixedArity, show } from "../values.ts";
import type { TemplateFunction } from "../values.ts";
import { wholeOf } from "./numbers.ts";

/** Sprig's functions on times: they are moments, seconds since 1970, or texts as RFC 3339 has them, and are written as Go's layouts say, in UTC. */
export const timeFunctions: Readonly<Record<string, TemplateFunction>> = fixedArity({
  now: () => new Date(),
  date: (layout, time) => formatTime(timeOf(time), show(layout)),
  dateInZone: inZone,
  date_in_zone: inZone,
  htmlDate: (time) => formatTime(timeOf(time), "2006-01-02"),
  toDate: (layout, text) => parseTime(show(layout), show(text)) ?? refuse(show(text), "time"),
  dateModify: later,
  date_modify: later,
  ago: (time) => goDuration(Date.now() - timeOf(time).getTime()),
  duration: (seconds) => goDuration(wholeOf(seconds) * 1000),
  unixEpoch: (time) => String(Math.floor(timeOf(time).getTime() / 1000)),
});

function inZone(layout: unknown, time: unknown, zone: unknown): string {
  return formatTime(timeOf(time), show(layout), isZone(show(zone)) ? show(zone) : "UTC");
}

function isZone(zone: string): boolean {
  try {
    Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

function later(duration: unknown, time: unknown): Date {
  return new Date(timeOf(time).getTime() + durationOf(show(duration)));
}

function timeOf(value: unknown): Date {
  const time =
    value instanceof Date ? value : typeof value === "number" ? new Date(value * 1000) : new Date(show(value));
  return Number.isNaN(time.getTime()) ? refuse(show(value), "time") : time;
}

function refuse(text: string, what: string): never {
  throw new Error(`${JSON.stringify(text.slice(0, 40))} is no ${what}`);
}

const unitMs: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/** A duration as Go reads it, such as `-1h30m`, in milliseconds. */
function durationOf(text: string): number {
  if (!/^[+-]?(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/.test(text)) refuse(text, "duration");
  const total = [...text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g)].reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * unitMs[unit!]!,
    0,
  );
  return text.startsWith("-") ? -total : total;
}

/** A duration as Go writes it, to the second: `1h2m3s`. */
function goDuration(ms: number): string {
  const seconds = Math.round(Math.abs(ms) / 1000);
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return `${ms < 0 && seconds > 0 ? "-" : ""}${h ? `${h}h` : ""}${h || m ? `${m}m` : ""}${s}s`;
}
