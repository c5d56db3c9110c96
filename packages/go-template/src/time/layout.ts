// The names of zones are known where people use them.
const regions = ["en-US", "en-GB", "en-CA", "en-AU", "en-NZ", "en-IN", "en-ZA"];

const months = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];
const days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
/** The pieces of a layout: what each stands for is what it says of the moment 2006-01-02 15:04:05. */
export const element =
  /January|Jan|Monday|Mon|2006|06|01|002|__2|02|_2|03|15|04|05|PM|pm|MST|Z07:00|Z0700|-07:00|-0700|-07|[.,]0+(?!\d)|[.,]9+(?!\d)|1|2|3|4|5/g;

interface Clock {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly weekday: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly ms: number;
  readonly offsetMinutes: number;
  /** Asked for by few layouts, and it takes a while to find out. */
  readonly zoneName: () => string;
}

/** A moment written as an example of Go's (2006-01-02 15:04:05) says, in a time zone of IANA's. */
export function formatTime(moment: Date, layout: string, zone = "UTC"): string {
  const clock = read(moment, zone);
  return layout.replace(element, (sign) => write(sign, clock));
}

const numeric = {
  year: "numeric",
  month: "numeric",
  day: "numeric",
  hour: "numeric",
  minute: "numeric",
  second: "numeric",
} as const;

function read(moment: Date, zone: string): Clock {
  const format = new Intl.DateTimeFormat("en-US", { timeZone: zone, hourCycle: "h23", ...numeric });
  const part = Object.fromEntries(
    format.formatToParts(moment).map(({ type, value }) => [type, Number(value)]),
  ) as Record<string, number>;
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  const local = utc(year, month - 1, day) + ((hour * 60 + minute) * 60 + second) * 1000;
  const offsetMinutes = Math.round((local - Math.floor(moment.getTime() / 1000) * 1000) / 60_000);
  const [weekday, ms] = [new Date(local).getUTCDay(), moment.getUTCMilliseconds()];
  return {
    year,
    month,
    day,
    weekday,
    hour,
    minute,
    second,
    ms,
    offsetMinutes,
    zoneName: () => abbreviation(moment, zone, offsetMinutes),
  };
}

/** CET, or +03 where a zone has no such name. */
function abbreviation(moment: Date, zone: string, offsetMinutes: number): string {
  if (zone === "UTC") return zone;
  for (const region of regions) {
    const parts = new Intl.DateTimeFormat(region, { timeZone: zone, timeZoneName: "short" }).formatToParts(moment);
    const name = parts.find(({ type }) => type === "timeZoneName")?.value;
    if (name && /^[A-Z]+$/.test(name)) return name;
  }
  return offset(offsetMinutes % 60 === 0 ? "-07" : "-0700", offsetMinutes);
}

const dayOfYear = ({ year, month, day }: Clock): number =>
  Math.floor((utc(year, month - 1, day) - utc(year, 0, 0)) / 86_400_000);

/** A day in milliseconds; JavaScript takes the years before 100 for those of the last century. */
const utc = (year: number, month: number, day: number): number => new Date(0).setUTCFullYear(year, month, day);

const two = (value: number) => String(value).padStart(2, "0");

function write(sign: string, at: Clock): string {
  const half = at.hour % 12 || 12;
  const parts: Readonly<Record<string, () => string>> = {
    January: () => months[at.month - 1]!,
    Jan: () => months[at.month - 1]!.slice(0, 3),
    "01": () => two(at.month),
    "1": () => String(at.month),
    Monday: () => days[at.weekday]!,
    Mon: () => days[at.weekday]!.slice(0, 3),
    "02": () => two(at.day),
    _2: () => String(at.day).padStart(2),
    "2": () => String(at.day),
    "002": () => String(dayOfYear(at)).padStart(3, "0"),
    __2: () => String(dayOfYear(at)).padStart(3),
    "2006": () => String(at.year).padStart(4, "0"),
    "06": () => two(at.year % 100),
    "15": () => two(at.hour),
    "03": () => two(half),
    "3": () => String(half),
    "04": () => two(at.minute),
    "4": () => String(at.minute),
    "05": () => two(at.second),
    "5": () => String(at.second),
    PM: () => (at.hour < 12 ? "AM" : "PM"),
    pm: () => (at.hour < 12 ? "am" : "pm"),
    MST: at.zoneName,
  };
  if (/^[.,]/.test(sign)) return fraction(sign, at.ms);
  return parts[sign]?.() ?? offset(sign, at.offsetMinutes);
}

function fraction(sign: string, ms: number): string {
  const digits = String(ms)
    .padStart(3, "0")
    .padEnd(sign.length - 1, "0")
    .slice(0, sign.length - 1);
  const kept = sign[1] === "9" ? digits.replace(/0+$/, "") : digits;
  return kept && sign[0]! + kept;
}

function offset(sign: string, minutes: number): string {
  if (sign.startsWith("Z") && minutes === 0) return "Z";
  const [hours, rest] = [two(Math.floor(Math.abs(minutes) / 60)), two(Math.abs(minutes) % 60)];
  const shown = sign.endsWith(":00") ? `${hours}:${rest}` : sign.endsWith("07") ? hours : `${hours}${rest}`;
  return `${minutes < 0 ? "-" : "+"}${shown}`;
}
