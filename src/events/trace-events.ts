import type { RowOf } from "../db/table.ts";
import type { Tenant } from "../tenant.ts";
import { noteEvent } from "../tracing/active-span.ts";
import type { SpanAttributes } from "../tracing/active-span.ts";
import type { events } from "./entities.ts";
import { kindOfAttempt } from "./log-attempts.ts";
import type {
  AttemptPayload,
  FailedAttemptPayload,
  MapperFailurePayload,
  SessionPayload,
  TokenPayload,
} from "./event-types.ts";

type Told = Pick<RowOf<typeof events>, "type" | "subjectId" | "sessionId" | "payload">;

/** All that payloads say of which spans are told; each has a part of it. */
type Payload = Partial<AttemptPayload & FailedAttemptPayload & MapperFailurePayload & SessionPayload & TokenPayload>;

/** The third reader of events: notes them in the span in which they were committed, by the names that Kratos has for what is told of them. */
export function traceEvents({ id }: Tenant, committed: readonly Told[]): void {
  for (const one of committed) noteEvent(one.type, () => attributesOf(id, one));
}

function attributesOf(tenantId: string, { type, subjectId, sessionId, payload }: Told): SpanAttributes {
  const told = payload as Payload;
  return {
    ProjectID: tenantId,
    IdentityID: subjectId ?? undefined,
    SessionID: sessionId ?? undefined,
    FlowID: told.flow_id,
    SelfServiceFlowType: told.flow_type,
    SelfServiceFlowName: kindOfAttempt(type),
    SelfServiceMethodUsed: told.method,
    SelfServiceSSOProviderUsed: told.provider,
    SessionAAL: told.aal === undefined ? undefined : `aal${told.aal}`,
    SessionExpiresAt: told.expires_at,
    TokenizedSessionTTL: told.ttl_seconds === undefined ? undefined : `${told.ttl_seconds}s`,
    ErrorReason: told.fault ?? reasonOf(told),
  };
}

/** Why an attempt came to nothing: the ids of the messages that said so. */
const reasonOf = ({ outcome, messages }: Payload): string | undefined =>
  outcome && (messages?.length ? messages.join(",") : outcome);
