import type { Reach } from "../db/connection.ts";
import { ErrorReason, problem } from "../errors.ts";
import { createNotifier } from "../notifier.ts";
import type { EventFilter } from "./filter.ts";
import { isMeant } from "./filter.ts";
import { followNumbers } from "./follow-numbers.ts";
import { lastRemoved, readNumbered } from "./read.ts";
import type { RecordedEvent } from "./read.ts";

/** What stands in between ends connections on which nothing happens. */
const beatEveryMs = 15_000;
/** How many events are held for a reader at a time. */
const pageSize = 100;

/** Which events are watched, from where on, and for how long. */
export interface Watch {
  readonly filter: EventFilter;
  /** The number of the event after which it begins. */
  readonly after: number;
  /** What happened before is passed over. */
  readonly since?: Date | undefined;
  readonly now: () => Date;
  /** Aborted when nobody waits any more, or this server cannot go on. */
  readonly until: AbortSignal;
}

/** Events that the reader has not seen may be there no more. */
async function refuseLost(reach: Reach, seen: number): Promise<void> {
  if ((await lastRemoved(reach)) > seen) throw problem(ErrorReason.EVENTS_EXPIRED);
}

/** How far a watch has come, and the event that is there, if any. */
export interface Watched {
  readonly sequence: number;
  readonly event?: RecordedEvent;
}

/**
 * Events as they happen, each once and in the order of their numbers, until nobody waits any more. What takes long to be taken
 * is waited for: no more than a page is read ahead. It tells how far it has come at its beginning, and now and then while nothing that is meant happens.
 * Fails with EVENTS_EXPIRED where events after its beginning are not kept any more.
 */
export async function* watchEvents(reach: Reach, { filter, after, since, now, until }: Watch): AsyncGenerator<Watched> {
  const notifier = createNotifier();
  const [numbers, letGo] = followNumbers(reach);
  numbers.hear.add(notifier.notify);
  until.addEventListener("abort", notifier.notify);
  try {
    let seen = after;
    yield { sequence: seen };
    for (let toldAt = now().getTime(); !until.aborted;) {
      if (numbers.last() > seen) {
        const page = await readNumbered(reach, { after: seen, limit: pageSize });
        if (Number(page[0]?.sequence) !== seen + 1) await refuseLost(reach, seen);
        if (page.length === 0) seen = numbers.last();
        for (const event of page) {
          seen = Number(event.sequence);
          if (!isMeant(filter, event) || (since && event.occurredAt < since)) continue;
          yield { sequence: seen, event };
          toldAt = now().getTime();
          if (until.aborted) return;
        }
      }
      // A clock that is put back keeps nobody waiting.
      const leftMs = Math.min(beatEveryMs, toldAt + beatEveryMs - now().getTime());
      if (leftMs <= 0) {
        yield { sequence: seen };
        toldAt = now().getTime();
      } else if (numbers.last() <= seen) await notifier.wait(leftMs);
    }
  } finally {
    until.removeEventListener("abort", notifier.notify);
    numbers.hear.delete(notifier.notify);
    letGo();
  }
}
