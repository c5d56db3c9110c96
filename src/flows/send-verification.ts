import { touchCodes } from "../code/issue.ts";
import type { CodeKind } from "../code/secret.ts";
import { invalidate } from "../coherence/coherence.ts";
import type { Context } from "../context.ts";
import type { AddressKey } from "../identity/address-statements.ts";
import { lockIdentityRow } from "../identity/lock.ts";
import { markSent } from "../identity/write.ts";
import type { FlowView } from "../flow/attempt.ts";
import { ownerOf } from "./pending-change.ts";
import { prepareMailedLogin } from "../proof/mailed-login.ts";
import { sendSecret } from "../proof/send-secret.ts";

/** Sends what an address is verified by, whether or not anybody has it, and notes on the address that it is on its way. */
export async function sendVerification(
  ctx: Context,
  { flow, attempt: { transientPayload } }: FlowView,
  kind: CodeKind,
  to: AddressKey,
): Promise<void> {
  const identity = await ownerOf(ctx, flow, to);
  const waits = identity?.verifiableAddresses.some(
    ({ via, value, verified }) => via === to.via && value === to.value && !verified,
  );
  await prepareMailedLogin(ctx, flow.oauth2LoginChallenge);
  await ctx.tx(async (tx) => {
    if (!(await sendSecret(tx, flow, { purpose: "verification", kind, to: [to], identity, transientPayload }))) return;
    // Where there is no address to note it on, one is looked for and another row written all the same, and others are waited for: the time that takes would tell.
    if (identity && waits) return markSent(tx, identity.id, to);
    invalidate(tx, flow.id);
    await lockIdentityRow(tx, flow.id);
    await touchCodes(tx, flow.id, "verification");
  });
}
