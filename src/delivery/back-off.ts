/** How long one waits between attempts that fail: in milliseconds, growing by a factor up to a limit. */
export interface BackOff {
  readonly firstMs: number;
  readonly factor: number;
  readonly longestMs: number;
}

/** How long to wait after an attempt, counted from 1: give or take a fifth, so that many do not come at once. */
export const backOffMs = (
  { firstMs, factor, longestMs }: BackOff,
  attempt: number,
  chance: number = Math.random(),
): number => Math.round(Math.min(firstMs * factor ** (attempt - 1), longestMs) * (0.8 + 0.4 * chance));
