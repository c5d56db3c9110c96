import { AccountService } from "#gen/ostiary/public/v1/account_service_pb.js";
import type { Context } from "../../context.ts";
import { ErrorReason, problem } from "../../errors.ts";
import { dueFromNow, keepAccount, scheduleDeletion } from "../../flows/deletion.ts";
import { isPrivileged } from "../../flows/privilege.ts";
import { findIdentity } from "../../identity/repository.ts";
import { defineService } from "../../server/dispatch.ts";
import { forbidKeeping } from "../../session/carrier.ts";
import { requireOwnSession, requireSession } from "../../session/current.ts";
import { assertAal } from "../../session/required-aal.ts";
import type { SessionRow } from "../../session/statements.ts";
import { exportAccount } from "../export-account.ts";
import { presentTime } from "../present-time.ts";

/** Serves account_service.proto: what people do with their account as a whole. */
export const accountService = defineService(AccountService, {
  async exportAccount(_request, ctx) {
    const session = await privilegedSession(ctx);
    const identity = await findIdentity(ctx, session.identity.id);
    if (!identity) throw problem(ErrorReason.NOT_FOUND);
    forbidKeeping(ctx);
    return { account: await exportAccount(ctx, identity, { admin: false }) };
  },

  async getDeletion(_request, ctx) {
    const { identity } = await requireSession(ctx);
    return { deletion: presentDeletion(ctx, (await findIdentity(ctx, identity.id))?.deletionDueAt) };
  },

  async scheduleDeletion(_request, ctx) {
    return { deletion: presentDeletion(ctx, await scheduleDeletion(ctx, await privilegedSession(ctx))) };
  },

  async cancelDeletion(_request, ctx) {
    const session = await requireOwnSession(ctx);
    await keepAccount(ctx, session);
    return { deletion: presentDeletion(ctx) };
  },
});

function presentDeletion(ctx: Context, dueAt?: Date | null) {
  const { enabled, end_sessions: ending } = ctx.config.selfservice.deletion;
  if (dueAt) return { enabled, scheduledAt: presentTime(dueAt) };
  return enabled
    ? { enabled, earliestAt: presentTime(dueFromNow(ctx)), endsSessions: ending === "at_once" }
    : { enabled };
}

/** The session of somebody who has shown lately, and as well as they can, who they are. */
async function privilegedSession(ctx: Context): Promise<SessionRow> {
  const session = await requireOwnSession(ctx);
  assertAal(ctx, session, ctx.config.selfservice.flows.settings.required_aal);
  if (isPrivileged(ctx, session)) return session;
  const login = new URL("self-service/login/browser?refresh=true", ctx.config.serve.public.base_url).href;
  throw problem(ErrorReason.SESSION_REFRESH_REQUIRED, {
    reason: "This requires a recent sign-in. Confirm your identity, then try again.",
    redirectBrowserTo: login,
    location: login,
  });
}
