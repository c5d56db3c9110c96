import type { ConfigStore } from "../config/watch.ts";
import { statement } from "../db/statement.ts";
import { createCircuitBreaker } from "../delivery/circuit-breaker.ts";
import { queueOf, takeDue } from "../delivery/take-due.ts";
import { startWork, type Worker } from "../delivery/worker.ts";
import { deliverQueue, type DeliveryParts, receiverOf } from "./deliver-queue.ts";
import { subscriptionQueues } from "./entities.ts";
import { purgeSubscription } from "./purge.ts";
import type { Registry } from "./registry.ts";
import type { Subscription } from "./subscription.ts";

/** What a worker works with. */
export interface WorkerOptions extends Omit<DeliveryParts, "breaker" | "leaving"> {
  readonly store: ConfigStore;
  readonly registry: Registry;
}

/** How long a line may be held. After that, another worker takes it: the first one is held to be dead. */
export const leaseMs = 60_000;
/** How long receivers are waited for at the end. */
const graceMs = 5_000;
/** More than all receivers together have room for: what bounds them is how many each may have. */
const mostAtOnce = 10_000;

const queue = queueOf(subscriptionQueues);

// One look for all subscriptions: a step of the index for each.
const waiting = statement(
  "subscriptions_with_deliveries_due",
  `select s.nid, s.id, s.failing_since from subscriptions s where s.state = 'deleted'
    or exists (select 1 from subscription_queues q where q.nid = s.nid and q.subscription_id = s.id and q.due_at <= ?)`,
);

/** What is done for a subscription. */
interface Task {
  readonly receiver: string;
  work(): Promise<void>;
}

/** Starts a worker that delivers events. There can be any number of them, in any number of processes. */
export function startWorker({ store, registry, ...options }: WorkerOptions): Worker {
  const { db, log, now } = options;
  const left = new AbortController();
  const parts: DeliveryParts = { ...options, breaker: createCircuitBreaker(), leaving: left.signal };
  const underWay = new Map<string, number>();
  const settings = () => store.current().webhooks.worker;
  const count = (receiver: string, by: number) => underWay.set(receiver, (underWay.get(receiver) ?? 0) + by);

  async function take(): Promise<Task[]> {
    const known = await registry.current();
    if (known.length === 0) return [];
    const due = await db.read<{ nid: string; id: string; failing_since: number | null }>(waiting, [now().getTime()]);
    const tasks: Task[] = [];
    for (const { nid, id, failing_since: failing } of due) {
      const subscription = known.find((one) => one.id === id && one.tenant.id === nid);
      const failingSince = failing === null ? null : new Date(Number(failing));
      if (subscription)
        tasks.push(...(await tasksFor({ ...subscription, row: { ...subscription.row, failingSince } })));
    }
    for (const { receiver } of tasks) count(receiver, 1);
    return tasks;
  }

  async function tasksFor(subscription: Subscription): Promise<Task[]> {
    const { tenant, id, state } = subscription;
    const receiver = receiverOf(subscription);
    const busy = underWay.get(receiver) ?? 0;
    if (state === "deleted" && busy === 0)
      return [{ receiver, work: () => purgeSubscription({ db, tenant }, id, left.signal) }];
    const limit = state === "active" ? roomFor(receiver, busy) : 0;
    if (limit <= 0) return [];
    const choice = { name: "of", condition: " and q.nid = ? and q.subscription_id = ?", params: [tenant.id, id] };
    const taken = await takeDue(db, queue, { limit, now, leaseMs, choice });
    return taken.map((held) => ({ receiver, work: () => deliverQueue(parts, subscription, held) }));
  }

  /** How many more lines may be delivered to a receiver: of one that is left alone no more than one that probes it. */
  function roomFor(receiver: string, busy: number): number {
    const at = now().getTime();
    if (!parts.breaker.open().includes(receiver)) return settings().per_receiver - busy;
    if (!parts.breaker.due(at).includes(receiver)) return 0;
    parts.breaker.probing(receiver, at + leaseMs);
    return 1;
  }

  const worker = startWork<Task>({
    atOnce: () => mostAtOnce,
    take,
    work: ({ receiver, work }) =>
      work()
        .catch((error: unknown) => log.error("how a delivery fared could not be written down", { receiver, error }))
        .finally(() => {
          count(receiver, -1);
          // Many lines are taken at a time: that costs as much as one.
          if (underWay.get(receiver)! <= settings().per_receiver / 2) worker.notify();
          if (underWay.get(receiver) === 0) underWay.delete(receiver);
        }),
    pauseMs: () => settings().pull_wait,
    failed: (error, failures) => log.warn("what is due to be delivered could not be read", { error, failures }),
  });
  return {
    notify: worker.notify,
    async stop() {
      // Whoever hangs is waited for no longer: what is broken off is given back.
      const timer = setTimeout(() => left.abort(), graceMs).unref();
      await worker.stop();
      clearTimeout(timer);
    },
  };
}
