import { formatTime } from "../time/layout.ts";
import { show } from "../values.ts";
import type { TemplateFunction } from "../values.ts";

const number = (value: unknown): number => {
  const read = typeof value === "boolean" ? Number(value) : Number(show(value) || 0);
  return Number.isNaN(read) ? 0 : read;
};
const whole = (value: unknown): number => Math.trunc(number(value));
const safe = (value: number): number => {
  if (!Number.isFinite(value)) throw new Error("a number cannot be divided by zero");
  return value;
};

function timeOf(value: unknown): Date {
  const time = value instanceof Date ? value : typeof value === "number" ? new Date(value * 1000) : new Date(show(value));
  if (Number.isNaN(time.getTime())) throw new Error(`${JSON.stringify(show(value).slice(0, 40))} is no time`);
  return time;
}

const unitMs: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, "\u00b5s": 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** A duration as Go reads it, such as `-1h30m`, in milliseconds. */
function durationOf(text: string): number {
  if (!/^[+-]?(\d+(\.\d+)?(ns|us|\u00b5s|ms|s|m|h))+$/.test(text)) throw new Error(`${JSON.stringify(text.slice(0, 40))} is no duration`);
  const total = [...text.matchAll(/(\d+(?:\.\d+)?)(ns|us|\u00b5s|ms|s|m|h)/g)].reduce((sum, [, amount, unit]) => sum + Number(amount) * unitMs[unit!]!, 0);
  return text.startsWith("-") ? -total : total;
}

/** A duration as Go writes it, to the second: `1h2m3s`. */
function goDuration(ms: number): string {
  const seconds = Math.round(Math.abs(ms) / 1000);
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return `${ms < 0 && seconds > 0 ? "-" : ""}${h ? `${h}h` : ""}${h || m ? `${m}m` : ""}${s}s`;
}

/** Sprig's functions on numbers and times; times are read as RFC 3339 and written as Go's layouts say, in UTC. */
export const numberFunctions: Readonly<Record<string, TemplateFunction>> = {
  add: (...args) => args.reduce<number>((sum, one) => sum + whole(one), 0),
  add1: (value) => whole(value) + 1,
  sub: (one, other) => whole(one) - whole(other),
  mul: (...args) => args.reduce<number>((product, one) => product * whole(one), 1),
  div: (one, other) => Math.trunc(safe(whole(one) / whole(other))),
  mod: (one, other) => safe(whole(one) % whole(other)),
  max: (...args) => Math.max(...args.map(whole)),
  min: (...args) => Math.min(...args.map(whole)),
  int: whole,
  int64: whole,
  atoi: whole,
  float64: number,
  ceil: (value) => Math.ceil(number(value)),
  floor: (value) => Math.floor(number(value)),
  round: (value, digits) => Number(number(value).toFixed(Math.min(Math.max(whole(digits), 0), 20))),
  now: () => new Date(),
  date: (layout, time) => formatTime(timeOf(time), show(layout)),
  dateInZone: (layout, time, zone) => formatTime(timeOf(time), show(layout), show(zone)),
  date_in_zone: (layout, time, zone) => formatTime(timeOf(time), show(layout), show(zone)),
  htmlDate: (time) => formatTime(timeOf(time), "2006-01-02"),
  toDate: (_layout, text) => timeOf(text),
  dateModify: (duration, time) => new Date(timeOf(time).getTime() + durationOf(show(duration))),
  date_modify: (duration, time) => new Date(timeOf(time).getTime() + durationOf(show(duration))),
  ago: (time) => goDuration(Date.now() - timeOf(time).getTime()),
  duration: (seconds) => goDuration(whole(seconds) * 1000),
  unixEpoch: (time) => String(Math.floor(timeOf(time).getTime() / 1000)),
};
