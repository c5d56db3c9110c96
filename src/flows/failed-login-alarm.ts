import type { Context } from "../context.ts";
import type { Database } from "../db/connection.ts";
import { countTogether } from "../throttle/tally.ts";

/** How often a server adds its failures to those of the others, at most. */
const pauseMs = 5_000;

interface Watch {
  failures: number;
  lookedAt: number;
  raisedUntil: number;
}

const watches = new WeakMap<Database, Map<string, Watch>>();

function watchOf({ db, tenant }: Context): Watch {
  const ofDatabase = watches.get(db.database) ?? new Map<string, Watch>();
  watches.set(db.database, ofDatabase);
  const watch = ofDatabase.get(tenant.id) ?? { failures: 0, lookedAt: -Infinity, raisedUntil: -Infinity };
  ofDatabase.set(tenant.id, watch);
  return watch;
}

/**
 * Counts a sign-in that failed, and warns the log when there were many of late, once in the time that they are counted
 * in. All servers count together, every few seconds: an attack on many accounts from many clients shows nowhere else.
 */
export async function raiseAlarm(ctx: Context): Promise<void> {
  const { failures: most, within } = ctx.config.security.failed_login_alarm;
  if (most === 0) return;
  const watch = watchOf(ctx);
  watch.failures += 1;
  const now = ctx.now().getTime();
  if (now - watch.lookedAt < pauseMs) return;
  const added = watch.failures;
  Object.assign(watch, { failures: 0, lookedAt: now });
  const { total, endsAt } = await countTogether(ctx, { what: "failed logins", whom: "all" }, added, within);
  if (total < most || now < watch.raisedUntil) return;
  watch.raisedUntil = endsAt;
  ctx.log.warn("login.many_failures", { failures: total, within_seconds: Math.round(within / 1000) });
}
