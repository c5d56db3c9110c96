import type { Context } from "../context.ts";
import { change } from "../db/query.ts";
import type { Cause } from "../events/cause.ts";
import { record } from "../events/record.ts";
import { invitations } from "./entities.ts";
import type { InvitationRow } from "./entities.ts";

/**
 * Uses an invitation up for an account, in the transaction that writes that: one conditional update decides, so that of any number of people
 * with one link one gets in. Tells whether it did; the transaction has to be undone where it did not.
 */
export async function acceptInvitation(
  tx: Context,
  { id, via }: Pick<InvitationRow, "id" | "via">,
  identityId: string,
  cause: Cause,
): Promise<boolean> {
  const now = tx.now();
  const accepted = await change(tx, invitations, { state: "accepted", identityId, updatedAt: now }, (query) =>
    query.where("id", "=", id).where("state", "=", "pending").where("expiresAt", ">", now),
  );
  if (accepted !== 1) return false;
  await record(tx, cause, {
    type: "InvitationAccepted",
    subjectId: identityId,
    payload: { invitation_id: id, via },
  });
  return true;
}
