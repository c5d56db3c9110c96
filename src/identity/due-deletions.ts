import type { Database } from "../db/connection.ts";
import { statement } from "../db/statement.ts";

/** How many are found at once. */
export const dueAtOnce = 50;

const due = statement(
  "identities_due_to_be_deleted",
  `select nid, id from identities where deletion_due_at <= ? order by deletion_due_at limit ${dueAtOnce}`,
);

/** Accounts whose grace period is over, whosever they are. */
export const identitiesDue = (db: Database, now: Date): Promise<{ readonly nid: string; readonly id: string }[]> =>
  db.read(due, [now.getTime()]);
