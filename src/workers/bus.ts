import type { PeerMessage, Reply } from "../peers.ts";

/** A worker that takes part. */
export interface Subscriber {
  readonly number: number;
  send(message: PeerMessage): void;
}

/** Delivers broadcasts and queries between workers. */
export interface Bus {
  add(worker: Subscriber): void;
  /** The worker has ended: no query waits for its answer. */
  remove(worker: Subscriber): void;
  receive(from: Subscriber, message: PeerMessage): void;
  /** The last answers of the worker that had that number, by query. */
  lastOf(number: number): Readonly<Record<string, unknown>>;
}

interface Pending {
  readonly query: string;
  readonly missing: Set<Subscriber>;
  readonly answers: Map<number, unknown>;
  done(): void;
}

/** Makes the bus of a server. */
export function createBus(): Bus {
  const workers = new Set<Subscriber>();
  const pending = new Map<number, Pending>();
  const last = new Map<number, Record<string, unknown>>();
  let lastId = 0;

  function scatter(from: Subscriber, { id: theirs, query, timeoutMs }: PeerMessage & { kind: "gather" }): void {
    const id = ++lastId;
    const answers = new Map<number, unknown>();
    const timer = setTimeout(() => one.done(), timeoutMs);
    const one: Pending = {
      query,
      missing: new Set(workers),
      answers,
      done() {
        clearTimeout(timer);
        pending.delete(id);
        from.send({ kind: "replies", id: theirs, replies: repliesTo(query, answers) });
      },
    };
    pending.set(id, one);
    for (const worker of workers) worker.send({ kind: "query", id, query });
    if (workers.size === 0) one.done();
  }

  function repliesTo(query: string, answers: ReadonlyMap<number, unknown>): Reply<unknown>[] {
    const running = [...workers].map(({ number }): Reply<unknown> => {
      if (answers.has(number)) return { worker: number, answer: answers.get(number) };
      return { worker: number, timedOut: true, last: last.get(number)?.[query] };
    });
    const ended = [...last].flatMap(([worker, known]): Reply<unknown>[] =>
      running.some((one) => one.worker === worker) ? [] : [{ worker, last: known[query] }],
    );
    return [...running, ...ended].toSorted((one, other) => one.worker - other.worker);
  }

  function settle(one: Pending, worker: Subscriber): void {
    if (one.missing.delete(worker) && one.missing.size === 0) one.done();
  }

  return {
    add: (worker) => void workers.add(worker),
    remove(worker) {
      workers.delete(worker);
      for (const one of [...pending.values()]) settle(one, worker);
    },
    receive(from, message) {
      if (message.kind === "publish") {
        for (const worker of workers) if (worker !== from) worker.send(message);
      } else if (message.kind === "gather") scatter(from, message);
      else if (message.kind === "answer") {
        const one = pending.get(message.id);
        if (!one) return;
        if (!message.failed) {
          one.answers.set(from.number, message.answer);
          last.set(from.number, { ...last.get(from.number), [one.query]: message.answer });
        }
        settle(one, from);
      }
    },
    lastOf: (number) => last.get(number) ?? {},
  };
}
