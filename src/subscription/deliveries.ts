import type { Reach } from "../db/connection.ts";
import { isUuid } from "../db/id.ts";
import { lastId } from "../db/pages.ts";
import { find } from "../db/query.ts";
import { type DeliveryRow, type DeliveryState, subscriptionDeliveries } from "./entities.ts";

/** Which deliveries of a subscription are meant. */
export interface DeliveryFilter {
  readonly subscriptionId: string;
  readonly state?: DeliveryState | undefined;
  /** The id before the first one, in descending order; empty for the newest. */
  readonly before: string;
}

const states: readonly DeliveryState[] = ["pending", "delivered", "dead"];

/** Deliveries, the newest first. Those of any state are put together of those of each, which an index leads to. */
export async function listDeliveries(reach: Reach, filter: DeliveryFilter, limit: number): Promise<DeliveryRow[]> {
  const { subscriptionId, state, before } = filter;
  const pages = await Promise.all(
    (state ? [state] : states).map((one) =>
      find(reach, subscriptionDeliveries, (query) =>
        query
          .where("subscriptionId", "=", subscriptionId)
          .where("state", "=", one)
          .where("id", "<", before || lastId)
          .orderBy("id", "desc")
          .limit(limit),
      ),
    ),
  );
  return pages.flat().toSorted(newestFirst).slice(0, limit);
}

const newestFirst = (one: DeliveryRow, other: DeliveryRow): number => (one.id < other.id ? 1 : -1);

/** A delivery of a subscription; undefined where there is none. */
export async function findDelivery(reach: Reach, subscriptionId: string, id: string): Promise<DeliveryRow | undefined> {
  if (!isUuid(id)) return undefined;
  const [row] = await find(reach, subscriptionDeliveries, (query) => query.where("id", "=", id.toLowerCase()));
  return row?.subscriptionId === subscriptionId ? row : undefined;
}
