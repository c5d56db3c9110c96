import type { Context } from "../context.ts";
import { statement } from "../db/statement.ts";
import type { MessageStatus } from "./message.ts";
import { nowhere } from "./message.ts";

/** More are not counted. */
export const mostQueueCounted = 10_000;

const waiting = statement(
  "count_courier_queue",
  `select status, count(*) as total from (select status from courier_messages where due_at is not null and nid = ? and channel <> '${nowhere}' limit ${mostQueueCounted}) q group by status`,
);

/** How many messages wait to be sent, or are being sent; no more than `mostQueueCounted` are counted. */
export async function countQueue({ db, tenant }: Context): Promise<Partial<Record<MessageStatus, number>>> {
  const rows = await db.read<{ status: MessageStatus; total: number }>(waiting, [tenant.id]);
  return Object.fromEntries(rows.map(({ status, total }) => [status, Number(total)]));
}
