import type { Database } from "../db/connection.ts";
import { uuidv7 } from "../db/id.ts";
import { change, insert, remove } from "../db/query.ts";
import { backOffMs } from "../delivery/back-off.ts";
import { sayWhy } from "../delivery/say-why.ts";
import { count } from "../statistics/tally.ts";
import type { Claimed } from "./claim.ts";
import { Undeliverable } from "./delivery.ts";
import { courierDispatches, courierMessages } from "./entities.ts";

/** What became of an attempt: handed over, to be tried again, or given up. */
export type DeliveryOutcome = "sent" | "queued" | "abandoned";

/** How attempts are judged. */
export interface SettleOptions {
  /** How often a message is tried again. */
  readonly retries: number;
  /** Whether the words are kept when it is over, for the administrator to read. */
  readonly keepWords: boolean;
  readonly now: Date;
}

/** 2 s, 12 s, 72 s, 7 min, 43 min. */
const pauses = { firstMs: 2_000, factor: 6, longestMs: 3_600_000 };

/** How long to wait after an attempt. */
export const backoffMs = (attempt: number, chance?: number): number => backOffMs(pauses, attempt, chance);

/**
 * Writes down how an attempt went, if the message is still held: whoever was too slow has lost it to another. Answers
 * undefined in that case.
 */
export function settle(
  db: Database,
  claimed: Claimed,
  error: unknown,
  options: SettleOptions,
): Promise<DeliveryOutcome | undefined> {
  const { tenant, message, leaseId } = claimed;
  const { id, sendCount } = message;
  const { now } = options;
  const outcome = outcomeOf(sendCount, error, options.retries);
  const changes = {
    status: outcome,
    leaseId: null,
    updatedAt: now,
    dueAt: outcome === "queued" ? new Date(now.getTime() + backoffMs(sendCount)) : null,
    // Outside development nobody is shown the words, which hold codes and links: they go when they are of no more use.
    ...(outcome !== "queued" &&
      !options.keepWords && { templateData: {}, requestHeaders: {}, subject: "", body: "", htmlBody: null }),
  };
  return db.transaction(async (transaction) => {
    const reach = { db: transaction, tenant };
    const held = await change(reach, courierMessages, changes, (query) =>
      query.where("id", "=", id).where("leaseId", "=", leaseId),
    );
    if (held === 0) return undefined;
    const status = outcome === "sent" ? "success" : "failed";
    const told = outcome === "sent" ? null : { message: sayWhy(error) };
    await insert(reach, courierDispatches, [
      { id: uuidv7(now.getTime()), createdAt: now, updatedAt: now, messageId: id, status, error: told },
    ]);
    if (outcome !== "queued") transaction.onceCommitted(() => count(reach, "message", outcome, now));
    return outcome;
  });
}

/** Throws away what only looked like a message, unless another has taken it. */
export async function discard(db: Database, { tenant, message: { id }, leaseId }: Claimed): Promise<void> {
  await remove({ db, tenant }, courierMessages, (query) => query.where("id", "=", id).where("leaseId", "=", leaseId));
}

function outcomeOf(sendCount: number, error: unknown, retries: number): DeliveryOutcome {
  if (error === undefined) return "sent";
  return error instanceof Undeliverable || sendCount > retries ? "abandoned" : "queued";
}
