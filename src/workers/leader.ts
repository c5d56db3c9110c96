import { setTimeout as pause } from "node:timers/promises";
import type { Config } from "../config/config.ts";
import { snapshotOf } from "./messages.ts";
import type { Worker } from "./worker.ts";

/** Which worker is the leader, and what it alone is asked. */
export interface Leadership {
  /** Appoints a worker if there is no leader. */
  appoint(): void;
  /** The worker has ended: another one is appointed if it was the leader. */
  lose(worker: Worker): void;
  /** Has the leader judge a configuration by the files that it names. If the leader ends meanwhile, its successor is asked. */
  judge(config: Config): Promise<readonly string[]>;
  /** The leader has judged. */
  judged(id: number, faults: readonly string[]): void;
}

const retryMs = 250;

/** Begins without a leader. */
export function createLeadership(workers: ReadonlyMap<number, Worker>): Leadership {
  const judgements = new Map<number, (faults: readonly string[] | undefined) => void>();
  let leader: Worker | undefined;
  let lastId = 0;

  function appoint(): void {
    if (leader) return;
    const candidates = [...workers.values()];
    leader = candidates.find(({ readySince }) => readySince !== undefined) ?? candidates[0];
    leader?.send({ kind: "leader" });
  }

  return {
    appoint,
    lose(worker) {
      if (worker !== leader) return;
      leader = undefined;
      appoint();
      for (const settle of judgements.values()) settle(undefined);
    },
    async judge(config) {
      for (;;) {
        const id = ++lastId;
        const faults = await new Promise<readonly string[] | undefined>((resolve) => {
          if (!leader) return resolve(undefined);
          judgements.set(id, resolve);
          leader.send({ kind: "judge", id, ...snapshotOf(config) });
        });
        judgements.delete(id);
        if (faults) return faults;
        await pause(retryMs, undefined, { ref: false });
      }
    },
    judged: (id, faults) => judgements.get(id)?.(faults),
  };
}
