import { createBoundedCache } from "../../bounded-cache.ts";
import type { BoundedCache } from "../../bounded-cache.ts";
import type { Context } from "../../context.ts";
import type { Database } from "../../db/connection.ts";
import type { TokenPayload } from "../../events/event-types.ts";
import { record } from "../../events/record.ts";
import { byOwner } from "../repository.ts";
import type { SessionRow } from "../statements.ts";

const everyMs = 3_600_000;
const mostKept = 50_000;

interface Recorded {
  readonly until: number;
  unrecorded: number;
}

// By database, since sessions have the same ids in all copies of one.
const recordedOf = new WeakMap<Database, BoundedCache<string, Recorded>>();

/**
 * Records that a token was made of a session: the first one by each template in an hour, at each server, and how many there
 * were since. Gateways ask for one with each request, and a row for each would make a write of every read.
 */
export async function recordToken(
  ctx: Context,
  session: SessionRow,
  token: Pick<TokenPayload, "template" | "ttl_seconds">,
): Promise<void> {
  const all = recordedOf.get(ctx.db.database) ?? createBoundedCache<string, Recorded>(mostKept);
  recordedOf.set(ctx.db.database, all);
  const key = `${session.id} ${token.template}`;
  const known = all.get(key);
  const now = ctx.now().getTime();
  if (known && now < known.until) return void known.unrecorded++;
  const recorded = all.set(key, { until: now + everyMs, unrecorded: 0 });
  const payload = { ...token, ...(known?.unrecorded && { unrecorded: known.unrecorded }) };
  try {
    await record(ctx, byOwner(session, "sessions.tokenize"), {
      type: "SessionTokenizedAsJWT",
      subjectId: session.identity.id,
      sessionId: session.id,
      payload,
    });
  } catch (error) {
    // The next token is recorded with those that were to be told of here.
    all.set(key, { until: 0, unrecorded: (known?.unrecorded ?? 0) + recorded.unrecorded });
    throw error;
  }
}
