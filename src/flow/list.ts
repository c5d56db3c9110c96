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

/** Flows, the newest first: their ids begin with the time. */
export const listFlows = (ctx: Context, { kind, identityId, before }: FlowFilter, limit: number): Promise<FlowRow[]> =>
  find(ctx, flows, (query) => {
    let chosen = query;
    if (kind) chosen = chosen.where("kind", "=", kind);
    if (identityId) chosen = chosen.where("identityId", "=", identityId);
    if (before) chosen = chosen.where("id", "<", before);
    return chosen.orderBy("id", "desc").limit(limit);
  });

/** Errors that browsers were sent away with, the newest first. */
export const listErrors = (ctx: Context, before: string, limit: number): Promise<StoredError[]> =>
  find(ctx, flowErrors, (query) => {
    const chosen = before ? query.where("id", "<", before) : query;
    return chosen.orderBy("id", "desc").limit(limit);
  });
