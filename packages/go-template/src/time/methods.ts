import { TemplateError } from "../error.ts";
import type { TemplateFunction } from "../values.ts";
import { formatTime } from "./layout.ts";

const part =
  (layout: string) =>
  (moment: Date): number =>
    Number(formatTime(moment, layout));

const methods: Readonly<Record<string, (moment: Date) => unknown>> = {
  Format:
    (moment): TemplateFunction =>
    (...args) => {
      const [layout] = args;
      if (args.length !== 1 || typeof layout !== "string")
        throw new Error("Format takes one argument, a text such as 2006-01-02");
      return formatTime(moment, layout);
    },
  UTC: (moment) => moment,
  Unix: (moment) => Math.floor(moment.getTime() / 1000),
  UnixMilli: (moment) => moment.getTime(),
  Year: part("2006"),
  Month: (moment) => formatTime(moment, "January"),
  Day: part("2"),
  Hour: part("15"),
  Minute: part("4"),
  Second: part("5"),
  Weekday: (moment) => formatTime(moment, "Monday"),
  YearDay: part("002"),
};

/** What a moment can be asked for. */
export function methodOf(moment: Date, name: string, line: number): unknown {
  if (!Object.hasOwn(methods, name))
    throw new TemplateError(`a time has no .${name}; it has: ${Object.keys(methods).join(", ")}`, line);
  return methods[name]!(moment);
}
