import type { Context } from "../context.ts";
import { ErrorReason, problem } from "../errors.ts";
import type { Problem } from "../errors.ts";
import type { InvitationRow } from "./entities.ts";
import { stateOf } from "./find.ts";
import type { InvitationState } from "./find.ts";

const refusals: Readonly<Record<Exclude<InvitationState, "pending">, readonly [reason: ErrorReason, text: string]>> = {
  expired: [ErrorReason.INVITATION_EXPIRED, "The invitation has expired. Ask whoever invited you for another one."],
  revoked: [ErrorReason.INVITATION_REVOKED, "The invitation was revoked. Ask whoever invited you for another one."],
  accepted: [ErrorReason.INVITATION_ACCEPTED, "The invitation was already accepted. Sign in to the account it became."],
};

const unknown =
  "No invitation has this link, or another link took its place. Use the newest message, or ask for another invitation.";

/** Why nobody can sign up by an invitation; undefined where somebody can. */
export function refusalOf({ now }: Context, invitation: InvitationRow | undefined): Problem | undefined {
  if (!invitation) return problem(ErrorReason.INVITATION_UNKNOWN, { reason: unknown });
  const state = stateOf(invitation, now());
  return state === "pending" ? undefined : refusalFor(state);
}

/** What those are told who find an invitation in a state in which it is of no more use. */
export function refusalFor(state: Exclude<InvitationState, "pending">): Problem {
  const [reason, text] = refusals[state];
  return problem(reason, { reason: text });
}

/** An invitation that can be accepted. Throws INVITATION_UNKNOWN, INVITATION_EXPIRED, INVITATION_REVOKED, INVITATION_ACCEPTED. */
export function assertOpen(ctx: Context, invitation: InvitationRow | undefined): InvitationRow {
  const refusal = refusalOf(ctx, invitation);
  if (refusal) throw refusal;
  return invitation!;
}
