import { sql } from "kysely";
import type { Context } from "../context.ts";
import { find } from "../db/query.ts";
import { flowErrors, flows } from "./entities.ts";
import type { StoredError } from "./error-store.ts";
import type { FlowKind } from "./kinds.ts";
import type { FlowRow } from "./statements.ts";

/** Which flows are meant, and where the page begins. */
export interface FlowFilter {
  readonly kind?: FlowKind;
  readonly identityId?: string;
  /** The id before the first one, in descending order. */
  readonly before?: string;
}

/** What was found of flows. */
export interface FoundFlows {
  readonly rows: readonly FlowRow[];
  /** The id that was looked at last, where there may be more behind it. */
  readonly end: string | undefined;
}

/** How many flows are looked at for a page of one kind. An index by kind would cost each sign-in more than these looks cost anybody. */
const mostWalked = 2000;

/** Flows, the newest first: their ids begin with the time. */
export async function listFlows(ctx: Context, filter: FlowFilter, limit: number): Promise<FoundFlows> {
  const { kind, identityId, before } = filter;
  const end = kind && !identityId ? await endOfWalk(ctx, before) : undefined;
  const rows = await find(ctx, flows, (query) => {
    let chosen = query;
    if (kind) chosen = chosen.where("kind", "=", kind);
    if (identityId) chosen = chosen.where("identityId", "=", identityId);
    if (before) chosen = chosen.where("id", "<", before);
    if (end) chosen = chosen.where("id", ">=", end);
    return chosen.orderBy("id", "desc").limit(limit);
  });
  return { rows, end };
}

/** The last flow that is looked at for a page; undefined where there are fewer. */
async function endOfWalk({ db, tenant }: Context, before: string | undefined): Promise<string | undefined> {
  const [row] = await db.find<{ id: string }>(
    sql`select id from flows where nid = ${tenant.id} ${before ? sql`and id < ${before}` : sql``} order by id desc limit 1 offset ${sql.lit(mostWalked - 1)}`,
  );
  return row?.id;
}

/** Errors that browsers were sent away with, the newest first. */
export const listErrors = (ctx: Context, before: string, limit: number): Promise<StoredError[]> =>
  find(ctx, flowErrors, (query) => {
    const chosen = before ? query.where("id", "<", before) : query;
    return chosen.orderBy("id", "desc").limit(limit);
  });
