import type { Duplex } from "node:stream";
import pg from "pg";
import type { Subscription } from "./connection.ts";
import { socketOf } from "./coalesce-writes.ts";

const deadlineMs = 10_000;
const pauseMs = 1_000;
const askEveryMs = 5_000;

/**
 * Hears what is told on a channel of PostgreSQL's (LISTEN), by a connection of its own: those of a pool come and go. One that is silent is
 * asked now and then whether it is there, since TCP alone may not notice for minutes that nobody is.
 */
export function listenOnPostgresql(
  config: pg.ClientConfig,
  channel: string,
  hear: (payload: string) => void,
): Subscription {
  let current: pg.Client | undefined;
  let listening = false;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;

  function lose(client: pg.Client): void {
    if (client !== current) return;
    current = undefined;
    listening = false;
    socketOf(client)?.destroy();
    again(pauseMs, connect);
  }

  function again(ms: number, work: () => Promise<void>): void {
    clearTimeout(timer);
    if (!closed) timer = setTimeout(() => void work(), ms).unref();
  }

  async function connect(): Promise<void> {
    const client = new pg.Client({ ...config, keepAlive: true, connectionTimeoutMillis: deadlineMs });
    current = client;
    client.on("notification", ({ payload = "" }) => hear(payload));
    client.on("error", () => lose(client));
    client.on("end", () => lose(client));
    const ask = async (sql: string): Promise<void> => {
      await answered(client, sql);
      listening = client === current;
      if (listening) again(askEveryMs, () => ask("select 1").catch(() => lose(client)));
    };
    await client
      .connect()
      .then(() => ask(`listen ${channel}`))
      .catch(() => lose(client));
  }

  void connect();
  return {
    listens: () => listening,
    async close() {
      closed = true;
      clearTimeout(timer);
      const client = current;
      current = undefined;
      listening = false;
      await client?.end().catch(() => undefined);
    },
  };
}

async function answered(client: pg.Client, sql: string): Promise<void> {
  const timer = setTimeout(() => (socketOf(client) as Duplex | undefined)?.destroy(), deadlineMs);
  try {
    await client.query(sql);
  } finally {
    clearTimeout(timer);
  }
}
