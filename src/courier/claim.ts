import { randomUUID } from "node:crypto";
import { IsolationLevel } from "@mikro-orm/core";
import type { EntityManager } from "@mikro-orm/core";
import { setClock } from "../db/columns.ts";
import type { Database } from "../db/database.ts";
import { uuidv7 } from "../db/id.ts";
import { transactional } from "../db/retry.ts";
import { CourierDispatch, CourierMessage } from "./entities.ts";

/** How long a worker may hold a message. After that, another one takes it: the first one is held to be dead. */
export const leaseMs = 60_000;

/** A message that a worker has taken. */
export interface Claimed {
  readonly message: CourierMessage;
  /** Whoever holds a message knows this, and nobody else. */
  readonly leaseId: string;
}

/** Of which channels messages are taken: of all but these, or of these alone. */
export interface ChannelChoice {
  readonly channels: readonly string[];
  readonly alone: boolean;
}

const all: ChannelChoice = { channels: [], alone: false };

/** Takes the messages that have waited longest. No two workers take the same one, however many ask at once. */
export async function claim(db: Database, limit: number, now: () => Date, choice: ChannelChoice = all): Promise<Claimed[]> {
  const leaseId = randomUUID();
  const ids = await take(db, leaseId, limit, now().getTime(), choice);
  if (ids.length === 0) return [];
  const em = db.orm.em.fork();
  setClock(em as EntityManager, now);
  const messages = await em.find(CourierMessage, { id: { $in: ids }, leaseId }, { orderBy: { id: "asc" } });
  await noteLostAttempts(em as EntityManager, messages, now());
  return messages.map((message) => ({ message, leaseId }));
}

const update = "update courier_messages set status = 'processing', lease_id = ?, due_at = ?, updated_at = ?, send_count = send_count + 1";

function waitingOf({ channels, alone }: ChannelChoice): string {
  const marks = channels.map(() => "?").join(", ");
  const chosen = channels.length > 0 ? ` and channel ${alone ? "" : "not "}in (${marks})` : "";
  return `select id from courier_messages where due_at <= ?${chosen} order by due_at, id limit ?`;
}

interface Row {
  readonly id: string;
}

async function take(db: Database, leaseId: string, limit: number, nowMs: number, choice: ChannelChoice): Promise<string[]> {
  const values = [leaseId, nowMs + leaseMs, nowMs];
  const waiting = waitingOf(choice);
  const which = [nowMs, ...choice.channels, limit];
  if (db.dialect === "mysql") return takeInTwoSteps(db, values, waiting, which);
  const chosen = db.dialect === "sqlite" ? `id in (${waiting})` : `id = any(array(${waiting} for update skip locked))`;
  const rows: Row[] = await db.orm.em.getConnection().execute(`${update} where ${chosen} returning id`, [...values, ...which], "all");
  return rows.map(({ id }) => id);
}

/** MySQL's updates do not say which rows they changed. */
function takeInTwoSteps(db: Database, values: readonly unknown[], waiting: string, which: readonly unknown[]): Promise<string[]> {
  return transactional(
    db.orm.em.fork() as EntityManager,
    async (em) => {
      const connection = em.getConnection();
      const transaction = em.getTransactionContext();
      const rows: Row[] = await connection.execute(`${waiting} for update skip locked`, [...which], "all", transaction);
      const ids = rows.map(({ id }) => id);
      const marks = ids.map(() => "?").join(", ");
      if (ids.length > 0) await connection.execute(`${update} where id in (${marks})`, [...values, ...ids], "run", transaction);
      return ids;
    },
    // Without gaps between the rows locked: new messages come in at the end of the same index.
    { isolationLevel: IsolationLevel.READ_COMMITTED },
  );
}

/** Whoever took a message before and was killed could not say how it went: each attempt is accounted for all the same. */
async function noteLostAttempts(em: EntityManager, messages: readonly CourierMessage[], now: Date): Promise<void> {
  for (const { id, sendCount } of messages) {
    if (sendCount === 1) continue;
    const missing = sendCount - 1 - (await em.count(CourierDispatch, { message: id }));
    for (let left = missing; left > 0; left--)
      await em.insert(CourierDispatch, {
        id: uuidv7(now.getTime()),
        createdAt: now,
        updatedAt: now,
        message: id,
        status: "failed",
        error: { message: "The worker was lost before it could say how the attempt went." },
      });
  }
}
