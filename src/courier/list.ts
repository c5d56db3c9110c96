import type { FilterQuery } from "@mikro-orm/core";
import type { Context } from "../context.ts";
import { CourierDispatch, CourierMessage } from "./entities.ts";
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
export function listMessages({ em }: Context, { status, recipient, before }: MessageFilter, limit: number): Promise<CourierMessage[]> {
  const where: FilterQuery<CourierMessage> = {
    channel: { $ne: nowhere },
    ...(status && { status }),
    ...(recipient && { recipient }),
    ...(before && { id: { $lt: before } }),
  };
  return em.find(CourierMessage, where, { orderBy: { id: "desc" }, limit });
}

/** A message and the attempts to send it, the oldest first. */
export async function findMessage({ em }: Context, id: string): Promise<{ message: CourierMessage; dispatches: CourierDispatch[] } | undefined> {
  const message = await em.findOne(CourierMessage, { id, channel: { $ne: nowhere } });
  if (!message) return undefined;
  return { message, dispatches: await em.find(CourierDispatch, { message: id }, { orderBy: { id: "asc" } }) };
}
