import type { Clock } from "../../src/coherence/clock.ts";
import type { Asked, Gate, Invalidation, LeaseStore, News } from "../../src/coherence/store.ts";
import type { Random } from "../fuzz/random.ts";

/** A number from one to another. */
export const between = (random: Random, least: number, most: number): number => least + random.next() * (most - least);

interface Event {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/** True time, which no process knows: what is to happen, in its order. */
export interface Timeline {
  now(): number;
  after(ms: number, run: () => void): void;
  /** Lets everything happen until then. */
  runUntil(end: number): Promise<void>;
}

/** Time that passes only by what happens in it. */
export function createTimeline(): Timeline {
  const heap: Event[] = [];
  let now = 0;
  let order = 0;
  const before = (a: Event, b: Event) => a.at < b.at || (a.at === b.at && a.order < b.order);

  function push(event: Event): void {
    let at = heap.push(event) - 1;
    for (let up = (at - 1) >> 1; at > 0 && before(heap[at]!, heap[up]!); at = up, up = (at - 1) >> 1)
      [heap[at], heap[up]] = [heap[up]!, heap[at]!];
  }

  function pop(): Event {
    const first = heap[0]!;
    const last = heap.pop()!;
    if (heap.length === 0) return first;
    heap[0] = last;
    for (let at = 0; ;) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      let least = at;
      if (left < heap.length && before(heap[left]!, heap[least]!)) least = left;
      if (right < heap.length && before(heap[right]!, heap[least]!)) least = right;
      if (least === at) return first;
      [heap[at], heap[least]] = [heap[least]!, heap[at]!];
      at = least;
    }
  }

  return {
    now: () => now,
    after: (ms, run) => push({ at: now + ms, order: order++, run }),
    async runUntil(end) {
      while (heap.length > 0 && heap[0]!.at <= end) {
        const event = pop();
        now = event.at;
        event.run();
        // All that awaits it goes on before anything else happens. What is still under way then is slow, as a process may be.
        for (let turns = 0; turns < 16; turns++) await Promise.resolve();
      }
      now = end;
    },
  };
}

/** A machine's process: what comes to it waits while it is stopped, and is lost once it is dead. */
export class Process {
  readonly name: string;
  /** How fast its clocks run. */
  readonly rate: number;
  alive = true;
  /** Until when it cannot reach the database. */
  cutOffUntil = 0;
  /** Until when whatever it asks the database takes long. */
  slowUntil = 0;
  private readonly timeline: Timeline;
  private readonly random: Random;
  /** Whether it has ever been stopped: how long it took for something says nothing then. */
  everStopped = false;
  private stopped = false;
  private held: (() => void)[] = [];
  private sleptMs = 0;
  private asleepSince: number | undefined;
  private stepMs = 0;

  constructor(timeline: Timeline, random: Random, name: string) {
    this.timeline = timeline;
    this.random = random;
    this.name = name;
    this.rate = 1 + (random.next() - 0.5) * 0.02;
  }

  readonly clock: Clock = {
    now: () => {
      const awake = (this.asleepSince ?? this.timeline.now()) - this.sleptMs;
      return { monotonic: awake * this.rate, wall: this.timeline.now() * this.rate + this.stepMs };
    },
    alarm: (ms, ring) => {
      let cancelled = false;
      this.timeline.after(Math.max(ms, 0.1) / this.rate, () => this.deliver(() => !cancelled && ring()));
      return () => void (cancelled = true);
    },
  };

  /** Hands something to the process, as soon as it runs. */
  deliver(run: () => void): void {
    if (!this.alive) return;
    if (this.stopped) this.held.push(run);
    else run();
  }

  /** Stops it as SIGSTOP does, or as a machine that sleeps: then its monotonic clock stands still. */
  stop(ms: number, asleep: boolean): void {
    if (this.stopped) return;
    this.stopped = true;
    this.everStopped = true;
    if (asleep) this.asleepSince = this.timeline.now();
    this.timeline.after(ms, () => {
      if (this.asleepSince !== undefined) this.sleptMs += this.timeline.now() - this.asleepSince;
      this.asleepSince = undefined;
      this.stopped = false;
      // What has come meanwhile is looked at in any order, all of it later than whatever somebody asks now.
      for (const run of inAnyOrder(this.random, this.held.splice(0))) this.timeline.after(0, () => this.deliver(run));
    });
  }

  /** Sets its clock of the day. */
  step(ms: number): void {
    this.stepMs += ms;
  }
}

const inAnyOrder = <T>(random: Random, some: readonly T[]): T[] =>
  some
    .map((one) => ({ one, by: random.next() }))
    .toSorted((a, b) => a.by - b.by)
    .map(({ one }) => one);

/** The database: each statement happens at one moment of true time, and may be lost on its way or on its way back. */
export class SimulatedDatabase {
  readonly leases = new Map<string, { asked: number; answered: number }>();
  readonly invalidations = new Map<string, Invalidation>();
  /** The version of each session that is committed. */
  readonly versions = new Map<string, number>();
  private readonly timeline: Timeline;
  private readonly random: Random;
  /** The transactions under way that keep waiting whoever enters. */
  private readonly shutBy = new Set<object>();
  private readonly ears: { readonly owner: Process; readonly news: News; readonly ring: () => void }[] = [];
  /** Whether it tells anybody anything, as PostgreSQL does. */
  private readonly tells: boolean;

  constructor(timeline: Timeline, random: Random, tells: boolean) {
    this.timeline = timeline;
    this.random = random;
    this.tells = tells;
  }

  /** Runs a statement for a process. */
  run<T>(asker: Process, statement: () => T): Promise<T> {
    const { timeline, random } = this;
    const wayMs = () => (timeline.now() < asker.slowUntil ? between(random, 0, 1500) : between(random, 0.1, 4));
    const lost = () => timeline.now() < asker.cutOffUntil;
    return new Promise((done, fail) => {
      const giveUp = () =>
        timeline.after(between(random, 50, 4000), () => asker.deliver(() => fail(new Error("the connection is lost"))));
      if (lost()) return giveUp();
      timeline.after(wayMs(), () => {
        if (lost()) return giveUp();
        const result = statement();
        if (random.chance(0.002)) return giveUp();
        timeline.after(wayMs(), () => (lost() ? giveUp() : asker.deliver(() => done(result))));
      });
    });
  }

  /**
   * A transaction of a process: what it asks about holders, and its end, which happens at one moment. One that does not come to its
   * end, since the process has died or cannot reach the database, is undone once its connection is known to be lost.
   */
  transactionOf(asker: Process): { readonly gate: Gate; commit(change: () => void): Promise<void> } {
    const transaction = {};
    const isAnybodyBut = (id: string | undefined) => [...this.leases.keys()].some((one) => one !== id);
    return {
      gate: {
        shut: () =>
          this.run(asker, () => {
            this.shutBy.add(transaction);
            this.timeline.after(between(this.random, 5_000, 8_000), () => this.shutBy.delete(transaction));
          }),
        isAnybodyBut: (id) => this.run(asker, () => isAnybodyBut(id)),
      },
      commit: async (change) => {
        const isOpen = await this.run(asker, () => {
          const open = this.shutBy.delete(transaction);
          if (open) change();
          return open;
        });
        if (!isOpen) throw new Error("the transaction was undone");
      },
    };
  }

  /** The leases, as a process reaches them. */
  storeOf(asker: Process): LeaseStore {
    const { leases, invalidations } = this;
    const run = <T>(statement: () => T) => this.run(asker, statement);
    const waiting = (one: Asked) => (leases.get(one.id)?.answered ?? one.asked) < one.asked;
    return {
      join: (id) => run(() => void leases.set(id, { asked: 0, answered: 0 })),
      look: (id) =>
        run(() => {
          const lease = leases.get(id);
          return lease && { ...lease, invalidations: [...invalidations.values()] };
        }),
      answer: (id, asked) =>
        run(() => {
          const lease = leases.get(id);
          if (!lease || lease.answered >= asked) return false;
          lease.answered = asked;
          return true;
        }),
      isClear: () => run(() => this.shutBy.size === 0),
      leave: (id) => run(() => void leases.delete(id)),
      ask: (except) =>
        run(() =>
          [...leases].flatMap(([id, lease]) => (id === except ? [] : [{ id, asked: ++lease.asked }])).filter(waiting),
        ),
      unanswered: (asked) => run(() => asked.filter(waiting)),
      expel: (one) => run(() => void (waiting(one) && leases.delete(one.id))),
      forget: (some) => run(() => some.forEach(({ id }) => void invalidations.delete(id))),
      tell: (news) => this.tell(news),
      hear: (news, ring) => void this.ears.push({ owner: asker, news, ring }),
      hears: () => this.tells,
      close: () => Promise.resolve(),
    };
  }

  private tell(news: News): void {
    if (!this.tells) return;
    for (const ear of this.ears.filter((one) => one.news === news))
      if (!this.random.chance(0.1))
        this.timeline.after(between(this.random, 0.1, 5), () => ear.owner.deliver(ear.ring));
  }
}
