import type { Context } from "../context.ts";
import { clientAddress } from "../server/client-address.ts";
import type { FlowView } from "./attempt.ts";
import type { Complaint } from "./results.ts";

/** How somebody fared who tried to get through a flow. */
export interface AuditEntry {
  readonly outcome: "passed" | "failed" | "throttled";
  readonly method: string;
  /** Whom it was about, if that is known. */
  readonly identityId?: string | null | undefined;
  readonly complaints?: readonly Complaint[];
}

/** Tells the log of an attempt, good or bad: who, how and from where, and never what was typed. */
export function audit(ctx: Context, { flow, attempt }: FlowView, { outcome, method, identityId, complaints = [] }: AuditEntry): void {
  const about = identityId ?? attempt.account?.id ?? flow.identityId;
  ctx.log.info(`${flow.kind}.${outcome}`, {
    flow_id: flow.id,
    method,
    client: clientAddress(ctx),
    ...(about && { identity_id: about }),
    ...(complaints.length > 0 && { messages: complaints.map(({ message }) => message.id) }),
  });
}
