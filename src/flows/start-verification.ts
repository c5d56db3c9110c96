import type { Context } from "../context.ts";
import type { IdentityRow, VerifiableAddressRow } from "../identity/rows.ts";
import { markSent } from "../identity/write.ts";
import type { FlowView, StartedVerification } from "../flow/attempt.ts";
import type { Flow, Memory } from "../flow/flow.ts";
import { defineMemory, isRecord } from "../flow/memory.ts";
import { newFlow } from "../flow/new-flow.ts";
import { uiLocation } from "../flow/replacement.ts";
import { insertFlow } from "../flow/repository.ts";
import { resolveReturnTo } from "../flow/return-to.ts";
import { sendSecret } from "../proof/send-secret.ts";
import { pendingLogin } from "./pending-login.ts";
import { askSecret, verificationMethod } from "../proof/verification-form.ts";

/** Where somebody wants to go after the verification that this flow begins. */
export const afterVerification = defineMemory(
  "after_verification",
  (value): value is { readonly returnTo: string } => isRecord(value) && typeof value["returnTo"] === "string",
);

/**
 * Begins the verification of an address in the course of another flow, and sends what proves it. The new flow waits for
 * the code, and leads in the end to where the other one would have.
 */
export async function startVerification(
  ctx: Context,
  { flow: parent, attempt: { transientPayload, pendingLogin: login } }: FlowView,
  identity: IdentityRow,
  { via, value }: Pick<VerifiableAddressRow, "via" | "value">,
  memory: Memory = {},
): Promise<StartedVerification> {
  const by = verificationMethod(ctx);
  const { type, requestUrl, oauth2LoginChallenge } = parent;
  const returnTo = wayOn(ctx, parent) ?? parent.returnTo;
  const { lifespan: lifespanMs } = ctx.config.selfservice.flows.verification;
  const form = askSecret(ctx, parent, by, value, via, via);
  const init = {
    ...{ type, requestUrl, returnTo, identityId: identity.id },
    ...(login && { oauth2LoginChallenge }),
    memory: { ...memory, ...(login && pendingLogin.with(login)) },
  };
  const flow = newFlow(ctx, "verification", init, { state: "sent_email", active: by, form, lifespanMs });
  await insertFlow(ctx, flow);
  await sendSecret(ctx, flow, {
    purpose: "verification",
    kind: by === "code" ? "digits" : "token",
    to: [{ via, value }],
    identity,
    transientPayload,
    loginChallenge: oauth2LoginChallenge,
  });
  await markSent(ctx, identity.id, { via, value });
  return { id: flow.id, address: value, url: uiLocation(ctx, "verification", flow.id) };
}

/** Where somebody wanted to go after verification: as the form was asked for, else as the URL of any kind of flow says it. */
function wayOn(ctx: Context, flow: Flow): string | undefined {
  const asked = afterVerification.of(flow);
  if (asked) return asked.returnTo;
  const named = new URL(flow.requestUrl).searchParams.get("after_verification_return_to");
  return named && resolveReturnTo(ctx, named) ? named : undefined;
}
