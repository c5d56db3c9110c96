import type { Context } from "../context.ts";
import { change } from "../db/query.ts";
import { record } from "../events/record.ts";
import { invitations } from "./entities.ts";
import type { InvitationRow } from "./entities.ts";
import { findInvitation } from "./find.ts";

/**
 * Takes an invitation back, unless it was accepted or taken back before: one conditional update. Answers what it is now; undefined where
 * there is none.
 */
export async function revokeInvitation(ctx: Context, id: string): Promise<InvitationRow | undefined> {
  const found = await findInvitation(ctx, id);
  if (!found) return undefined;
  await ctx.tx(async (tx) => {
    const changes = { state: "revoked", updatedAt: tx.now() } as const;
    const changed = await change(tx, invitations, changes, (query) =>
      query.where("id", "=", found.id).where("state", "=", "pending"),
    );
    const payload = { invitation_id: found.id, via: found.via };
    if (changed === 1) await record(tx, { reason: "admin.revoke_invitation" }, { type: "InvitationRevoked", payload });
  });
  return findInvitation(ctx, found.id);
}
