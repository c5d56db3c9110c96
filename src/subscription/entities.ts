import { defineEntity, p } from "@mikro-orm/core";
import { identified, instant, json, longCount, longText, oneOf, uuid } from "../db/columns.ts";
import { type RowOf, tableOf } from "../db/table.ts";

/** Whether a subscription sends; one that was deleted is there until all that hangs on it is gone. */
export type StoredState = "active" | "paused" | "disabled" | "deleted";

/** What a subscription is. */
export interface SubscriptionContent {
  readonly url: string;
  /** The types of events that are sent; empty for all. */
  readonly types: readonly string[];
  readonly description: string;
}

/** Describes the table `subscriptions`. */
export const SubscriptionSchema = defineEntity({
  name: "Subscription",
  tableName: "subscriptions",
  indexes: [{ name: "subscriptions_nid_id_index", properties: ["nid", "id"] }],
  checks: [oneOf("subscriptions", "state", ["active", "paused", "disabled", "deleted"])],
  properties: {
    // A UUID, or the name that the configuration gives it.
    id: p.string().length(64).primary(),
    nid: uuid().primary(),
    createdAt: instant(),
    updatedAt: instant(),
    state: p.string().length(16).$type<StoredState>(),
    // Null where it stands in the configuration, as are the secrets.
    kept: json<SubscriptionContent>().strictNullable(),
    secrets: longText().strictNullable().hidden(),
    // The number of the last event that was taken in.
    sequence: longCount(),
    // What happened before is passed over, where there were more events without a number than could be numbered at once.
    startsAt: instant(),
    // From when the time until a delivery is given up counts at the earliest.
    resumedAt: instant(),
    // Since when a server leaves its receiver alone, which fails whatever it is sent; null where nobody does.
    failingSince: instant().strictNullable(),
  },
});

/** That a server is told of events, and how far it is. */
export const subscriptions = tableOf(SubscriptionSchema);

/** A subscription as it is stored. */
export type SubscriptionRow = RowOf<typeof subscriptions>;

/** Describes the table `subscription_queues`. */
export const SubscriptionQueueSchema = defineEntity({
  name: "SubscriptionQueue",
  tableName: "subscription_queues",
  indexes: [
    {
      name: "subscription_queues_nid_subscription_id_due_at_id_index",
      properties: ["nid", "subscriptionId", "dueAt", "id"],
    },
  ],
  properties: {
    ...identified,
    subscriptionId: p.string().length(64),
    // When the first in it may be taken: while it is under way, when the one who took it has lost it.
    dueAt: instant(),
    leaseId: uuid().strictNullable(),
    // In a row.
    failures: p.integer().default(0),
  },
});

/** A line of deliveries that wait: those of one subscription to one account. It is there as long as any of them waits. */
export const subscriptionQueues = tableOf(SubscriptionQueueSchema);

/** A line as it is stored. */
export type SubscriptionQueueRow = RowOf<typeof subscriptionQueues>;

/** One attempt to deliver. */
export interface DeliveryAttempt {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** What the receiver answered; 0 where it did not. */
  readonly status: number;
  readonly ms: number;
  readonly error?: string;
}

/** What has become of a delivery. */
export type DeliveryState = "pending" | "delivered" | "dead";

/** Describes the table `subscription_deliveries`. */
export const SubscriptionDeliverySchema = defineEntity({
  name: "SubscriptionDelivery",
  tableName: "subscription_deliveries",
  checks: [oneOf("subscription_deliveries", "state", ["pending", "delivered", "dead"])],
  indexes: [
    {
      name: "subscription_deliveries_nid_subscription_id_state_id_index",
      properties: ["nid", "subscriptionId", "state", "id"],
    },
    // In the order in which a line is delivered.
    {
      name: "subscription_deliveries_nid_queue_settled_sequence_id_index",
      properties: ["nid", "queueId", "settledAt", "sequence", "id"],
    },
    { name: "subscription_deliveries_settled_at_id_index", properties: ["settledAt", "id"] },
  ],
  properties: {
    ...identified,
    subscriptionId: p.string().length(64),
    queueId: uuid(),
    eventId: uuid(),
    sequence: longCount(),
    type: p.string().length(64),
    subjectId: uuid().strictNullable(),
    state: p.string().length(16).$type<DeliveryState>(),
    attempts: json<readonly DeliveryAttempt[]>(),
    since: instant(),
    settledAt: instant().strictNullable(),
  },
});

/** An event on its way to a subscriber. What it says is read of the event when it is sent. */
export const subscriptionDeliveries = tableOf(SubscriptionDeliverySchema);

/** A delivery as it is stored. */
export type DeliveryRow = RowOf<typeof subscriptionDeliveries>;
