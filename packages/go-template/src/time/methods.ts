import { formatTime } from "./layout.ts";
import { TemplateError } from "../error.ts";
import type { TemplateFunction } from "../values.ts";

const methods: Readonly<Record<string, (moment: Date) => unknown>> = {
  Format: (moment): TemplateFunction => (layout) => formatTime(moment, String(layout)),
  UTC: (moment) => moment,
  Unix: (moment) => Math.floor(moment.getTime() / 1000),
  Year: (moment) => moment.getUTCFullYear(),
  Day: (moment) => moment.getUTCDate(),
  Month: (moment) => formatTime(moment, "January"),
};

/** What a moment can be asked for. */
export function methodOf(moment: Date, name: string, line: number): unknown {
  if (!Object.hasOwn(methods, name)) throw new TemplateError(`a time has no .${name}; it has: ${Object.keys(methods).join(", ")}`, line);
  return methods[name]!(moment);
}
