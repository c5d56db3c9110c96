import { timestampDate } from "@bufbuild/protobuf/wkt";
import { ActorKind, EventSchema } from "#gen/ostiary/event/v1/event_pb.js";
import type { Event } from "#gen/ostiary/event/v1/event_pb.js";
import { encoderOf } from "../rest/encode.ts";
import type { Columns } from "./output/table.ts";

/** Events as tables show them. */
export const eventColumns: Columns<Event> = {
  ID: ({ id }) => id,
  NUMBER: ({ sequence }) => (sequence === 0n ? "" : String(sequence)),
  TIME: ({ occurredAt }) => occurredAt && timestampDate(occurredAt).toISOString(),
  TYPE: ({ type }) => type,
  REASON: ({ reason }) => reason,
  ACTOR: (event) => actorOf(event),
  SUBJECT: ({ subjectId }) => subjectId,
};

/** An event as the REST API tells it. */
export const eventData: (event: Event) => unknown = encoderOf(EventSchema);

function actorOf({ actor }: Event): string {
  if (!actor) return "";
  const kind = ActorKind[actor.kind].toLowerCase();
  const who = actor.id || actor.name;
  return who ? `${kind} ${who}` : kind;
}
