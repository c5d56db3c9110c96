import { defineCounter } from "../measure.ts";

const count = defineCounter("ostiary_throttle_total", "What throttles were asked, by rule: admitted or refused.", [
  "rule",
  "outcome",
]);

/** Counts what a throttle has said, by the name of its rule. */
export const countOutcome = (rule: string, admitted: boolean): void => count([rule, admitted ? "admitted" : "refused"]);
