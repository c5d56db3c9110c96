import { isUuid } from "../../db/id.ts";
import { ErrorReason, problem } from "../../errors.ts";
import type { EventFilter } from "../../events/filter.ts";

/** What a request says of the events that it asks for. */
interface Asked {
  readonly types: readonly string[];
  readonly subjectId: string;
  readonly actorId: string;
  readonly sessionId: string;
  readonly reason: string;
}

/**
 * Reads which events are asked for. A type that this server does not know is no mistake: a newer one may record it. Fails with
 * BAD_REQUEST for an id that is none.
 */
export function readEventFilter({ types, subjectId, actorId, sessionId, reason }: Asked): EventFilter {
  return {
    types: [...new Set(types)],
    subjectId: idOf("subject_id", subjectId),
    actorId: idOf("actor_id", actorId),
    sessionId: idOf("session_id", sessionId),
    reason: reason || undefined,
  };
}

function idOf(name: string, written: string): string | undefined {
  if (!written) return undefined;
  if (!isUuid(written)) throw problem(ErrorReason.BAD_REQUEST, { message: `The parameter ${name} must be a UUID.` });
  return written.toLowerCase();
}
