import { defineGauge, defineHistogram } from "../measure.ts";

/** The connections that write to a database: all of a pool, or the only one. */
export interface PoolUse {
  /** Waits for a connection, and counts it as one in use. */
  acquire<Connection>(take: () => Promise<Connection>): Promise<Connection>;
  /** One is not in use any more. */
  release(): void;
  /** There are none any more. */
  close(): void;
}

interface Use {
  readonly size: number;
  inUse: number;
  waiting: number;
}

const pools = new Set<Use>();
const sumOf = (of: (use: Use) => number) => () => [...pools].reduce((sum, use) => sum + of(use), 0);

defineGauge(
  "ostiary_database_connections_max",
  "How many connections there may be that write; each worker has its share.",
  sumOf(({ size }) => size),
);
defineGauge(
  "ostiary_database_connections_in_use",
  "Connections that write, and are given to somebody.",
  sumOf(({ inUse }) => inUse),
);
defineGauge(
  "ostiary_database_waiting",
  "Writes and transactions that wait for a connection.",
  sumOf(({ waiting }) => waiting),
);
const acquired = defineHistogram(
  "ostiary_database_acquire_seconds",
  "How long writes and transactions have waited for a connection, also in vain.",
  { bounds: [0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10] },
);

/** Watches how the connections that write are used, of which there are so many at most. */
export function watchPool(size: number): PoolUse {
  const use: Use = { size, inUse: 0, waiting: 0 };
  pools.add(use);
  return {
    async acquire(take) {
      const since = performance.now();
      use.waiting++;
      try {
        const connection = await take();
        use.inUse++;
        return connection;
      } finally {
        use.waiting--;
        acquired((performance.now() - since) / 1000);
      }
    },
    release: () => void use.inUse--,
    close: () => void pools.delete(use),
  };
}
