import type { Duplex } from "node:stream";
import { createPool, type PoolOptions } from "mysql2/promise";
import { isConnectionLoss, known } from "./failure.ts";
import { evictWhenBroken } from "./evict-connection.ts";
import type { Reader } from "./reader.ts";

/** Reads MySQL or MariaDB through a pool of prepared connections. */
export function mysqlReader(options: PoolOptions): Reader {
  const pool = createPool(options);
  pool.pool.on("connection", (made) =>
    evictWhenBroken(made, "execute", (made as unknown as { stream: Duplex }).stream),
  );
  const run = (sql: string, params: readonly unknown[]) => pool.execute(sql, params.map(bindable));
  return {
    async rows<Row>(_name: string | undefined, sql: string, params: readonly unknown[]): Promise<Row[]> {
      try {
        // A pooled connection may have died while it was idle; reading again on another does no harm.
        const [rows] = await run(sql, params).catch((error: unknown) => {
          if (isConnectionLoss(error)) return run(sql, params);
          throw error;
        });
        return rows as Row[];
      } catch (error) {
        throw known(error);
      }
    },
    close: () => pool.end(),
  };
}

type Bindable = string | number | bigint | boolean | null;

function bindable(value: unknown): Bindable {
  if (value === undefined) return null;
  // The binary protocol would send a number as a double, which MySQL refuses as a LIMIT and compares inexactly.
  if (typeof value === "number") return String(value);
  return value instanceof Date ? String(value.getTime()) : (value as Bindable);
}
