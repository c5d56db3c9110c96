import type { Reach } from "../db/connection.ts";
import { find } from "../db/query.ts";
import type { RowOf } from "../db/table.ts";
import { events } from "./entities.ts";

/** An event as its subject may see it; it may have no number yet. */
export type AccountEvent = RowOf<typeof events>;

/** What has happened to an account, the newest first. */
export const eventsOf = (reach: Reach, subjectId: string, limit: number): Promise<AccountEvent[]> =>
  find(reach, events, (query) => query.where("subjectId", "=", subjectId).orderBy("id", "desc").limit(limit));
