import type { MessageInitShape } from "@bufbuild/protobuf";
import { DeliveryState, SubscriptionOrigin, SubscriptionState } from "#gen/ostiary/admin/v1/subscription_service_pb.js";
import type {
  DeliveryAttemptSchema,
  DeliverySchema,
  SubscriptionSchema,
} from "#gen/ostiary/admin/v1/subscription_service_pb.js";
import type { Context } from "../../context.ts";
import { cursorAt } from "../../events/cursor.ts";
import type {
  DeliveryAttempt,
  DeliveryRow,
  DeliveryState as StoredDeliveryState,
  StoredState,
} from "../../subscription/entities.ts";
import { openSecrets } from "../../subscription/secrets.ts";
import type { Subscription } from "../../subscription/subscription.ts";
import { presentTime } from "../present-time.ts";

const states: Readonly<Record<StoredState, SubscriptionState>> = {
  active: SubscriptionState.ACTIVE,
  paused: SubscriptionState.PAUSED,
  disabled: SubscriptionState.DISABLED,
  // Shown to nobody.
  deleted: SubscriptionState.UNSPECIFIED,
};

/** A subscription as the contract has it. */
export function presentSubscription(ctx: Context, one: Subscription): MessageInitShape<typeof SubscriptionSchema> {
  const { row, content, configured } = one;
  const previous = row.secrets === null ? undefined : openSecrets(ctx, row.secrets)?.previous;
  const rotating = previous && previous.until > ctx.now().getTime();
  return {
    id: one.id,
    url: withoutCredentials(content.url),
    types: [...content.types],
    description: content.description,
    origin: configured ? SubscriptionOrigin.CONFIGURATION : SubscriptionOrigin.DATABASE,
    state: states[one.state],
    ...(rotating && { rotatingUntil: presentTime(new Date(previous.until)) }),
    cursor: cursorAt(ctx.tenant, Number(row.sequence)),
    createdAt: presentTime(row.createdAt),
    updatedAt: presentTime(row.updatedAt),
    ...(row.failingSince && { failingSince: presentTime(row.failingSince) }),
  };
}

/** In the file an address may hold a password. */
function withoutCredentials(url: string): string {
  const { username, password } = new URL(url);
  return username || password ? url.replace(/\/\/[^@/]*@/, "//***@") : url;
}

const deliveryStates: Readonly<Record<StoredDeliveryState, DeliveryState>> = {
  pending: DeliveryState.PENDING,
  delivered: DeliveryState.DELIVERED,
  dead: DeliveryState.DEAD,
};

const names = Object.fromEntries(Object.entries(deliveryStates).map(([name, state]) => [state, name])) as Readonly<
  Record<DeliveryState, StoredDeliveryState | undefined>
>;

/** The state that a filter names; undefined where it names none. */
export const readDeliveryState = (state: DeliveryState): StoredDeliveryState | undefined => names[state];

/** A delivery as the contract has it. */
export const presentDelivery = (row: DeliveryRow): MessageInitShape<typeof DeliverySchema> => ({
  id: row.id,
  subscriptionId: row.subscriptionId,
  eventId: row.eventId,
  type: row.type,
  subjectId: row.subjectId ?? "",
  state: deliveryStates[row.state],
  attempts: row.attempts.map(presentAttempt),
  createdAt: presentTime(row.createdAt),
  ...(row.settledAt && { settledAt: presentTime(row.settledAt) }),
});

/** An attempt as the contract has it. */
export const presentAttempt = ({
  at,
  status,
  ms,
  error = "",
}: DeliveryAttempt): MessageInitShape<typeof DeliveryAttemptSchema> => ({
  at: presentTime(new Date(at)),
  status,
  durationMs: ms,
  error,
});
