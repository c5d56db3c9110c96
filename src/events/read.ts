import type { Reach } from "../db/connection.ts";
import { find } from "../db/query.ts";
import type { RowOf } from "../db/table.ts";
import { readEnds } from "./ends.ts";
import { events } from "./entities.ts";
import { numberEvents } from "./numbering.ts";

/** An event as readers get it: it has its number. */
export type RecordedEvent = RowOf<typeof events> & { readonly sequence: number };

/** Where a reader goes on, and how much it takes. */
export interface EventRange {
  /** The number of the last event that the reader has seen; 0 for the beginning. */
  readonly after: number;
  readonly limit: number;
}

/**
 * The next events of a tenant, in the order of their numbers. Whoever goes on after the last number that they have seen is
 * shown each event once and skips none, however long its transaction took to commit.
 *
 * @example
 * for (const event of await readEvents(ctx, { after: seen, limit: 100 })) {
 *   await deliver(event);
 *   seen = event.sequence;
 * }
 */
export async function readEvents(reach: Reach, range: EventRange): Promise<RecordedEvent[]> {
  // First, so that whatever was committed before the call has its number when it is looked for, whoever gave it.
  await numberEvents(reach, range.limit);
  return readNumbered(reach, range);
}

/** The next events that have a number by now. */
export async function readNumbered(reach: Reach, { after, limit }: EventRange): Promise<RecordedEvent[]> {
  const found = await find(reach, events, (query) =>
    query.where("sequence", ">", after).orderBy("sequence").limit(limit),
  );
  return found as RecordedEvent[];
}

/** The last number that was given: all events up to it can be read. */
export const lastGiven = async (reach: Reach): Promise<number> => (await readEnds(reach)).sequence.sequence;

/** The number up to which events are not kept any more. */
export async function lastRemoved(reach: Reach): Promise<number> {
  const [first] = await readNumbered(reach, { after: 0, limit: 1 });
  return first ? first.sequence - 1 : lastGiven(reach);
}
