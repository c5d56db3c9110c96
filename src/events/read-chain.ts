import type { Reach } from "../db/connection.ts";
import type { ChainEntry, Checkpoint } from "./chain.ts";
import { canonicalOf } from "./chain.ts";
import { readEnds } from "./ends.ts";
import type { EventRange } from "./read.ts";
import { readNumbered } from "./read.ts";

/** A page of the chain of a tenant's events, and where the chain begins and ends. */
export interface ChainPage {
  readonly entries: readonly ChainEntry[];
  /** The last event that is not kept any more. */
  readonly base: Checkpoint;
  readonly head: Checkpoint;
}

/** A page of the chain. Ends are read behind events: what has been deleted in between lies before `base`. */
export async function readChain(reach: Reach, range: EventRange): Promise<ChainPage> {
  const found = await readNumbered(reach, range);
  const { removed: base, sequence: head } = await readEnds(reach);
  const entries = found.map((event) => {
    const sequence = Number(event.sequence);
    return { sequence, id: event.id, canonical: canonicalOf(reach.tenant, event, sequence), hash: event.hash ?? "" };
  });
  return { entries, base, head };
}
