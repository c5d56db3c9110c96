import { parseDuration } from "../../config/duration.ts";
import { ErrorReason, problem } from "../../errors.ts";

/** What a duration may be. */
export interface DurationLimits {
  /** One to show, such as "72h". */
  readonly example: string;
  /** In milliseconds; 1, unless told. */
  readonly leastMs?: number;
  /** In milliseconds, and the key of the configuration that says so. */
  readonly most?: { readonly ms: number; readonly setting: string };
}

const longestShown = 64;

/** Reads a duration that a member of a request names, in milliseconds; undefined where it names none. Throws BAD_REQUEST. */
export function readDuration(
  member: string,
  text: string | undefined,
  { example, leastMs = 1, most }: DurationLimits,
): number | undefined {
  if (!text) return undefined;
  const ms = parseDuration(text);
  if (ms === undefined || ms < leastMs) {
    const least = leastMs > 1 ? ` of ${leastMs / 1000}s or more` : "";
    const shown = JSON.stringify(text.slice(0, longestShown));
    throw problem(ErrorReason.BAD_REQUEST, {
      reason: `The member ${member} must be a duration${least}, such as "${example}", not ${shown}.`,
    });
  }
  if (most && ms > most.ms)
    throw problem(ErrorReason.BAD_REQUEST, {
      reason: `The member ${member} must be ${most.ms / 1000}s or less (${most.setting}).`,
    });
  return ms;
}
