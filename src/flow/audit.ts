import type { Context } from "../context.ts";
import type { Actor } from "../events/cause.ts";
import { record, recordFailure } from "../events/record.ts";
import { actorIn } from "../session/act.ts";
import { currentSession } from "../session/current.ts";
import type { FlowView } from "./attempt.ts";
import type { FlowKind } from "./kinds.ts";
import type { Complaint } from "./results.ts";

/** How somebody fared who tried to get through a flow. */
export interface AuditEntry {
  readonly outcome: "passed" | "failed" | "throttled";
  readonly method: string;
  /** Whom it was about, if that is known. */
  readonly identityId?: string | null | undefined;
  /** The session that it ended in, or was about. */
  readonly sessionId?: string | undefined;
  readonly complaints?: readonly Complaint[];
}

/**
 * Records an attempt, good or bad: who, how and from where, and never what was typed. That somebody has passed is recorded in
 * the transaction that writes what came of it. The log tells of it as soon as it is committed.
 */
export async function audit(ctx: Context, { flow, attempt }: FlowView, entry: AuditEntry): Promise<void> {
  const { outcome, method, identityId, sessionId, complaints = [] } = entry;
  const subjectId = identityId ?? attempt.account?.id ?? flow.identityId;
  const cause = { reason: `${flow.kind}.${method}`, actor: await actorOfAttempt(ctx, outcome, subjectId) } as const;
  const payload = { flow_id: flow.id, flow_type: flow.type, method };
  if (outcome === "passed")
    return record(ctx, cause, { type: `${eventName(flow.kind)}Succeeded`, subjectId, sessionId, payload });
  const messages = complaints.map(({ message }) => message.id);
  const failed = { ...payload, outcome, ...(messages.length > 0 && { messages }) };
  return recordFailure(ctx, cause, { type: `${eventName(flow.kind)}Failed`, subjectId, payload: failed });
}

const eventName = (kind: FlowKind) => `${kind[0]!.toUpperCase()}${kind.slice(1)}` as Capitalize<FlowKind>;

/** Who has passed is known; who has not is whoever is signed in, or somebody who said to be the account's owner. */
async function actorOfAttempt(
  ctx: Context,
  outcome: AuditEntry["outcome"],
  subjectId: string | null | undefined,
): Promise<Actor> {
  const session = await currentSession(ctx);
  const id = outcome === "passed" && subjectId ? subjectId : session?.identity.id;
  if (!id) return { kind: "anonymous" };
  return session?.identity.id === id ? actorIn(session) : { kind: "identity", id };
}
