import { lastId } from "../../db/pages.ts";
import type { ListSessionsRequest } from "#gen/ostiary/admin/v1/session_service_pb.js";
import type { Context } from "../../context.ts";
import { isUuid } from "../../db/id.ts";
import { ErrorReason, problem } from "../../errors.ts";
import { lastUse, listSessions, listSessionsByUse } from "../../session/all-sessions.ts";
import type { SessionRow } from "../../session/statements.ts";

/** An order in which sessions are listed page by page, and the place in it where the page begins that is asked for. */
export interface SessionOrder {
  /** The sessions from there on. */
  list(ctx: Context, active: boolean | undefined, limit: number): Promise<SessionRow[]>;
  /** The token of the page that begins behind a session. */
  after(session: SessionRow): string;
  /** The token of the first page. */
  first(ctx: Context): string;
}

/** The order that a request asks for. Tokens are pairs of column and value, as Kratos' are. */
export function sessionOrder({ orderBy, pageToken }: Pick<ListSessionsRequest, "orderBy" | "pageToken">): SessionOrder {
  const values = pageToken ? readToken(pageToken) : undefined;
  switch (orderBy) {
    case "":
      return byAge(values?.id ?? lastId);
    case "last_seen":
      return byUse(values ? { seenAt: momentOf(values.seenAt), id: values.id } : lastUse);
    default:
      throw refuse("The parameter order_by must be last_seen, or not be there.");
  }
}

/** The newest first: ids begin with the time. */
const byAge = (before: string): SessionOrder => ({
  list: (ctx, active, limit) => listSessions(ctx, { active }, { before, offset: 0, limit }),
  after: ({ id, createdAt }) => writeToken("created_at", createdAt, id),
  first: (ctx) => writeToken("created_at", ctx.now(), lastId),
});

/** Those first that were used last. */
const byUse = (before: typeof lastUse): SessionOrder => ({
  list: (ctx, active, limit) => listSessionsByUse(ctx, { active }, { before, limit }),
  after: ({ id, lastSeenAt }) => writeToken("last_seen_at", lastSeenAt, id),
  first: () => writeToken("last_seen_at", new Date(lastUse.seenAt), lastId),
});

const writeToken = (column: string, at: Date, id: string): string =>
  Buffer.from(`${column}=${at.toISOString()}/id=${id}`).toString("base64").replaceAll("=", "");

function readToken(token: string): { readonly id: string; readonly seenAt: string | undefined } {
  const values = new Map(
    Buffer.from(token, "base64")
      .toString()
      .split("/")
      .map((pair): [string, string] => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]),
  );
  const id = values.get("id") ?? "";
  if (!isUuid(id)) throw invalidToken();
  return { id: id.toLowerCase(), seenAt: values.get("last_seen_at") };
}

function momentOf(text: string | undefined): number {
  const moment = Date.parse(text ?? "");
  if (Number.isNaN(moment)) throw invalidToken();
  return moment;
}

const refuse = (reason: string) => problem(ErrorReason.BAD_REQUEST, { reason });
const invalidToken = () => refuse("The page token is invalid.");
