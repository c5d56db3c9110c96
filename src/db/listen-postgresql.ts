import { randomUUID } from "node:crypto";
import type { Duplex } from "node:stream";
import pg from "pg";
import type { Subscription } from "./connection.ts";
import { socketOf } from "./coalesce-writes.ts";

const deadlineMs = 10_000;
const pauseMs = 1_000;
const tellEveryMs = 5_000;

/**
 * Hears what is told on a channel of PostgreSQL's (LISTEN), by a connection of its own: those of a pool come and go. It tells itself
 * something now and then, and counts as listening while it hears that: TCP alone may not notice for minutes that nobody is there, and a
 * pooler that shares connections between transactions takes a LISTEN, but hands nothing on.
 */
export function listenOnPostgresql(
  config: pg.ClientConfig,
  channel: string,
  hear: (payload: string) => void,
): Subscription {
  let current: pg.Client | undefined;
  const echo = `echo ${randomUUID()}`;
  let listening = false;
  let echoed = false;
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
    client.on("notification", ({ payload = "" }) => {
      if (payload !== echo) hear(payload);
      else if (client === current) listening = echoed = true;
    });
    client.on("error", () => lose(client));
    client.on("end", () => lose(client));
    const tellItself = async (): Promise<void> => {
      listening &&= echoed;
      echoed = false;
      await answered(client, `select pg_notify('${channel}', '${echo}')`);
      if (client === current) again(tellEveryMs, () => tellItself().catch(() => lose(client)));
    };
    await client
      .connect()
      .then(() => answered(client, `listen ${channel}`))
      .then(tellItself)
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
