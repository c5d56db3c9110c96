import { parseDuration } from "../config/duration.ts";

/** Reads a whole number between two bounds, both of them in it. */
export const wholeNumber =
  (least: number, most = Number.MAX_SAFE_INTEGER) =>
  (typed: string): number => {
    const number = /^\d+$/.test(typed) ? Number(typed) : Number.NaN;
    if (number >= least && number <= most) return number;
    throw new Error(
      most === Number.MAX_SAFE_INTEGER
        ? `must be a whole number from ${least} on.`
        : `must be a whole number from ${least} to ${most}.`,
    );
  };

/** Reads a duration as Go writes it, such as 1h30m; answers with milliseconds. */
export function duration(typed: string): number {
  const ms = typed === "0" ? 0 : parseDuration(typed);
  if (ms === undefined) throw new Error("must be a duration such as 500ms, 30s or 1h.");
  return ms;
}
