import type { Context } from "../context.ts";
import { byOwner } from "./repository.ts";
import { sessionById } from "./statements.ts";
import type { SessionRow } from "./statements.ts";
import { prolongSession } from "./write.ts";

const underWay = new Map<string, Promise<SessionRow>>();

/**
 * Lets a session that is used last its whole lifespan from now, if that is far enough from its end as it is. It is written
 * once, however many calls use it at once, and the calls wait for it: the cookie that they answer has to last as long.
 */
export function extendByUse(ctx: Context, session: SessionRow): SessionRow | Promise<SessionRow> {
  const extension = session.act ? undefined : extensionOf(ctx, session);
  if (!extension) return session;
  const key = `${ctx.tenant.id} ${session.id}`;
  const work = underWay.get(key) ?? extend(ctx, session, extension).finally(() => underWay.delete(key));
  underWay.set(key, work);
  return work;
}

interface Extension {
  readonly expiresAt: Date;
  readonly due: Date;
}

/** Until when a session lasts by being used now, if it would end before `due`; undefined where it is not due. */
function extensionOf({ config, now }: Context, session: SessionRow): Extension | undefined {
  const { lifespan, auto_extend: settings } = config.session;
  const { window = lifespan, min_interval: interval = lifespan / 10, max_lifetime: most } = settings;
  const time = now().getTime();
  const last = most === undefined ? Infinity : session.issuedAt.getTime() + most;
  const expiresAt = Math.min(time + lifespan, last);
  const due = Math.min(time + window, expiresAt - interval);
  return session.expiresAt.getTime() < due ? { expiresAt: new Date(expiresAt), due: new Date(due) } : undefined;
}

async function extend(ctx: Context, session: SessionRow, { expiresAt, due }: Extension): Promise<SessionRow> {
  const cause = byOwner(session, "sessions.auto_extend");
  try {
    const extended = await prolongSession(ctx, session, { expiresAt, due, ifActive: true }, cause);
    if (extended) return { ...session, expiresAt, updatedAt: ctx.now() };
    // Another call was first, perhaps on another server.
    return (await sessionById(ctx, session.id)) ?? session;
  } catch (error) {
    // It is in force all the same.
    ctx.log.warn("a session that is used could not be extended", { session: session.id, error });
    return session;
  }
}
