import { element } from "./layout.ts";

const months = "janfebmaraprmayjunjulaugsepoctnovdec";

interface Read {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  offsetMinutes: number;
  afternoon?: boolean;
}

type Reader = readonly [pattern: string, take: (read: Read, text: string) => void];

const number = (pattern: string, name: Exclude<keyof Read, "afternoon">): Reader => [
  pattern,
  (read, text) => void (read[name] = Number(text)),
];
const month: Reader["1"] = (read, text) => void (read.month = months.indexOf(text.slice(0, 3).toLowerCase()) / 3 + 1);
const nothing: Reader["1"] = () => undefined;
const half: Reader["1"] = (read, text) => void (read.afternoon = text.toLowerCase() === "pm");
const offset: Reader["1"] = (read, text) => {
  const [, sign, hours, minutes = "0"] = /^([+-])(\d\d):?(\d\d)?$/.exec(text) ?? ["", "+", "0"];
  read.offsetMinutes = (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
};

const readers: Readonly<Record<string, Reader>> = {
  "2006": number("\\d{4}", "year"),
  "06": ["\\d\\d", (read, text) => void (read.year = Number(text) + (Number(text) < 69 ? 2000 : 1900))],
  "01": number("\\d\\d", "month"),
  "1": number("\\d\\d?", "month"),
  Jan: ["[A-Za-z]{3}", month],
  January: ["[A-Za-z]{3,9}", month],
  "02": number("\\d\\d", "day"),
  "2": number("\\d\\d?", "day"),
  _2: number(" ?\\d\\d?", "day"),
  Mon: ["[A-Za-z]{3}", nothing],
  Monday: ["[A-Za-z]{6,9}", nothing],
  "15": number("\\d\\d", "hour"),
  "03": number("\\d\\d", "hour"),
  "3": number("\\d\\d?", "hour"),
  PM: ["[AP]M", half],
  pm: ["[ap]m", half],
  "04": number("\\d\\d", "minute"),
  "4": number("\\d\\d?", "minute"),
  "05": number("\\d\\d(?:[.,]\\d+)?", "second"),
  "5": number("\\d\\d?(?:[.,]\\d+)?", "second"),
  MST: ["[A-Z]{3,4}", nothing],
  "-0700": ["[+-]\\d{4}", offset],
  "-07:00": ["[+-]\\d\\d:\\d\\d", offset],
  "-07": ["[+-]\\d\\d", offset],
  Z0700: ["Z|[+-]\\d{4}", offset],
  "Z07:00": ["Z|[+-]\\d\\d:\\d\\d", offset],
};

/** The moment that a text names in a layout such as `02.01.2006 15:04`, in UTC where the text says no other. Undefined where it does not fit. */
export function parseTime(layout: string, text: string): Date | undefined {
  const taken: Reader["1"][] = [];
  let [pattern, from] = ["", 0];
  for (const { 0: sign, index } of layout.matchAll(element)) {
    const reader = readers[sign] ?? fraction(sign);
    pattern += literal(layout.slice(from, index)) + (reader ? `(${reader[0]})` : literal(sign));
    if (reader) taken.push(reader[1]);
    from = index + sign.length;
  }
  const found = new RegExp(`^${pattern}${literal(layout.slice(from))}$`).exec(text);
  return found ? momentOf(taken, found.slice(1)) : undefined;
}

/** `.000` is so many digits, `.999` as many as there are. */
function fraction(sign: string): Reader | undefined {
  if (!/^[.,]/.test(sign)) return undefined;
  const pattern = sign[1] === "9" ? "(?:[.,]\\d+)?" : `[.,]\\d{${sign.length - 1}}`;
  return [pattern, (read, text) => void (read.second += Number(`0${text}`))];
}

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");

function momentOf(taken: readonly Reader["1"][], texts: readonly string[]): Date | undefined {
  const read: Read = { year: 0, month: 1, day: 1, hour: 0, minute: 0, second: 0, offsetMinutes: 0 };
  for (const [at, take] of taken.entries()) take(read, texts[at]!.trim().replace(",", "."));
  const hour = read.afternoon === undefined ? read.hour : (read.hour % 12) + (read.afternoon ? 12 : 0);
  const moment = new Date(0);
  moment.setUTCFullYear(read.year, read.month - 1, read.day);
  moment.setUTCHours(hour, read.minute, Math.floor(read.second), Math.round((read.second % 1) * 1000));
  const fits =
    moment.getUTCMonth() === read.month - 1 &&
    moment.getUTCDate() === read.day &&
    hour < 24 &&
    read.minute < 60 &&
    read.second < 60;
  return fits ? new Date(moment.getTime() - read.offsetMinutes * 60_000) : undefined;
}
