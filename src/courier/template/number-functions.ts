import { goTime } from "./go-time.ts";
import { show } from "./values.ts";
import type { TemplateFunction } from "./values.ts";

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
  date: (layout, time) => goTime(timeOf(time), show(layout)),
  dateInZone: (layout, time, zone) => goTime(timeOf(time), show(layout), show(zone)),
  date_in_zone: (layout, time, zone) => goTime(timeOf(time), show(layout), show(zone)),
  htmlDate: (time) => goTime(timeOf(time), "2006-01-02"),
  toDate: (_layout, text) => timeOf(text),
  unixEpoch: (time) => String(Math.floor(timeOf(time).getTime() / 1000)),
};
