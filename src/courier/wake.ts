import type { EntityManager, EventSubscriber, TransactionEventArgs } from "@mikro-orm/core";
import type { Database } from "../db/database.ts";

type Wake = () => void;

const wakersOf = new WeakMap<object, Set<Wake>>();
const carriers = new WeakSet<object>();

/** Says that a unit of work brings a message: the workers of this process will look for it as soon as it is committed. */
export function announce(em: EntityManager): void {
  const transaction = em.getTransactionContext() as object | undefined;
  if (transaction) carriers.add(transaction);
  else wake(em.config);
}

/** Calls back whenever a message was committed in this process; answers with the way to stop that. */
export function onMail({ orm }: Database, listener: Wake): () => void {
  let wakers = wakersOf.get(orm.config);
  if (!wakers) {
    wakersOf.set(orm.config, (wakers = new Set()));
    orm.em.getEventManager().registerSubscriber(afterCommit);
  }
  wakers.add(listener);
  return () => void wakers.delete(listener);
}

const afterCommit: EventSubscriber = {
  afterTransactionCommit({ em, transaction }: TransactionEventArgs) {
    if (transaction && carriers.delete(transaction)) wake(em.config);
  },
};

function wake(config: object): void {
  for (const listener of wakersOf.get(config) ?? []) listener();
}
