import type { Context } from "../context.ts";
import { clientNetwork } from "../server/client-address.ts";
import { countOutcome } from "../throttle/count-outcomes.ts";
import { tooManyTries } from "../throttle/refusal.ts";
import { takeFromBucket } from "../throttle/token-bucket.ts";

/** Refuses to begin another flow for a client that has begun too many: anybody may begin one, and each is a row and work. */
export function assertMayBegin(ctx: Context): void {
  const waitMs = waitForRow(ctx);
  if (waitMs > 0) throw tooManyTries(waitMs);
}

/** Counts a row that a client has the server write without having proved anything; how long it has to wait for that, if at all. */
export function waitForRow(ctx: Context): number {
  const { enabled, ...size } = ctx.config.selfservice.new_flows_per_client;
  if (!enabled) return 0;
  const waitMs = takeFromBucket(ctx, clientNetwork(ctx), size);
  countOutcome("new flows", waitMs === 0);
  return waitMs;
}
