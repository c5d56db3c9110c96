import { randomUUID } from "node:crypto";
import type { Duplex } from "node:stream";
import pg from "pg";
import type { Database, Listener } from "./connection.ts";
import { socketOf } from "./coalesce-writes.ts";

const deadlineMs = 10_000;
const pauseMs = 1_000;
const tellEveryMs = 5_000;

/** A connection that listens, until it is lost or closed. */
interface Ear {
  /** Whether something could be heard on a channel. */
  hears(channel: string): boolean;
  /** Listens to another channel, too. It stays when nobody asks for it any more: there are few. */
  add(channel: string): void;
  close(): Promise<void>;
}

/** What a connection listens to, and who is told of it. */
interface EarParts {
  readonly config: pg.ClientConfig;
  /** Those that are asked for while it is made come last in it. */
  readonly channels: Iterable<string>;
  hear(channel: string, payload: string): void;
  /** Something can be heard on a channel, or on all of them, from now on or no more. */
  changed(channel?: string): void;
  lost(): void;
}

/**
 * Hears what is told on channels of PostgreSQL's (LISTEN), by one connection of its own for all of them: those of a pool come and go. It
 * is there while anybody listens, and is made anew when it is lost.
 */
export function listenOnPostgresql(config: pg.ClientConfig): NonNullable<Database["listen"]> {
  const listenersOf = new Map<string, Set<Listener>>();
  let ear: Ear | undefined;
  let timer: NodeJS.Timeout | undefined;

  const isNeeded = (): boolean => [...listenersOf.values()].some(({ size }) => size > 0);

  function changed(channel?: string): void {
    for (const [name, listeners] of listenersOf)
      if (channel === undefined || name === channel) for (const listener of listeners) listener.changed?.();
  }

  function open(): void {
    timer = undefined;
    ear = openEar({
      config,
      channels: listenersOf.keys(),
      hear: (channel, payload) => listenersOf.get(channel)?.forEach((listener) => listener.hear(payload)),
      changed,
      lost() {
        ear = undefined;
        changed();
        timer = setTimeout(open, pauseMs).unref();
      },
    });
  }

  async function close(): Promise<void> {
    const before = ear;
    clearTimeout(timer);
    ear = timer = undefined;
    await before?.close();
  }

  return (channel, listener) => {
    const isNew = !listenersOf.get(channel);
    const listeners = listenersOf.get(channel) ?? new Set();
    listenersOf.set(channel, listeners.add(listener));
    if (!ear && !timer) open();
    else if (isNew) ear?.add(channel);
    return {
      listens: () => ear?.hears(channel) ?? false,
      async close() {
        listeners.delete(listener);
        if (!isNeeded()) await close();
      },
    };
  };
}

/**
 * Makes a connection that listens. It tells itself something now and then, and counts as listening while it hears that: TCP alone may not
 * notice for minutes that nobody is there, and a pooler that shares connections between transactions takes a LISTEN, but hands nothing on.
 */
function openEar({ config, channels, hear, changed, lost }: EarParts): Ear {
  const client = new pg.Client({ ...config, keepAlive: true, connectionTimeoutMillis: deadlineMs });
  const echo = `ostiary_echo_${randomUUID().replaceAll("-", "")}`;
  const heard = new Set<string>();
  let isReady = false;
  let listening = false;
  let echoed = false;
  let ended = false;
  let timer: NodeJS.Timeout | undefined;

  function end(): boolean {
    const before = ended;
    ended = true;
    clearTimeout(timer);
    return !before;
  }

  function lose(): void {
    if (!end()) return;
    socketOf(client)?.destroy();
    lost();
  }

  function turn(to: boolean): void {
    if (listening === to || ended) return;
    listening = to;
    changed();
  }

  async function listenTo(channel: string): Promise<void> {
    await answered(client, `listen ${channel}`);
    heard.add(channel);
  }

  async function begin(): Promise<void> {
    await client.connect();
    await answered(client, `listen ${echo}`);
    for (const channel of channels) await listenTo(channel);
    isReady = true;
    await tellItself();
  }

  async function tellItself(): Promise<void> {
    if (!echoed) turn(false);
    echoed = false;
    await answered(client, `select pg_notify('${echo}', '')`);
    if (!ended) timer = setTimeout(() => void tellItself().catch(lose), tellEveryMs).unref();
  }

  client.on("notification", ({ channel, payload = "" }) => {
    if (channel !== echo) return void (ended || hear(channel, payload));
    echoed = true;
    turn(true);
  });
  client.on("error", lose);
  client.on("end", lose);
  void begin().catch(lose);
  return {
    hears: (channel) => listening && !ended && heard.has(channel),
    add: (channel) => isReady && void listenTo(channel).then(() => changed(channel), lose),
    async close() {
      end();
      await client.end().catch(() => undefined);
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
