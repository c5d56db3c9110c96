import { defineEntity, p } from "@mikro-orm/core";
import { instant, json, longCount, oneOf, uuid } from "../db/columns.ts";
import { tableOf } from "../db/table.ts";
import type { Actor } from "./cause.ts";

/** Describes the table `events`. */
export const EventSchema = defineEntity({
  name: "Event",
  tableName: "events",
  // In the first order events are followed, and those found that have no number yet; in the others they are listed.
  checks: [
    oneOf("events", "actor_kind", ["identity", "administrator", "api_key", "certificate", "anonymous", "system"]),
  ],
  indexes: [
    { name: "events_nid_sequence_id_index", properties: ["nid", "sequence", "id"] },
    { name: "events_nid_subject_id_id_index", properties: ["nid", "subjectId", "id"] },
    { name: "events_nid_actor_id_id_index", properties: ["nid", "actorId", "id"] },
    { name: "events_nid_session_id_id_index", properties: ["nid", "sessionId", "id"] },
    { name: "events_nid_type_id_index", properties: ["nid", "type", "id"] },
    { name: "events_nid_id_index", properties: ["nid", "id"] },
  ],
  properties: {
    id: uuid().primary(),
    nid: uuid().primary(),
    // None until it was committed for a moment: who writes waits for nobody's number.
    sequence: longCount().strictNullable(),
    // Over the hash of the number before and all that the row says (`chain.ts`); given with the number.
    hash: p.string().length(64).strictNullable(),
    occurredAt: instant(),
    type: p.string().length(64),
    reason: p.string().length(64),
    actorKind: p.string().length(16).$type<Actor["kind"]>(),
    actorId: uuid().strictNullable(),
    // Of a certificate, which has no id.
    actorName: p.string().length(255).strictNullable(),
    actorSessionId: uuid().strictNullable(),
    // In whose place the actor acted, where that is somebody else.
    onBehalfOfId: uuid().strictNullable(),
    subjectId: uuid().strictNullable(),
    sessionId: uuid().strictNullable(),
    clientAddress: p.string().length(64).strictNullable(),
    requestId: p.string().length(128).strictNullable(),
    payload: json<object>(),
  },
});

/** What has happened to accounts and sessions. It outlives them: no key refers to either. */
export const events = tableOf(EventSchema);

/** Describes the table `event_counters`. */
export const EventCounterSchema = defineEntity({
  name: "EventCounter",
  tableName: "event_counters",
  properties: {
    id: p.string().length(16).primary(),
    nid: uuid().primary(),
    last: longCount(),
    hash: p.string().length(64).strictNullable(),
  },
});

/** The ends of the chain of a tenant's events: `sequence`, the last number that was given, and `removed`, the last that is deleted. */
export const eventCounters = tableOf(EventCounterSchema);
