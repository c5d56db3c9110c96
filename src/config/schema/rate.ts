import { whole } from "../setting.ts";

/** How often something may be wrong. */
export const rate = {
  at_once: (most: number) => whole(most, "Wrong ones at once.", { min: 1 }),
  per_hour: (most: number) => whole(most, "And then so many an hour.", { min: 1, max: 3_600_000 }),
};
