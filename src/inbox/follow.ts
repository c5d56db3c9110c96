import type { CourierMessage } from "../courier/entities.ts";
import { enqueued } from "../courier/enqueued.ts";
import type { Reach } from "../db/connection.ts";
import { createNotifier } from "../notifier.ts";
import { type MessageWish, messageAfter } from "./read.ts";

/** Other servers on the same database tell nothing of what they write. */
const lookEveryMs = 1000;

/** Which messages are followed, from where on, and for how long. */
export interface Following {
  readonly wish: MessageWish;
  /** A cursor: what comes after it is meant. */
  readonly after: string;
  /** Aborted when nobody waits any more. */
  readonly until: AbortSignal;
}

/** The messages after a cursor, each as soon as it is there, until nobody waits any more. */
export async function* follow(reach: Reach, { wish, after, until }: Following): AsyncGenerator<CourierMessage> {
  const notifier = createNotifier();
  const stop = enqueued.hear(reach.db.database, notifier.notify, "looks");
  until.addEventListener("abort", notifier.notify);
  try {
    for (let last = after; !until.aborted;) {
      const message = await messageAfter(reach, wish, last);
      if (message) {
        last = message.id;
        yield message;
      } else await notifier.wait(lookEveryMs);
    }
  } finally {
    until.removeEventListener("abort", notifier.notify);
    stop();
  }
}
