import { cachedFor } from "../cached-for.ts";
import { defineQuery, type Reply } from "../peers.ts";

/** What is wrong with a server, by part of it; nothing when all is well. */
type Faults = Readonly<Record<string, string>>;

/** The health of a server as a whole: a probe cannot choose which of its workers it meets. */
export interface AggregateHealth {
  /** Which workers do not answer. */
  alive(): Promise<Faults>;
  /** What keeps any of them from serving. */
  ready(): Promise<Faults>;
}

const readiness = defineQuery<Faults>("readiness");
const liveness = defineQuery<Faults>("liveness");

// Longer than a worker waits for its database.
const timeoutMs = 4000;
const cachedMs = 250;

/** Puts the readiness of this worker and of the others together. Anybody may ask, and as often as they like. */
export function aggregateHealth(own: () => Promise<Faults>): AggregateHealth {
  const [gatherReadiness, gatherLiveness] = [readiness.answeredBy(own), liveness.answeredBy(() => ({}))];
  return {
    alive: cachedFor(cachedMs, async () => faultsIn(await gatherLiveness(timeoutMs))),
    ready: cachedFor(cachedMs, async () => faultsIn(await gatherReadiness(timeoutMs))),
  };
}

/** A worker that has ended is no fault: the others are handed its connections until it is replaced. */
function faultsIn(replies: readonly Reply<Faults>[]): Faults {
  const timedOut = replies.filter(({ timedOut }) => timedOut).map(({ worker }) => worker);
  return Object.assign(
    {},
    ...replies.map(({ answer }) => answer),
    timedOut.length > 0 && { workers: `No answer from worker ${timedOut.join(", ")}.` },
  );
}
