import type { createCoherentCache } from "../../src/coherence/coherent-cache.ts";
import type { createPeer } from "../../src/coherence/peer.ts";
import { leaseMs, patienceMs } from "../../src/coherence/terms.ts";
import { randomFrom } from "../fuzz/random.ts";
import type { Random } from "../fuzz/random.ts";
import { between, createTimeline, Process, SimulatedDatabase } from "./world.ts";
import type { Timeline } from "./world.ts";

/** The code that is tried: that of the server, or a mutant of it. */
export interface Protocol {
  readonly createPeer: typeof createPeer;
  readonly createCoherentCache: typeof createCoherentCache;
}

/** What a schedule came to. */
export interface Outcome {
  /** What should never be, each in a sentence. */
  readonly faults: readonly string[];
  readonly reads: number;
  readonly hits: number;
  readonly revocations: number;
}

interface Kept {
  readonly session: string;
  readonly version: number;
}

const tenant = "a tenant";
// Clocks differ by a fiftieth at most, and nothing is older than the lease under which it is answered.
const staleMs = leaseMs * 1.03;

/** Lets processes read, revoke, be stopped, cut off, set back and killed as a seed says, and judges what was read. */
export async function runSchedule(protocol: Protocol, seed: number): Promise<Outcome> {
  const random = randomFrom(seed);
  const timeline = createTimeline();
  const world: World = {
    protocol,
    random,
    timeline,
    // As PostgreSQL, which tells; as MariaDB, which does not; or as SQLite, where one writes at a time.
    ...kindOf(random, timeline),
    longestStopMs: random.chance(0.25) ? 12_000 : 3_000,
    sleepy: random.chance(0.3),
    fickle: random.chance(0.25),
    sessions: ["s1", "s2", "s3"].slice(0, 1 + random.below(3)),
    faults: [],
    returned: new Map(),
    committed: [],
    reads: 0,
    revocations: 0,
    caches: [],
  };
  // Some last until what the dead have left behind is cleared away.
  const lastsMs = random.chance(0.15) ? 14_000 : 3_000;
  const members = Array.from({ length: 2 + random.below(2) }, (_, at) =>
    enter(world, `p${at}`, random.chance(world.fickle ? 0.2 : 0.9)),
  );
  for (let at = 0; at < lastsMs; at += between(random, 20, 400)) {
    timeline.after(at, () => happen(world, members));
  }
  await timeline.runUntil(lastsMs + 2_500);
  const hits = world.caches.reduce((sum, cache) => sum + cache.figures().hits, 0);
  return { faults: world.faults, reads: world.reads, hits, revocations: world.revocations };
}

interface World {
  readonly protocol: Protocol;
  readonly random: Random;
  readonly timeline: Timeline;
  readonly database: SimulatedDatabase;
  readonly oneWriter: boolean;
  readonly longestStopMs: number;
  /** Whether machines sleep; where they do, no clock is set back, since the two together nobody could notice. */
  readonly sleepy: boolean;
  /** Whether processes often begin to keep something, and end to: then nobody does at times. */
  readonly fickle: boolean;
  readonly sessions: readonly string[];
  readonly faults: string[];
  /** The latest version of each session whose change has been answered. */
  readonly returned: Map<string, number>;
  readonly committed: { readonly session: string; readonly version: number; readonly at: number }[];
  readonly caches: { figures(): { readonly hits: number } }[];
  reads: number;
  revocations: number;
}

function kindOf(random: Random, timeline: Timeline): Pick<World, "database" | "oneWriter"> {
  const kind = random.pick(["tells", "silent", "one writer"]);
  return { database: new SimulatedDatabase(timeline, random, kind === "tells"), oneWriter: kind === "one writer" };
}

type Member = ReturnType<typeof enter>;

function enter(world: World, name: string, keeps: boolean) {
  const { protocol, random, timeline, database } = world;
  const process = new Process(timeline, random, name);
  let ids = 0;
  const peer = protocol.createPeer({
    store: database.storeOf(process),
    clock: process.clock,
    newId: () => `${name} ${timeline.now()} ${ids++}`,
    failed: () => undefined,
  });
  const cache = protocol.createCoherentCache<Kept>({
    peer,
    clock: process.clock,
    most: 100,
    mostBytes: 1000,
    subjectsOf: ({ session }) => [session],
    sizeOf: () => 1,
  });
  world.caches.push(cache);
  if (keeps) void peer.hold(true);
  return { process, peer, cache };
}

/** One thing happens to somebody. */
function happen(world: World, members: Member[]): void {
  const { random, timeline } = world;
  const member = random.pick(members);
  const { process } = member;
  const now = timeline.now();
  if (world.fickle && random.chance(0.3)) return process.deliver(() => void member.peer.hold(random.chance(0.2)));
  const fate = random.next();
  if (fate < 0.4) return revoke(world, members, member);
  if (fate < 0.75) return readOften(world, member);
  if (fate < 0.85) return stop(world, member);
  if (fate < 0.9) process.cutOffUntil = now + between(random, 50, 4000);
  else if (fate < 0.94) process.slowUntil = now + between(random, 500, 4000);
  else if (fate < 0.97) process.step(world.sleepy ? between(random, 0, 5000) : between(random, -20_000, 20_000));
  else if (fate < 0.985) process.deliver(() => void member.peer.hold(random.chance(0.6)));
  else {
    process.alive = false;
    timeline.after(between(random, 10, 3000), () =>
      members.splice(members.indexOf(member), 1, enter(world, `${process.name}'`, !world.fickle)),
    );
  }
}

function stop(world: World, member: Member): void {
  const { random, timeline } = world;
  const ms = random.chance(0.5) ? between(random, 5, 500) : between(random, 500, world.longestStopMs);
  member.process.stop(ms, world.sleepy && random.chance(0.5));
  // Somebody asks as soon as it runs again, and while it does not.
  for (const at of [random.next() * ms, ms + 0.001, ms + 1]) timeline.after(at, () => read(world, member));
}

function readOften(world: World, member: Member): void {
  for (let at = 0, times = 0; times < 4; times++, at += between(world.random, 0, 30))
    world.timeline.after(at, () => read(world, member));
}

/** Somebody asks a process for a session: what is answered must not be older than what was answered before they asked. */
function read(world: World, { process, cache }: Member): void {
  const { random, timeline, database, sessions } = world;
  const session = random.pick(sessions);
  const asked = timeline.now();
  const least = world.returned.get(session) ?? 0;
  process.deliver(() => {
    const ask = () => database.run(process, () => ({ session, version: database.versions.get(session) ?? 0 }));
    const underLease = { underLease: true, longestMs: 60_000 };
    const judge = (found: Kept | undefined) => {
      world.reads++;
      if (found!.version < least)
        world.faults.push(`${process.name} tells of version ${found!.version} of ${session}, ${least} was answered`);
      const late = world.committed.find(
        (one) => one.session === session && one.version > found!.version && one.at < asked - staleMs,
      );
      if (late) world.faults.push(`${process.name} has not heard of version ${late.version} of ${session}`);
    };
    void Promise.resolve(cache.through({ key: session, nid: tenant }, underLease, ask)).then(judge, () => undefined);
  });
}

/** Changes a session as a server does: in a transaction with what it invalidates, and then waits. */
function revoke(world: World, members: readonly Member[], { process, peer }: Member): void {
  const { random, timeline, database, oneWriter } = world;
  const session = random.pick(world.sessions);
  const invalidations = [{ id: `i${timeline.now()} ${random.next()}`, nid: tenant, subject: session }];
  let recorded = true;
  let version = 0;
  const change = () => {
    version = (database.versions.get(session) ?? 0) + 1;
    database.versions.set(session, version);
    world.committed.push({ session, version, at: timeline.now() });
    if (recorded) for (const one of invalidations) database.invalidations.set(one.id, one);
    // Some die before they can tell anybody, others cannot tell anybody.
    if (random.chance(0.05)) process.alive = false;
    if (random.chance(0.05))
      timeline.after(5, () => void (process.cutOffUntil = timeline.now() + between(random, 2000, 6000)));
  };
  const commit = async () => {
    peer.willChange(invalidations);
    if (oneWriter) {
      const own = peer.ownId();
      return database.run(process, () => {
        recorded = [...database.leases.keys()].some((id) => id !== own);
        change();
      });
    }
    const transaction = database.transactionOf(process);
    recorded = await peer.othersMayHold(transaction.gate);
    if (random.chance(0.3)) await takeAWhile(world, process, random.pick(members));
    return transaction.commit(change);
  };
  const begin = () =>
    void commit().then(
      async () => {
        const began = process.clock.now().monotonic;
        await peer.over({ invalidations, recorded, committed: true });
        const waited = process.clock.now().monotonic - began;
        world.revocations++;
        world.returned.set(session, Math.max(world.returned.get(session) ?? 0, version));
        judgeWait(world, process, waited);
        // Who has signed out at one door looks at all others.
        for (const other of members) timeline.after(between(random, 0, 2), () => read(world, other));
      },
      () => peer.over({ invalidations, recorded, committed: false }),
    );
  timeline.after(between(random, 0, 50), () => process.deliver(begin));
}

/** The end of a transaction may be a while away, and somebody begin to keep what it changes. */
function takeAWhile(world: World, process: Process, other: Member): Promise<void> {
  const { random, timeline } = world;
  const ms = between(random, 0, random.chance(0.3) ? 2000 : 400);
  if (world.fickle) {
    if (random.chance(0.3)) other.process.slowUntil = timeline.now() + ms;
    other.process.deliver(() => void other.peer.hold(true));
    for (let at = 0; at < ms; at += between(random, 5, 50)) timeline.after(at, () => read(world, other));
  }
  return new Promise((done) => timeline.after(ms, () => process.deliver(done)));
}

function judgeWait(world: World, process: Process, waitedMs: number): void {
  if (waitedMs > patienceMs + 100 && !process.everStopped)
    world.faults.push(`${process.name} has waited for ${Math.round(waitedMs)} ms`);
}
