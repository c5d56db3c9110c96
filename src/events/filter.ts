import type { RowOf } from "../db/table.ts";
import type { events } from "./entities.ts";

/** Which events are meant: those of which all is true that is said. */
export interface EventFilter {
  /** Any of these, where there are some. */
  readonly types: readonly string[];
  readonly subjectId?: string | undefined;
  readonly actorId?: string | undefined;
  readonly sessionId?: string | undefined;
  /** A reason or, with a dot at its end, how reasons begin. */
  readonly reason?: string | undefined;
}

/** What is looked at of an event. */
type Looked = Pick<RowOf<typeof events>, "type" | "subjectId" | "actorId" | "sessionId" | "reason">;

/** Whether an event is meant. */
export function isMeant({ types, subjectId, actorId, sessionId, reason }: EventFilter, event: Looked): boolean {
  return (
    (types.length === 0 || types.includes(event.type)) &&
    (subjectId === undefined || event.subjectId === subjectId) &&
    (actorId === undefined || event.actorId === actorId) &&
    (sessionId === undefined || event.sessionId === sessionId) &&
    (reason === undefined || (reason.endsWith(".") ? event.reason.startsWith(reason) : event.reason === reason))
  );
}
