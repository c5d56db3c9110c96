import { assertNotLastOwner } from "../access/administrators.ts";
import type { Context } from "../context.ts";
import { enqueue } from "../courier/enqueue.ts";
import { ErrorReason, problem } from "../errors.ts";
import { describeIdentity } from "../identity/describe.ts";
import { findIdentity } from "../identity/repository.ts";
import type { IdentityRow } from "../identity/rows.ts";
import { planDeletion, cancelDeletion } from "../identity/write.ts";
import { byOwner, revokeSessionsOf } from "../session/repository.ts";
import type { SessionRow } from "../session/statements.ts";

/**
 * Has the account of a session deleted once the grace period is over, and tells its owner at each verified address. Who asks
 * again is told of the same moment and gets no other message. Answers the moment. Throws METHOD_DISABLED, and LAST_OWNER.
 */
export async function scheduleDeletion(ctx: Context, session: SessionRow): Promise<Date> {
  const { enabled, end_sessions: ending } = ctx.config.selfservice.deletion;
  if (!enabled)
    throw problem(ErrorReason.METHOD_DISABLED, { reason: "Accounts are not deleted by their owners here." });
  const { identity } = session;
  const dueAt = dueFromNow(ctx);
  const cause = byOwner(session, "deletion.schedule");
  return ctx.tx(async (tx) => {
    await assertNotLastOwner(tx, identity.id);
    const planned = await planDeletion(tx, identity.id, dueAt, cause);
    if (!planned) return identity.deletionDueAt ?? dueAt;
    for (const { via, value } of recipients(identity))
      await enqueue(tx, {
        channel: via,
        templateType: "deletion_scheduled",
        recipient: value,
        data: {
          identity: describeIdentity(identity, tx.config),
          request_url: tx.call.url,
          deleted_at: dueAt.toISOString(),
          cancel_url: new URL("self-service/settings/browser", tx.config.serve.public.base_url).href,
        },
      });
    if (ending === "at_once") await revokeSessionsOf(tx, identity.id, cause);
    return dueAt;
  });
}

/** When an account is deleted whose deletion is scheduled now. */
export const dueFromNow = (ctx: Context): Date =>
  new Date(ctx.now().getTime() + ctx.config.selfservice.deletion.grace_period);

/** Keeps the account of a session after all. */
export const keepAccount = (ctx: Context, session: SessionRow): Promise<boolean> =>
  cancelDeletion(ctx, session.identity.id, byOwner(session, "deletion.cancel"));

/** Keeps an account on behalf of its owner. Throws NOT_FOUND where there is none. */
export async function keepAccountOf(ctx: Context, id: string): Promise<void> {
  const kept = await cancelDeletion(ctx, id, { reason: "admin.cancel_deletion" });
  if (!kept && !(await findIdentity(ctx, id))) throw problem(ErrorReason.NOT_FOUND);
}

/** Whoever has shown that an address is theirs hears of it there; where nobody has, the addresses are all there is. */
function recipients({ verifiableAddresses, recoveryAddresses }: IdentityRow) {
  const verified = verifiableAddresses.filter(({ verified }) => verified);
  if (verified.length > 0) return verified;
  return verifiableAddresses.length > 0 ? verifiableAddresses : recoveryAddresses;
}
