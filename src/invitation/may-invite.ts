import type { Context } from "../context.ts";
import { firstId } from "../db/pages.ts";
import { find } from "../db/query.ts";
import { ErrorReason, problem } from "../errors.ts";
import {
  identityByAnyName,
  identityByRecoveryAddress,
  identityByVerifiableAddress,
} from "../identity/address-statements.ts";
import type { AddressKey } from "../identity/address-statements.ts";
import { lockTenant } from "../tenant/lock.ts";
import { invitations } from "./entities.ts";

/**
 * Refuses, at the beginning of a transaction, to invite anybody where nobody may sign up, and to invite somebody who has an account, or who has as many invitations that wait as one may
 * have, but for one. Administrators invite one after the other, behind the tenant's row: what is counted is what there is until the end.
 * Throws SELF_SERVICE_FLOW_DISABLED, INVITATION_RECIPIENT_KNOWN and CONFLICT.
 */
export async function assertMayInvite(tx: Context, recipient: AddressKey, except = firstId): Promise<void> {
  const { enabled, by_invitation_only: invitedOnly } = tx.config.selfservice.flows.registration;
  if (!enabled && !invitedOnly)
    throw problem(ErrorReason.SELF_SERVICE_FLOW_DISABLED, { reason: "Registration is disabled." });
  await lockTenant(tx);
  if (await isKnown(tx, recipient))
    throw problem(ErrorReason.INVITATION_RECIPIENT_KNOWN, {
      reason: "An account has this address already: there is nobody to invite.",
    });
  const { max_pending_per_recipient: most } = tx.config.selfservice.invitations;
  const { via, value } = recipient;
  const waiting = await find(tx, invitations, (query) =>
    query
      .where("address", "=", value)
      .where("via", "=", via)
      .where("state", "=", "pending")
      .where("expiresAt", ">", tx.now())
      .where("id", "<>", except)
      .limit(most),
  );
  if (waiting.length >= most)
    throw problem(ErrorReason.CONFLICT, {
      reason:
        most === 1
          ? "An invitation to this address waits to be accepted already. Send that again, or revoke it."
          : `${most} invitations to this address wait to be accepted already. Send one of them again, or revoke one.`,
      details: { invitation_id: waiting[0]!.id },
    });
}

async function isKnown(tx: Context, address: AddressKey): Promise<boolean> {
  const found =
    (await identityByVerifiableAddress(tx, address)) ??
    (await identityByRecoveryAddress(tx, address)) ??
    (await identityByAnyName(tx, address.value));
  return found !== undefined;
}
