import type { Database, Reach } from "../db/connection.ts";
import { createNotifier } from "../notifier.ts";
import { lastGiven } from "./read.ts";
import { numberEvents } from "./numbering.ts";
import { outsideOfTraces } from "../tracing/active-span.ts";
import { onRecorded, recordedChannel } from "./recorded.ts";

/** How often it is looked where other servers on the same database cannot tell what they write. */
const lookEveryMs = 400;
/** And where they can: one that ends between a commit and telling of it has told nobody. */
const lookWhenToldMs = 10_000;
/** How many events are numbered before those who wait hear of them. */
const mostAtOnce = 1024;

/** The numbers of a tenant's events as they are given, for one who waits for them. */
export interface FollowedNumbers {
  /** The last number that is known to have been given. Throws why none can be known any more. */
  last(): number;
  /** Calls back when there are others, or none can be known. */
  readonly hear: Set<() => void>;
}

interface Follower extends FollowedNumbers {
  users: number;
  stop(): void;
}

const followersOf = new WeakMap<Database, Map<string, Follower>>();

/**
 * Follows the numbers of a tenant's events for as long as anybody waits for them: all who do in this process share one who looks,
 * when events are committed here, and when other servers tell of theirs or, where the database hands nothing on, every 400 ms. Answers with the way to let go of it, too.
 */
export function followNumbers({ db, tenant }: Reach): readonly [FollowedNumbers, () => void] {
  const { database } = db;
  let followers = followersOf.get(database);
  if (!followers) followersOf.set(database, (followers = new Map()));
  let follower = followers.get(tenant.id);
  if (!follower)
    followers.set(tenant.id, (follower = start({ db: database, tenant }, () => followers.delete(tenant.id))));
  const mine = follower;
  mine.users++;
  return [
    mine,
    () => {
      if (--mine.users > 0) return;
      mine.stop();
      if (followers.get(tenant.id) === mine) followers.delete(tenant.id);
    },
  ];
}

function start(reach: Reach, ended: () => void): Follower {
  const notifier = createNotifier();
  const hear = new Set<() => void>();
  const stopHearing = onRecorded(reach.db.database, (id) => id === reach.tenant.id && notifier.notify());
  // Between two connections things may have been told that nobody has heard.
  const ear = reach.db.database.listen?.(recordedChannel, {
    hear: (id) => id === reach.tenant.id && notifier.notify(),
    changed: notifier.notify,
  });
  let stopped = false;
  let last = 0;
  let failure: { readonly cause: unknown } | undefined;

  async function look(): Promise<void> {
    while (!stopped) {
      const numbered = await numberEvents(reach, mostAtOnce);
      const given = await lastGiven(reach);
      if (given > last) {
        last = given;
        for (const tell of hear) tell();
      }
      // Where nobody has read for long, there are many more.
      if (!stopped && numbered < mostAtOnce) await notifier.wait(ear?.listens() ? lookWhenToldMs : lookEveryMs);
    }
  }

  function stop(): void {
    stopped = true;
    stopHearing();
    void ear?.close();
    notifier.notify();
  }

  // Whoever has come first is not who it goes on for.
  void outsideOfTraces(look).catch((cause: unknown) => {
    // Nobody is left to be told, and another one may follow by now.
    if (stopped) return;
    failure = { cause };
    stop();
    // Whoever comes next begins anew.
    ended();
    for (const tell of hear) tell();
  });

  return {
    users: 0,
    hear,
    last() {
      if (failure) throw failure.cause;
      return last;
    },
    stop,
  };
}
