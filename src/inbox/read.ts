import type { CourierMessage } from "../courier/entities.ts";
import { courierMessages } from "../courier/entities.ts";
import { nowhere } from "../courier/message.ts";
import type { Reach } from "../db/connection.ts";
import { find } from "../db/query.ts";

/** Which messages are meant; all where nothing is said. */
export interface MessageWish {
  readonly recipient?: string;
  readonly templateType?: string;
}

/** The newest messages, the newest first. */
export const newestMessages = (reach: Reach, wish: MessageWish, limit: number): Promise<CourierMessage[]> =>
  search(reach, wish, { order: "desc", limit });

/** The first message after a cursor. */
export async function messageAfter(
  reach: Reach,
  wish: MessageWish,
  after: string,
): Promise<CourierMessage | undefined> {
  const [first] = await search(reach, wish, { order: "asc", limit: 1, after });
  return first;
}

/** A message by its id. */
export async function messageById(reach: Reach, id: string): Promise<CourierMessage | undefined> {
  const [found] = await find(reach, courierMessages, (query) =>
    query.where("id", "=", id).where("channel", "<>", nowhere),
  );
  return found;
}

function search(
  reach: Reach,
  { recipient, templateType }: MessageWish,
  { order, limit, after }: { readonly order: "asc" | "desc"; readonly limit: number; readonly after?: string },
): Promise<CourierMessage[]> {
  return find(reach, courierMessages, (query) => {
    let chosen = query.where("channel", "<>", nowhere);
    if (recipient) chosen = chosen.where("recipient", "=", recipient);
    if (templateType) chosen = chosen.where("templateType", "=", templateType as CourierMessage["templateType"]);
    if (after) chosen = chosen.where("id", ">", after);
    return chosen.orderBy("id", order).limit(limit);
  });
}
