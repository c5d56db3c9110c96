import type { Context } from "../context.ts";
import { clientAddress } from "../server/client-address.ts";
import { raiseAlarm } from "./failed-login-alarm.ts";
import type { Flow } from "./flow.ts";
import type { Complaint } from "./strategy.ts";

/** How somebody fared who tried to get through a flow. */
export interface Attempt {
  readonly outcome: "passed" | "failed" | "throttled";
  readonly method: string;
  /** Whom it was about, if that is known. */
  readonly identityId?: string | null | undefined;
  readonly complaints?: readonly Complaint[];
}

/** Tells the log of an attempt, good or bad: who, how and from where, and never what was typed. */
export async function audit(ctx: Context, flow: Flow, { outcome, method, identityId, complaints = [] }: Attempt): Promise<void> {
  const about = identityId ?? flow.account?.id ?? flow.identityId;
  ctx.log.info(`${flow.kind}.${outcome}`, {
    flow_id: flow.id,
    method,
    client: clientAddress(ctx),
    ...(about && { identity_id: about }),
    ...(complaints.length > 0 && { messages: complaints.map(({ message }) => message.id) }),
  });
  if (flow.kind === "login" && outcome !== "passed") await raiseAlarm(ctx);
}
