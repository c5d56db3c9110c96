import { createHash } from "node:crypto";
import { sql } from "kysely";
import { isUuid } from "../../db/id.ts";
import type { Dialect } from "../../db/statement.ts";
import type { MomentColumn } from "./condition.ts";
import { column } from "./piece.ts";
import type { Piece } from "./piece.ts";
import { FilterRefused } from "./refused.ts";

/** In which order accounts are listed: by a moment and then by their ids, or by their ids alone. */
export interface Order {
  readonly by: MomentColumn | undefined;
  readonly descending: boolean;
}

/** A place in an order: that of an account. */
export interface Place {
  /** The moment, in milliseconds; 0 in the order of ids. */
  readonly ms: number;
  readonly id: string;
}

const columns: Readonly<Record<string, MomentColumn | undefined>> = {
  id: undefined,
  created_at: "createdAt",
  updated_at: "updatedAt",
  last_sign_in_at: "lastSignInAt",
};

/** Reads an order in the words of AIP-132: a field, and `desc` behind it. */
export function parseOrder(text: string): Order {
  const [field = "id", direction = "asc", ...more] = text.trim().split(/\s+/).filter(Boolean);
  if (!Object.hasOwn(columns, field) || !["asc", "desc"].includes(direction) || more.length > 0)
    throw new FilterRefused(1, `an order is one of ${Object.keys(columns).join(", ")}, and may end in "desc"`);
  return { by: columns[field], descending: direction === "desc" };
}

/** The columns of an account `i` that an order goes by. */
export const orderedBy = ({ by, descending }: Order): Piece => {
  const direction = sql.raw(descending ? " desc" : "");
  return by ? sql`${column(by)}${direction}, i.id${direction}` : sql`i.id${direction}`;
};

/** That an account `i` comes behind a place. MariaDB finds no part of an index by pairs, PostgreSQL by nothing else. */
export const behind = (dialect: Dialect, order: Order, place: Place): Piece =>
  compared(dialect, order, order.descending ? "<" : ">", place, false);

/** That an account `i` comes at a place or before it. */
export const upTo = (dialect: Dialect, order: Order, place: Place): Piece =>
  compared(dialect, order, order.descending ? ">" : "<", place, true);

function compared(dialect: Dialect, { by }: Order, sign: string, { ms, id }: Place, including: boolean): Piece {
  const [strict, last] = [sql.raw(sign), sql.raw(including ? `${sign}=` : sign)];
  if (!by) return sql`i.id ${last} ${id}`;
  const of = column(by);
  return dialect === "mysql"
    ? sql`(${of} ${strict} ${ms} or (${of} = ${ms} and i.id ${last} ${id}))`
    : sql`(${of}, i.id) ${last} (${ms}, ${id})`;
}

/** Names a list by its filter and order, so that a place in one is not taken for a place in another. */
export const listName = (filter: string, orderBy: string): string =>
  createHash("sha256")
    .update(JSON.stringify([filter, orderBy]))
    .digest("base64url")
    .slice(0, 16);

/** Writes a place in a list as a page token. */
export const placeToken = (list: string, { ms, id }: Place): string =>
  Buffer.from(JSON.stringify([list, ms, id])).toString("base64url");

/** Reads the page token of a list; undefined where it is none, or that of another. */
export function readPlace(list: string, token: string): Place | undefined {
  try {
    const [of, ms, id] = JSON.parse(Buffer.from(token, "base64url").toString()) as unknown[];
    if (of !== list || !Number.isSafeInteger(ms) || typeof id !== "string" || !isUuid(id)) return undefined;
    return { ms: ms as number, id };
  } catch {
    return undefined;
  }
}
