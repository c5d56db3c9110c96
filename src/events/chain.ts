import { createHash } from "node:crypto";
import type { RowOf } from "../db/table.ts";
import type { Tenant } from "../tenant.ts";
import { canonicalJson } from "../text/canonical-json.ts";
import type { events } from "./entities.ts";

/** A place in the chain of a tenant's events: behind the one with this number, which has this hash. */
export interface Checkpoint {
  readonly sequence: number;
  /** SHA-256 in hexadecimal, 64 letters. */
  readonly hash: string;
}

/** An event as its hash covers it. */
export interface ChainEntry extends Checkpoint {
  readonly id: string;
  /** All that its row says, as canonical JSON. */
  readonly canonical: string;
}

/** Before the first event. */
export const beginning: Checkpoint = { sequence: 0, hash: "0".repeat(64) };

/**
 * The hash of an event: over the one before and what the event says, as two lines without an end, so that `sha256sum` can be asked
 * as well.
 */
export const hashAfter = (previous: string, canonical: string): string =>
  createHash("sha256").update(`${previous}\n${canonical}`).digest("hex");

/** What an event says under a number. What it does not say is left out, so that a column more changes no hash. */
export const canonicalOf = (
  { id: tenant_id }: Pick<Tenant, "id">,
  event: Omit<RowOf<typeof events>, "sequence" | "hash">,
  sequence: number,
): string =>
  canonicalJson({
    tenant_id,
    sequence,
    id: event.id,
    occurred_at: event.occurredAt.toISOString(),
    type: event.type,
    reason: event.reason,
    actor_kind: event.actorKind,
    actor_id: event.actorId ?? undefined,
    actor_name: event.actorName ?? undefined,
    actor_session_id: event.actorSessionId ?? undefined,
    on_behalf_of_id: event.onBehalfOfId ?? undefined,
    subject_id: event.subjectId ?? undefined,
    session_id: event.sessionId ?? undefined,
    client_address: event.clientAddress ?? undefined,
    request_id: event.requestId ?? undefined,
    payload: event.payload,
  });
