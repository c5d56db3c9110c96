import { defineCounter } from "../measure.ts";

const count = defineCounter(
  "ostiary_requests_refused_total",
  "Requests that were refused before anybody knew what they ask for: overload, late, head_too_long or malformed.",
  ["reason"],
);

/** Counts a request that was refused before it was looked at. */
export const countRefused = (reason: "overload" | "late" | "head_too_long" | "malformed"): void => count([reason]);
