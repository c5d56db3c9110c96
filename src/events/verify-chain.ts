import type { ChainEntry, Checkpoint } from "./chain.ts";
import { beginning, hashAfter } from "./chain.ts";
import type { ChainPage } from "./read-chain.ts";

/** Why an event does not fit: it was changed, taken out, given a number that another one has, or is not the one that somebody has noted down. */
export type Misfit = "changed" | "missing" | "doubled" | "other_than_noted";

/** The first event that does not fit. */
export interface Break {
  readonly kind: "broken";
  readonly why: Misfit;
  readonly sequence: number;
  /** Its id, where it is there. */
  readonly id?: string | undefined;
}

/** What was found: a break, or where the chain that was looked at begins and ends. */
export type Verdict =
  | Break
  | {
      readonly kind: "whole";
      readonly base: Checkpoint;
      readonly head: Checkpoint;
      /** Whether what was noted down could be compared: it may have been deleted for its age. */
      readonly isNotedKept: boolean;
    };

const pageSize = 1000;

/**
 * Recomputes the hashes of all events that are kept, a page at a time, up to the one that was the newest at the beginning. `noted` is
 * what somebody has written down of an earlier time: that event has to be there with the same hash, unless it has been deleted since.
 */
export async function verifyChain(
  read: (after: number, limit: number) => Promise<ChainPage>,
  noted: Checkpoint = beginning,
): Promise<Verdict> {
  const { base, head } = await read(0, 1);
  if (noted.sequence > head.sequence) return misfit("missing", head.sequence + 1);
  let at: Place = base;
  let page: ChainPage;
  do {
    // The last one once more: another one with its number would be the next.
    page = await read(Math.max(0, at.sequence - 1), pageSize);
    // What has become too old in the meantime lies behind the base, and cannot be looked at any more.
    if (page.base.sequence > at.sequence) at = page.base;
    if (isOther(at, noted)) return misfit("other_than_noted", at.sequence);
    for (const entry of page.entries) {
      if (entry.sequence > head.sequence) break;
      if (entry.sequence <= page.base.sequence || entry.id === at.id) continue;
      const why = judge(entry, at, noted);
      if (why === "missing") return misfit(why, at.sequence + 1);
      if (why) return misfit(why, entry.sequence, entry.id);
      at = entry;
    }
  } while (page.entries.length === pageSize && page.entries.at(-1)!.sequence <= head.sequence);
  if (at.sequence < head.sequence) return misfit("missing", at.sequence + 1);
  if (at.hash !== head.hash) return misfit("changed", head.sequence, at.id);
  return { kind: "whole", base, head, isNotedKept: noted.sequence >= page.base.sequence };
}

/** How far the work has come; without an id at the base, whose event is there no more. */
type Place = Checkpoint & { readonly id?: string };

const misfit = (why: Misfit, sequence: number, id?: string): Break => ({ kind: "broken", why, sequence, id });

const isOther = (place: Checkpoint, noted: Checkpoint): boolean =>
  place.sequence === noted.sequence && place.hash !== noted.hash;

function judge(entry: ChainEntry, at: Checkpoint, noted: Checkpoint): Misfit | undefined {
  if (entry.sequence === at.sequence) return "doubled";
  if (entry.sequence > at.sequence + 1) return "missing";
  if (hashAfter(at.hash, entry.canonical) !== entry.hash) return "changed";
  return isOther(entry, noted) ? "other_than_noted" : undefined;
}
