import type { Context } from "../context.ts";
import type { IdentityRow, VerifiableAddressRow } from "../identity/rows.ts";
import { markSent } from "../identity/verify-address.ts";
import type { Flow, StartedVerification } from "../flow/flow.ts";
import { newFlow } from "../flow/new-flow.ts";
import { uiLocation } from "../flow/replacement.ts";
import { insertFlow } from "../flow/repository.ts";
import { resolveReturnTo } from "../flow/return-to.ts";
import { sendSecret } from "../proof/send-secret.ts";
import { askSecret, provingOf } from "../proof/verification-form.ts";

/**
 * Begins the verification of an address in the course of another flow, and sends what proves it. The new flow waits for
 * the code, and leads in the end to where the other one would have.
 */
export async function startVerification(
  ctx: Context,
  parent: Flow,
  identity: IdentityRow,
  { via, value }: Pick<VerifiableAddressRow, "via" | "value">,
  remembers: Record<string, unknown> = {},
): Promise<StartedVerification> {
  const by = provingOf(ctx);
  const { type, requestUrl } = parent;
  const returnTo = afterVerification(ctx, parent) ?? parent.returnTo;
  const { lifespan: lifespanMs } = ctx.config.selfservice.flows.verification;
  const flow = newFlow(ctx, "verification", { type, requestUrl, returnTo, identityId: identity.id, internal: remembers }, { state: "sent_email", lifespanMs });
  flow.active = by;
  flow.ui = askSecret(ctx, flow, by, value, via, via);
  if (parent.transientPayload) flow.transientPayload = parent.transientPayload;
  await insertFlow(ctx, flow);
  await sendSecret(ctx, flow, { purpose: "verification", kind: by === "code" ? "digits" : "token", to: [{ via, value }], identity });
  await markSent(ctx, { via, value });
  return { id: flow.id, address: value, url: uiLocation(ctx, "verification", flow.id) };
}

/** Where somebody wanted to go after verification: as the form was asked for, else as the URL of any kind of flow says it. */
function afterVerification(ctx: Context, { internal, requestUrl }: Flow): string | undefined {
  const asked = internal["afterVerificationReturnTo"];
  if (typeof asked === "string") return asked;
  const named = new URL(requestUrl).searchParams.get("after_verification_return_to");
  return named && resolveReturnTo(ctx, named) ? named : undefined;
}
