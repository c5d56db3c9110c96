import { firstIdAt } from "../db/id.ts";
import { inEveryDialect } from "../db/json-sql.ts";
import { isOneOf } from "../db/row-keys.ts";
import type { Statement } from "../db/statement.ts";
import { statement } from "../db/statement.ts";

/** A table with rows that are of no more use to anybody. */
export interface ExpiredRows {
  /** What the rows are, in a word: the name of the table. */
  readonly table: string;
  /** Which rows have run out. Its one placeholder is what `before` makes of the moment. */
  readonly where: string;
  /** The column by which they are found, and in whose order they go. */
  readonly by: string;
  /** What the condition compares with, given the moment before which a row must have run out. */
  readonly before: (limits: Limits) => number | string;
}

/** Moments, in milliseconds since 1970. */
export interface Limits {
  readonly now: number;
  /** What has run out before this may go. */
  readonly ranOut: number;
  /** Messages that were made before this may go, if they are over. */
  readonly messages: number;
  /** What was delivered to subscribers or given up before this may go. */
  readonly deliveries: number;
}

// A browser may be on its way to the error page: nobody says of an error when it has been of use.
const errorsLastMs = 24 * 3_600_000;

const countsLastMs = 800 * 24 * 3_600_000;

// Whoever has invited somebody sees for a month what has become of it, and may send it again.
const invitationsLastMs = 30 * 24 * 3_600_000;

const expired = { where: "expires_at < ?", by: "expires_at", before: ({ ranOut }: Limits) => ranOut };

/** In this order; events go by their chain (`old-events.ts`). What hangs on a row (devices, attempts) goes with it. Submissions that wait are part of their flow. */
export const expiredRows: readonly ExpiredRows[] = [
  { table: "console_sessions", ...expired },
  { table: "impersonation_links", ...expired },
  { table: "sessions", ...expired },
  { table: "flows", ...expired },
  // While its flow is there, a code that has run out is answered in other words than one that never was.
  {
    table: "codes",
    ...expired,
    where:
      "expires_at < ? and not exists (select 1 from flows where flows.nid = codes.nid and flows.id = codes.flow_id)",
  },
  { table: "session_token_exchanges", where: "expires_at < ?", by: "expires_at", before: ({ now }) => now },
  {
    table: "invitations",
    where: "expires_at < ?",
    by: "expires_at",
    before: ({ ranOut }) => ranOut - invitationsLastMs,
  },
  // Whoever shows a code or a token again that was redeemed is told of until it has run out.
  { table: "oauth2_objects", ...expired },
  { table: "identity_imports", where: "expires_at < ?", by: "expires_at", before: ({ now }) => now },
  { table: "flow_errors", where: "id < ?", by: "id", before: ({ ranOut }) => firstIdAt(ranOut - errorsLastMs) },
  { table: "throttles", where: "ends_at < ?", by: "ends_at", before: ({ now }) => now },
  // Ids begin with the time, and stand in the index behind the time at which a message is due. What is not over has a time at which it is due.
  {
    table: "courier_messages",
    where: "due_at is null and id < ?",
    by: "id",
    before: ({ messages }) => firstIdAt(messages),
  },
  {
    table: "subscription_deliveries",
    where: "settled_at < ?",
    by: "settled_at",
    before: ({ deliveries }) => deliveries,
  },
  // Numbers name nobody, and last year's are what this year's are compared with.
  { table: "hourly_counts", where: "hour < ?", by: "hour", before: ({ now }) => now - countsLastMs },
];

/** Finds a batch, whosever the rows are. */
export const findBatch = ({ table, where, by }: ExpiredRows): Statement =>
  statement(`cleanup_find_${table}`, `select nid, id from ${table} where ${where} order by ${by} limit ?`);

/** Deletes a batch by its tenants and ids. A row that was given more time since it was found stays: it is asked once more. */
export const deleteBatch = ({ table, where }: ExpiredRows, size: number): Statement =>
  statement(
    `cleanup_delete_${table}_${size}`,
    inEveryDialect((_, dialect) => `delete from ${table} where ${isOneOf(dialect, size)} and ${where}`),
  );
