import type { Context } from "../context.ts";
import { constantTimeEqual } from "../crypto/token.ts";
import { isUuid } from "../db/id.ts";
import { lastId } from "../db/pages.ts";
import { find } from "../db/query.ts";
import { invitations } from "./entities.ts";
import type { InvitationRow, StoredState } from "./entities.ts";
import { hashOf } from "./token.ts";

/** What has become of an invitation. */
export type InvitationState = StoredState | "expired";

/** What has become of an invitation by now. */
export const stateOf = ({ state, expiresAt }: InvitationRow, now: Date): InvitationState =>
  state === "pending" && expiresAt <= now ? "expired" : state;

/** An invitation by its id. */
export async function findInvitation(ctx: Context, id: string): Promise<InvitationRow | undefined> {
  if (!isUuid(id)) return undefined;
  const [found] = await find(ctx, invitations, (query) => query.where("id", "=", id.toLowerCase()));
  return found;
}

/** The invitation whose link holds a token, whatever has become of it. */
export async function invitationOfToken(ctx: Context, token: string): Promise<InvitationRow | undefined> {
  const hash = hashOf(token);
  const [found] = await find(ctx, invitations, (query) => query.where("tokenHash", "=", hash));
  return found && constantTimeEqual(found.tokenHash, hash) ? found : undefined;
}

/** Which invitations are meant, and where the page begins. */
export interface InvitationFilter {
  readonly state?: InvitationState;
  readonly address?: string;
  /** The id before the first one, in descending order. */
  readonly before?: string;
}

/** Invitations, the newest first: their ids begin with the time. */
export const listInvitations = (
  ctx: Context,
  { state, address, before }: InvitationFilter,
  limit: number,
): Promise<InvitationRow[]> =>
  find(ctx, invitations, (query) => {
    // A bound in any case: without one MariaDB would rather cut two indexes with each other, and sort what is left.
    let chosen = query.where("id", "<", before ?? lastId);
    const now = ctx.now();
    if (state) chosen = chosen.where("state", "=", state === "expired" ? "pending" : state);
    if (state === "pending") chosen = chosen.where("expiresAt", ">", now);
    if (state === "expired") chosen = chosen.where("expiresAt", "<=", now);
    if (address) chosen = chosen.where("address", "=", address);
    return chosen.orderBy("id", "desc").limit(limit);
  });
