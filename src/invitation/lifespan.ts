import { parseDuration } from "../config/duration.ts";
import type { Context } from "../context.ts";
import { ErrorReason, problem } from "../errors.ts";

/** How long an invitation is good, in milliseconds: so long as is said, such as "72h", or as usual. Throws BAD_REQUEST. */
export function lifespanOf({ config }: Context, expiresIn: string | undefined): number {
  const { lifespan, max_lifespan: most } = config.selfservice.invitations;
  const ms = expiresIn ? parseDuration(expiresIn) : lifespan;
  if (!ms || ms < 1)
    throw problem(ErrorReason.BAD_REQUEST, {
      reason: `The member expires_in must be a duration such as "72h", not ${JSON.stringify(expiresIn)}.`,
    });
  if (ms > most)
    throw problem(ErrorReason.BAD_REQUEST, {
      reason: `The member expires_in must be ${Math.floor(most / 3_600_000)} hours or less (selfservice.invitations.max_lifespan).`,
    });
  return ms;
}
