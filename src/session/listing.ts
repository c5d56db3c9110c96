import type { Context } from "../context.ts";
import { statement } from "../db/statement.ts";
import { Session } from "./entities.ts";
import type { SessionRow } from "./statements.ts";
import { otherSessionsPage } from "./statements.ts";

/** One page of the sessions in force of an identity, but for the one that asks; latest first. */
export const listOtherSessions = (
  ctx: Context,
  { identity_id: identityId, id }: SessionRow,
  { offset, limit }: { readonly offset: number; readonly limit: number },
): Promise<SessionRow[]> =>
  ctx.db.read<SessionRow>(otherSessionsPage, [identityId, id, ctx.now().getTime(), limit, offset]);

/** How many there are in all. */
export const countOtherSessions = (ctx: Context, { identity_id: identity, id }: SessionRow): Promise<number> =>
  ctx.em.count(Session, { identity, id: { $ne: id }, active: true, expiresAt: { $gt: ctx.now() } });
