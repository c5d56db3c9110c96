import { sql } from "kysely";
import type { Context } from "../../context.ts";
import { firstId } from "../../db/pages.ts";
import type { Dialect } from "../../db/statement.ts";
import { listIdentities } from "../list.ts";
import type { ListedIdentity } from "../list.ts";
import type { Condition } from "./condition.ts";
import { leadsOf } from "./lead.ts";
import { namingTraits } from "./naming-traits.ts";
import { behind, orderedBy, upTo } from "./order.ts";
import type { Order, Place } from "./order.ts";
import { column, joined } from "./piece.ts";
import type { Piece } from "./piece.ts";
import { testOf } from "./sql.ts";

/** What is searched: which accounts, in which order, from where on. */
export interface Search {
  /** All accounts where there is none. */
  readonly condition: Condition | undefined;
  readonly order: Order;
  /** Behind which place; from the beginning where there is none. */
  readonly after: Place | undefined;
  readonly limit: number;
}

/** What a search has found, and where it goes on; at its end nowhere. */
export interface Found {
  readonly identities: readonly ListedIdentity[];
  readonly next: Place | undefined;
}

/** How many accounts an index may lead to: they are all looked at for each page. */
const mostLed = 2000;
/** How many accounts are looked at for a page where no index leads to few: it may be short, and the next one goes on. */
const mostWalked = 10_000;

/**
 * A page of the accounts that a condition asks for. Where an index leads to few of them these alone are looked at; else the
 * order is walked, so many accounts for a page. So no search takes longer the more accounts there are.
 */
export async function searchIdentities(ctx: Context, search: Search): Promise<Found> {
  const { condition } = search;
  const led = condition && (await ledTo(ctx, condition));
  if (led) return page(ctx, search, await placesAmong(ctx, search, led));
  if (!condition) return page(ctx, search, await placesIn(ctx, search, undefined));
  const end = await endOfWalk(ctx, search);
  const places = await placesIn(ctx, search, end);
  const found = await page(ctx, search, places);
  return found.next ? found : { ...found, next: end };
}

/** The ids that the first index leads to which leads to few; undefined where none does. */
async function ledTo(ctx: Context, condition: Condition): Promise<string[] | undefined> {
  for (const { ids } of leadsOf(ctx, condition, await namingTraits(ctx))) {
    const rows = await ctx.db.find<{ id: string }>(sql`select d.id from (${ids}) d limit ${sql.lit(mostLed + 1)}`);
    if (rows.length <= mostLed) return [...new Set(rows.map(({ id }) => id))];
  }
  return undefined;
}

const listed: Readonly<Record<Dialect, string>> = {
  sqlite: "select value as id from json_each(",
  postgresql: "select value::uuid as id from json_array_elements_text(",
  mysql: "select listed.id from json_table(",
};
const listedEnd: Readonly<Record<Dialect, string>> = {
  sqlite: ")",
  postgresql: "::text::json)",
  mysql: ", '$[*]' columns (id char(36) character set ascii collate ascii_bin path '$')) listed",
};
const inThisOrder: Readonly<Record<Dialect, string>> = {
  sqlite: "cross join",
  postgresql: "join",
  mysql: "straight_join",
};

function placesAmong(ctx: Context, search: Search, ids: readonly string[]): Promise<Place[]> {
  const { dialect } = ctx.db;
  const list = sql`${sql.raw(listed[dialect])}${JSON.stringify(ids)}${sql.raw(listedEnd[dialect])}`;
  const accounts = sql`(${list}) l ${sql.raw(inThisOrder[dialect])} identities i on i.id = l.id`;
  return places(ctx, search, accounts, []);
}

const placesIn = (ctx: Context, search: Search, end: Place | undefined): Promise<Place[]> =>
  places(ctx, search, sql`identities i`, end ? [upTo(ctx.db.dialect, search.order, end)] : []);

/** The places of the accounts that are meant, one more than the page holds. */
async function places(ctx: Context, search: Search, accounts: Piece, more: readonly Piece[]): Promise<Place[]> {
  const { order, condition, limit } = search;
  const test = condition ? [testOf(ctx, condition)] : [];
  const rows = await ctx.db.find<{ id: string; ms: number | string }>(
    sql`select i.id, ${momentOf(order)} as ms from ${accounts} where ${joined([...inRange(ctx, search), ...more, ...test], " and ")} order by ${orderedBy(order)} limit ${sql.lit(limit + 1)}`,
  );
  return rows.map(placeOf);
}

/** The place of the last account that a walk looks at for a page; undefined where that comes to the end before. */
async function endOfWalk(ctx: Context, search: Search): Promise<Place | undefined> {
  const { order } = search;
  const [row] = await ctx.db.find<{ id: string; ms: number | string }>(
    sql`select i.id, ${momentOf(order)} as ms from identities i where ${joined(inRange(ctx, search), " and ")} order by ${orderedBy(order)} limit 1 offset ${sql.lit(mostWalked - 1)}`,
  );
  return row && placeOf(row);
}

/** The tenant's accounts behind the place, and within the bounds that the condition sets to the order itself. */
function inRange(ctx: Context, { order, after, condition }: Search): Piece[] {
  const bounds = boundsOf(condition, order).map((part) => testOf(ctx, part));
  return [sql`i.nid = ${ctx.tenant.id}`, ...(after ? [behind(ctx.db.dialect, order, after)] : []), ...bounds];
}

function boundsOf(condition: Condition | undefined, order: Order): Condition[] {
  if (condition?.kind === "and") return condition.parts.flatMap((part) => boundsOf(part, order));
  return condition?.kind === "moment" && condition.column === order.by ? [condition] : [];
}

const momentOf = ({ by }: Order): Piece => (by ? column(by) : sql`0`);
const placeOf = ({ id, ms }: { readonly id: string; readonly ms: number | string }): Place => ({ id, ms: Number(ms) });

async function page(ctx: Context, { limit }: Search, found: readonly Place[]): Promise<Found> {
  const shown = found.slice(0, limit);
  const ids = shown.map(({ id }) => id);
  const rows = ids.length
    ? await listIdentities(ctx, { kind: "ids", ids }, { after: firstId, offset: 0, limit }, false)
    : [];
  const byId = new Map(rows.map((row) => [row.id, row]));
  return {
    identities: ids.flatMap((id) => byId.get(id) ?? []),
    next: found.length > limit ? shown.at(-1) : undefined,
  };
}
