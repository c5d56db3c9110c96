import type { Context } from "../context.ts";
import { change } from "../db/query.ts";
import { ErrorReason, problem } from "../errors.ts";
import { invitations } from "./entities.ts";
import type { InvitationRow } from "./entities.ts";
import { findInvitation } from "./find.ts";
import { assertMayInvite } from "./may-invite.ts";
import { refusalFor } from "./open.ts";
import { sendInvitation } from "./send.ts";
import { newToken } from "./token.ts";

/**
 * Sends an invitation once more, by another link, also where it had expired: of the link before no more than a hash is known, and it leads
 * nowhere from then on. Undefined where there is no such invitation; throws as ResendInvitation says.
 */
export async function resendInvitation(
  ctx: Context,
  id: string,
  lifespanMs: number,
): Promise<InvitationRow | undefined> {
  const before = await findInvitation(ctx, id);
  if (!before) return undefined;
  if (before.state !== "pending") throw refusalFor(before.state);
  const { token, hash } = newToken();
  return ctx.tx(async (tx) => {
    await assertMayInvite(tx, { via: before.via, value: before.address }, before.id);
    const now = tx.now();
    const expiresAt = new Date(now.getTime() + lifespanMs);
    const changes = { tokenHash: hash, expiresAt, sentAt: now, updatedAt: now };
    const changed = await change(tx, invitations, changes, (query) =>
      query.where("id", "=", before.id).where("state", "=", "pending"),
    );
    // Somebody has accepted or revoked it in between.
    if (changed !== 1) throw problem(ErrorReason.RETRY);
    const after = { ...before, ...changes };
    await sendInvitation(tx, after, token, { reason: "admin.resend_invitation" });
    return after;
  });
}
