import { ErrorReason, problem } from "../errors.ts";

/** The error for whoever has tried too often; the same ones for everybody, whatever they tried. */
export const tooManyTries = (waitMs: number) =>
  problem(ErrorReason.TOO_MANY_REQUESTS, {
    reason: "Too many attempts. Wait a while, then try again.",
    retryAfter: Math.ceil(waitMs / 1000),
  });
