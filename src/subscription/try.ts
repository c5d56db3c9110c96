import type { Context } from "../context.ts";
import { uuidv7 } from "../db/id.ts";
import { eventById } from "../events/list.ts";
import { record } from "../events/record.ts";
import { attemptDelivery, type PresentEvent } from "./attempt.ts";
import type { DeliveryAttempt } from "./entities.ts";
import type { Subscription } from "./subscription.ts";

/** Records that a subscription is tried, sends its receiver that event, and tells how it was taken. */
export async function trySubscription(
  ctx: Context,
  subscription: Subscription,
  present: PresentEvent,
): Promise<DeliveryAttempt> {
  const id = uuidv7(ctx.now().getTime());
  const payload = { subscription_id: subscription.id };
  await record(ctx, { reason: "admin.test_subscription" }, { type: "SubscriptionTested", id, payload });
  const event = await eventById(ctx, id);
  const { attempt } = await attemptDelivery(ctx, subscription, event!, { present });
  return attempt;
}
