import type { Connection, Database } from "../db/connection.ts";
import { uuidv7 } from "../db/id.ts";
import { insert } from "../db/query.ts";
import { statement } from "../db/statement.ts";
import { queueOf, takeDue } from "../delivery/take-due.ts";
import type { Choice, Taken } from "../delivery/take-due.ts";
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

const queue = queueOf(courierMessages, "status = 'processing', send_count = send_count + 1");

/** Takes the messages that have waited longest, whosever they are. No two workers take the same one, however many ask at once. */
export async function claim(
  db: Database,
  limit: number,
  now: () => Date,
  choice: ChannelChoice = all,
): Promise<Claimed[]> {
  const taken = await takeDue(db, queue, {
    limit,
    now,
    leaseMs,
    choice: chosen(choice),
    async also(transaction, found) {
      for (const one of found) await noteLostAttempts(transaction, claimed(one), one.takenAt);
    },
  });
  return taken.map(claimed).toSorted((one, other) => (one.message.id < other.message.id ? -1 : 1));
}

function chosen({ channels, alone }: ChannelChoice): Choice {
  const named = channels.map(() => "(q.nid = ? and q.channel = ?)").join(" or ");
  return {
    name: `${alone ? "of" : "but"}_${channels.length}`,
    condition: channels.length > 0 ? ` and ${alone ? "" : "not "}(${named})` : "",
    params: channels.flatMap(({ tenantId, id }) => [tenantId, id]),
  };
}

const claimed = ({ tenant, row, leaseId, dueAt, takenAt }: Taken<CourierMessage>): Claimed => ({
  tenant,
  message: { ...row, status: "processing", leaseId, dueAt, updatedAt: takenAt, sendCount: row.sendCount + 1 },
  leaseId,
});

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
