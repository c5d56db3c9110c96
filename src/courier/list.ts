import type { Context } from "../context.ts";
import { find } from "../db/query.ts";
import { courierDispatches, courierMessages } from "./entities.ts";
import type { CourierDispatch, CourierMessage } from "./entities.ts";
import { nowhere } from "./message.ts";
import type { MessageStatus } from "./message.ts";

/** Which messages are meant, and where the page begins. */
export interface MessageFilter {
  readonly status?: MessageStatus;
  readonly recipient?: string;
  /** The id before the first one, in descending order. */
  readonly before?: string;
}

/** Messages, the newest first: their ids begin with the time. */
export const listMessages = (
  ctx: Context,
  { status, recipient, before }: MessageFilter,
  limit: number,
): Promise<CourierMessage[]> =>
  find(ctx, courierMessages, (query) => {
    let chosen = query.where("channel", "<>", nowhere);
    if (status) chosen = chosen.where("status", "=", status);
    if (recipient) chosen = chosen.where("recipient", "=", recipient);
    if (before) chosen = chosen.where("id", "<", before);
    return chosen.orderBy("id", "desc").limit(limit);
  });

/** A message and the attempts to send it, the oldest first. */
export async function findMessage(
  ctx: Context,
  id: string,
): Promise<{ message: CourierMessage; dispatches: CourierDispatch[] } | undefined> {
  const [message] = await find(ctx, courierMessages, (query) =>
    query.where("id", "=", id).where("channel", "<>", nowhere),
  );
  if (!message) return undefined;
  return {
    message,
    dispatches: await find(ctx, courierDispatches, (query) => query.where("messageId", "=", id).orderBy("id")),
  };
}
