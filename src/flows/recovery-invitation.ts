import { issueCode } from "../code/issue.ts";
import type { IssuedCode } from "../code/issue.ts";
import { codeLength } from "../code/length.ts";
import type { CodeKind } from "../code/secret.ts";
import type { Context } from "../context.ts";
import { record } from "../events/record.ts";
import type { Flow, Form } from "../flow/flow.ts";
import { newFlow } from "../flow/new-flow.ts";
import { askHandedCode, askRecovery } from "../proof/recovery-form.ts";
import { insertFlow } from "../flow/repository.ts";

/** Whom an administrator lets back in, and for how long that can be used. */
export interface Invitation {
  readonly identityId: string;
  readonly lifespanMs: number;
  readonly type: "browser" | "api";
  readonly returnTo?: string;
}

/** A flow that waits for its secret. Whoever gets the secret may use it, in whichever browser. */
export type Invited = IssuedCode & { readonly flow: Flow };

/** Begins a recovery that a code completes, which the administrator hands over. */
export const inviteByCode = (ctx: Context, invitation: Invitation): Promise<Invited> =>
  invite(ctx, invitation, "digits");

/** Begins a recovery that a link completes, which the administrator hands over. */
export const inviteByLink = (ctx: Context, invitation: Invitation): Promise<Invited> =>
  invite(ctx, invitation, "token");

async function invite(
  ctx: Context,
  { identityId, lifespanMs, type, returnTo }: Invitation,
  kind: CodeKind,
): Promise<Invited> {
  const init = { type, requestUrl: ctx.call.url, returnTo: returnTo || null, unowned: true };
  // It is sent to nobody: using it proves no address.
  const whom = { via: "email" as const, address: "", identityId };
  const handed = async (): Promise<Form> => ({ nodes: askHandedCode(await codeLength(ctx, whom)), messages: [] });
  const progress =
    kind === "digits"
      ? ({ state: "sent_email", active: "code", form: await handed() } as const)
      : ({ state: "choose_method", active: "link", form: askRecovery(ctx) } as const);
  const flow = newFlow(ctx, "recovery", init, { ...progress, lifespanMs });
  return ctx.tx(async (tx) => {
    await insertFlow(tx, flow);
    const payload = { flow_id: flow.id, flow_type: flow.type, method: progress.active };
    await record(
      tx,
      { reason: `admin.recovery_${progress.active}` },
      { type: "RecoveryInitiatedByAdmin", subjectId: identityId, payload },
    );
    return { flow, ...(await issueCode(tx, { ...whom, flowId: flow.id, purpose: "recovery", kind, lifespanMs })) };
  });
}
