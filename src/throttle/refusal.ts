import { ErrorReason, problem } from "../errors.ts";

/** The error for whoever has tried too often; the same ones for everybody, whatever they tried. */
export const tooManyTries = (waitMs: number) =>
  problem(ErrorReason.TOO_MANY_REQUESTS, {
    reason: "That was tried too often. Wait a while before you try again.",
    retryAfter: Math.ceil(waitMs / 1000),
  });
