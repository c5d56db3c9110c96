import { randomUUID } from "node:crypto";
import type { Connection, Database } from "../db/connection.ts";
import { uuidv7 } from "../db/id.ts";
import { inEveryDialect } from "../db/json-sql.ts";
import { insert } from "../db/query.ts";
import { isOneOf } from "../db/row-keys.ts";
import { decoderOf, selectList } from "../db/row.ts";
import { type Statement, statement } from "../db/statement.ts";
import type { Tenant } from "../tenant.ts";
import { courierDispatches, courierMessages } from "./entities.ts";
import type { CourierMessage } from "./entities.ts";

/** How long a worker may hold a message. After that, another one takes it: the first one is held to be dead. */
export const leaseMs = 60_000;

/** A message that a worker has taken. */
export interface Claimed {
  readonly tenant: Tenant;
  readonly message: CourierMessage;
  /** Whoever holds a message knows this, and nobody else. */
  readonly leaseId: string;
}

/** A channel of a tenant. */
export interface TenantChannel {
  readonly tenantId: string;
  readonly id: string;
}

/** Of which channels messages are taken: of all but these, or of these alone. */
export interface ChannelChoice {
  readonly channels: readonly TenantChannel[];
  readonly alone: boolean;
}

const all: ChannelChoice = { channels: [], alone: false };

/** Takes the messages that have waited longest, whosever they are. No two workers take the same one, however many ask at once. */
export async function claim(
  db: Database,
  limit: number,
  now: () => Date,
  choice: ChannelChoice = all,
): Promise<Claimed[]> {
  const which = [now().getTime(), ...choice.channels.flatMap(({ tenantId, id }) => [tenantId, id]), limit];
  // Asked before a transaction is begun: most of the time nothing waits.
  if ((await db.read(waiting(choice, false), which)).length === 0) return [];
  // Without gaps between the rows locked: new messages come in at the end of the same index.
  return db.transaction((transaction) => take(transaction, now(), waiting(choice, true), which), {
    isolationLevel: "read committed",
  });
}

/** Finds the messages that wait, of all tenants: those to take, or only whether there are any. */
function waiting({ channels, alone }: ChannelChoice, toTake: boolean): Statement {
  const named = channels.map(() => "(m.nid = ? and m.channel = ?)").join(" or ");
  const chosen = channels.length > 0 ? ` and ${alone ? "" : "not "}(${named})` : "";
  return statement(
    `courier_${toTake ? "take" : "look"}_${alone ? "of" : "but"}_${channels.length}`,
    inEveryDialect((sql, dialect) => {
      const columns = toTake ? `m.nid, ${selectList(sql, courierMessages, "m")}` : "m.id";
      const locked = toTake && dialect !== "sqlite" ? " for update skip locked" : "";
      return `select ${columns} from courier_messages m where m.due_at <= ?${chosen} order by m.due_at, m.id limit ?${locked}`;
    }),
  );
}

const messageOf = decoderOf(courierMessages);

async function take(db: Connection, now: Date, which: Statement, params: readonly unknown[]): Promise<Claimed[]> {
  const rows = await db.read<{ nid: string; id: string }>(which, params);
  if (rows.length === 0) return [];
  const leaseId = randomUUID();
  const due = new Date(now.getTime() + leaseMs);
  await db.write(holding(rows.length), [leaseId, due, now, ...rows.flatMap(({ nid, id }) => [id, nid])]);
  const claimed = rows.map((row): Claimed => {
    const message = messageOf(row);
    const held = {
      status: "processing",
      leaseId,
      dueAt: due,
      updatedAt: now,
      sendCount: message.sendCount + 1,
    } as const;
    return { tenant: { id: row.nid }, message: { ...message, ...held }, leaseId };
  });
  for (const one of claimed) await noteLostAttempts(db, one, now);
  return claimed.toSorted((one, other) => (one.message.id < other.message.id ? -1 : 1));
}

const holding = (count: number): Statement =>
  statement(
    `courier_hold_${count}`,
    inEveryDialect(
      (
        _,
        dialect,
      ) => `update courier_messages set status = 'processing', lease_id = ?, due_at = ?, updated_at = ?, send_count = send_count + 1
        where ${isOneOf(dialect, count)}`,
    ),
  );

const attempts = statement(
  "courier_attempts",
  "select count(*) as total from courier_message_dispatches where nid = ? and message_id = ?",
);

/** Whoever took a message before and was killed could not say how it went: each attempt is accounted for all the same. */
async function noteLostAttempts(
  db: Connection,
  { tenant, message: { id, sendCount } }: Claimed,
  now: Date,
): Promise<void> {
  if (sendCount === 1) return;
  const [noted] = await db.read<{ total: number }>(attempts, [tenant.id, id]);
  const lost = Array.from({ length: sendCount - 1 - Number(noted!.total) }, () => ({
    id: uuidv7(now.getTime()),
    createdAt: now,
    updatedAt: now,
    messageId: id,
    status: "failed" as const,
    error: { message: "The worker was lost before it could say how the attempt went." },
  }));
  await insert({ db, tenant }, courierDispatches, lost);
}
