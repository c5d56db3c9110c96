import type { Duplex } from "node:stream";
import pg from "pg";
import { DatabaseUnavailable, isConnectionLoss, known } from "./failure.ts";
import { coalesceWrites, socketOf } from "./coalesce-writes.ts";
import type { Reader } from "./reader.ts";
import { inOneColumn } from "./statement.ts";

const deadlineMs = 10_000;
const longestPauseMs = 2_000;

/**
 * Reads PostgreSQL through a few connections which many callers share at once: statements are prepared by name and sent
 * without waiting for the answers before them.
 */
export function postgresqlReader(config: pg.ClientConfig, connections = 2): Reader {
  const lines = Array.from({ length: connections }, () => openLine(config));
  let turn = 0;
  return {
    async rows<Row>(name: string | undefined, sql: string, params: readonly unknown[]): Promise<Row[]> {
      const line = lines[turn++ % lines.length]!;
      const query = {
        ...(name !== undefined && { name }),
        text: inOneColumn(sql),
        values: params.map(bindable),
        rowMode: "array",
      } as const;
      try {
        // The connection may have died since it was last used; a read may be sent twice.
        const rows = await line.query(query).catch((error: unknown) => {
          if (error instanceof LineBroken) return line.query(query);
          // The same statement, sent a moment before, could not be prepared: without its name it tells why.
          if (isUnprepared(error)) return line.query({ ...query, name: undefined });
          throw error;
        });
        return rows.map(([row]) => JSON.parse(row!) as Row);
      } catch (error) {
        if (!(error instanceof LineBroken)) throw known(error);
        throw new DatabaseUnavailable("The database cannot be reached.", { cause: error.cause });
      }
    },
    async close() {
      await Promise.all(lines.map((line) => line.close()));
    },
  };
}

const isUnprepared = (error: unknown): boolean => (error as { code?: unknown }).code === "26000";

class LineBroken extends Error {}

interface Line {
  query(query: pg.QueryArrayConfig): Promise<string[][]>;
  close(): Promise<void>;
}

/** A connection that is made when it is first needed, and made anew, after ever longer pauses, when it breaks. */
function openLine(config: pg.ClientConfig): Line {
  let current: Promise<pg.Client> | undefined;
  let failures = 0;
  let notBefore = 0;
  let last: unknown;

  const drop = (client: Promise<pg.Client>, error: unknown) => {
    if (current === client) current = undefined;
    last = error;
  };

  const connect = (): Promise<pg.Client> => {
    if (Date.now() < notBefore) return Promise.reject(new LineBroken("waiting", { cause: last }));
    const client = createClient(config);
    const connected = client.connect().then(
      () => {
        failures = 0;
        return client;
      },
      (error: unknown) => {
        drop(connected, error);
        notBefore = Date.now() + Math.min(longestPauseMs, 25 * 2 ** failures++) * (0.5 + Math.random() / 2);
        throw new LineBroken("not connected", { cause: error });
      },
    );
    client.on("error", (error) => drop(connected, error));
    client.on("end", () => drop(connected, last));
    return connected;
  };

  return {
    async query(query) {
      const line = (current ??= connect());
      const client = await line.catch((error: unknown) => {
        drop(line, last);
        throw error;
      });
      try {
        sendTogether(client);
        return (await withDeadline(client, client.query<string[]>(query))).rows;
      } catch (error) {
        if (!isConnectionLoss(error)) throw error;
        drop(line, error);
        throw new LineBroken("lost", { cause: error });
      }
    },
    async close() {
      notBefore = Number.POSITIVE_INFINITY;
      await current?.then((client) => client.end()).catch(() => undefined);
    },
  };
}

function createClient(config: pg.ClientConfig): pg.Client {
  const types = new pg.TypeOverrides();
  types.setTypeParser(pg.types.builtins.INT8, Number);
  return new pg.Client({
    ...config,
    pipeline: true,
    types,
    keepAlive: true,
    connectionTimeoutMillis: deadlineMs,
  } as pg.ClientConfig);
}

const corked = new WeakSet<Duplex>();

/** Sends the questions of one turn of the event loop in one piece: each system call costs as much as making the question. */
function sendTogether(client: pg.Client): void {
  const socket = socketOf(client);
  if (corked.has(socket)) return;
  corked.add(socket);
  coalesceWrites(socket);
  socket.cork();
  setImmediate(() => {
    corked.delete(socket);
    socket.uncork();
  });
}

/** A connection that stays silent for long is dead, whatever TCP says: all who wait on it are released. */
async function withDeadline<Result>(client: pg.Client, answer: Promise<Result>): Promise<Result> {
  const timer = setTimeout(() => {
    socketOf(client).destroy(Object.assign(new Error("The database does not answer."), { code: "ETIMEDOUT" }));
  }, deadlineMs);
  try {
    return await answer;
  } finally {
    clearTimeout(timer);
  }
}

function bindable(value: unknown): unknown {
  return value instanceof Date ? value.getTime() : value;
}
