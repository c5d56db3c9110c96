import type { Context } from "../context.ts";
import { inEveryDialect } from "../db/json-sql.ts";
import { lastId } from "../db/pages.ts";
import { statement } from "../db/statement.ts";
import { decodeSession, selectSessions } from "./statements.ts";
import type { SessionColumns, SessionRow } from "./statements.ts";

/** Whose sessions are meant, and whether only those in force (or only those that are not). */
export interface SessionFilter {
  readonly identityId?: string;
  readonly active?: boolean;
  /** The one session of the identity that is left out. */
  readonly exceptId?: string;
}

/** Where a page of sessions begins, and how many it holds. */
export interface SessionPage {
  /** The id before the first one, in descending order. */
  readonly before: string;
  readonly offset: number;
  readonly limit: number;
}

/** How many sessions a sign-in ends at most, where many more were allowed before. */
const mostBeyond = 1000;

const inForce = "(s.active = true and s.expires_at > ? and i.state = 'active')";
const states = { any: "1 = 1", active: inForce, inactive: `not ${inForce}` };
const owners = { everybody: "1 = 1", identity: "s.identity_id = ?", others: "s.identity_id = ? and s.id <> ?" };

const statements = Object.entries(owners).flatMap(([owner, isOwner]) =>
  Object.entries(states).map(
    ([state, isState]): [string, { page: ReturnType<typeof statement>; count: ReturnType<typeof statement> }] => [
      `${owner} ${state}`,
      {
        page: statement(
          `sessions_of_${owner}_${state}`,
          selectSessions(`${isOwner} and ${isState} and s.id < ? order by s.id desc limit ? offset ?`),
        ),
        count: statement(
          `count_sessions_of_${owner}_${state}`,
          `select count(*) as total from sessions s join identities i on i.nid = s.nid and i.id = s.identity_id where s.nid = ? and ${isOwner} and ${isState}`,
        ),
      },
    ],
  ),
);
const byFilter = new Map(statements);

function choose(ctx: Context, { identityId, active, exceptId }: SessionFilter) {
  const state = stateOf(active);
  const parameters: unknown[] = [ctx.tenant.id];
  if (identityId !== undefined) parameters.push(identityId);
  if (exceptId !== undefined) parameters.push(exceptId);
  if (active !== undefined) parameters.push(ctx.now().getTime());
  const owner = identityId === undefined ? "everybody" : exceptId === undefined ? "identity" : "others";
  return { ...byFilter.get(`${owner} ${state}`)!, parameters };
}

/** A page of sessions, the newest first: their ids begin with the time. */
export async function listSessions(
  ctx: Context,
  filter: SessionFilter,
  { before, limit, offset }: SessionPage,
): Promise<SessionRow[]> {
  const { page, parameters } = choose(ctx, filter);
  const rows = await ctx.db.read<SessionColumns>(page, [...parameters, before, limit, offset]);
  return rows.map(decodeSession);
}

/** Where a page of sessions begins in the order of their last use: behind a moment, in milliseconds, and an id. */
export interface SessionsByUsePage {
  readonly before: { readonly seenAt: number; readonly id: string };
  readonly limit: number;
}

/** Where the first page begins: behind the last moment that there is. */
export const lastUse: SessionsByUsePage["before"] = { seenAt: 8_640_000_000_000_000, id: lastId };

const byUse = new Map(
  Object.entries(states).map(([state, isState]) => [
    state,
    statement(
      `sessions_by_use_${state}`,
      // Of a comparison of pairs MariaDB makes no range of the index.
      selectSessions(
        `${isState} and s.last_seen_at <= ? and (s.last_seen_at < ? or s.id < ?) order by s.last_seen_at desc, s.id desc limit ?`,
      ),
    ),
  ]),
);

/** A page of everybody's sessions, those first that were used last. */
export async function listSessionsByUse(
  ctx: Context,
  { active }: Pick<SessionFilter, "active">,
  { before: { seenAt, id }, limit }: SessionsByUsePage,
): Promise<SessionRow[]> {
  const rows = await ctx.db.read<SessionColumns>(byUse.get(stateOf(active))!, [
    ctx.tenant.id,
    ...(active === undefined ? [] : [ctx.now().getTime()]),
    seenAt,
    seenAt,
    id,
    limit,
  ]);
  return rows.map(decodeSession);
}

const stateOf = (active: boolean | undefined): keyof typeof states =>
  active === undefined ? "any" : active ? "active" : "inactive";

const beyond = statement(
  "sessions_beyond",
  inEveryDialect(
    (_, dialect) =>
      `select id from sessions where nid = ? and identity_id = ? and active = true and act is null and expires_at > ? and id <> ? order by last_seen_at desc, id desc limit ${mostBeyond} offset ?${
        // MySQL's plain reads see what was there when the transaction first read something.
        dialect === "mysql" ? " for update" : ""
      }`,
  ),
);

/** The sessions in force of an account in which its person acts, by their ids, beyond so many that were used last. */
export async function sessionsBeyond(
  { db, tenant, now }: Context,
  { identityId, exceptId }: { readonly identityId: string; readonly exceptId: string },
  most: number,
): Promise<string[]> {
  const rows = await db.read<{ id: string }>(beyond, [tenant.id, identityId, now().getTime(), exceptId, most]);
  return rows.map(({ id }) => id);
}

/** How many sessions there are on all pages. */
export async function countSessions(ctx: Context, filter: SessionFilter): Promise<number> {
  const { count, parameters } = choose(ctx, filter);
  const [row] = await ctx.db.read<{ total: number }>(count, parameters);
  return Number(row!.total);
}
