import { ManageSessionsAction, SessionService } from "#gen/ostiary/admin/v1/session_service_pb.js";
import type { ManageSessionsBody } from "#gen/ostiary/admin/v1/session_service_pb.js";
import { isUuid } from "../../db/id.ts";
import { keysetLink, migrationHeaders, migrationPage, offsetToken, lastId } from "../../db/pages.ts";
import { ErrorReason, problem } from "../../errors.ts";
import { defineService } from "../../server/dispatch.ts";
import { countSessions, listSessions } from "../../session/all-sessions.ts";
import { deleteSessionsOf, disableSession, extendSession, manageSessions } from "../../session/manage.ts";
import type { SessionChoice } from "../../session/manage.ts";
import { sessionById } from "../../session/statements.ts";
import { readExpand } from "../expand.ts";
import { presentSession } from "../present-session.ts";
import type { SessionView } from "../present-session.ts";
import { sessionOrder } from "./session-order.ts";

const defaultSize = 250;
const largestSize = 1000;
const mostManaged = 500;

/** Serves session_service.proto: anybody's sessions. */
export const sessionService = defineService(SessionService, {
  async listSessions({ pageSize, active, expand, ...request }, ctx) {
    const view = expandedView(expand);
    const order = sessionOrder(request);
    const size = pageSize < 1 ? defaultSize : Math.min(pageSize, largestSize);
    const found = await order.list(ctx, active, size + 1);
    const sessions = found.slice(0, size);
    const next = found.length > size ? order.after(sessions.at(-1)!) : "";
    const first = order.first(ctx);
    ctx.call.reply.headers.set("link", keysetLink(ctx.call.url, { size, first, next }));
    return { sessions: sessions.map((row) => presentSession(row, ctx.config, ctx.now(), view)), nextPageToken: next };
  },

  async getSession({ id, expand }, ctx) {
    const view = expandedView(expand);
    const row = await sessionById(ctx, uuidOf(id));
    if (!row) throw problem(ErrorReason.NOT_FOUND);
    return { session: presentSession(row, ctx.config, ctx.now(), view) };
  },

  async disableSession({ id }, ctx) {
    if (!(await disableSession(ctx, uuidOf(id)))) throw problem(ErrorReason.NOT_FOUND);
    return {};
  },

  async extendSession({ id }, ctx) {
    const row = await extendSession(ctx, uuidOf(id));
    if (!row) throw problem(ErrorReason.NOT_FOUND);
    if (ctx.config.feature_flags.faster_session_extend) {
      ctx.call.reply.status = 204;
      return {};
    }
    return { session: presentSession(row, ctx.config, ctx.now(), { withoutDevices: true }) };
  },

  async manageSessions({ sessions: body }, ctx) {
    const { action, choice } = readManagement(body);
    return manageSessions(ctx, action, choice);
  },

  async listIdentitySessions({ id, active, expand, ...query }, ctx) {
    const view = { admin: true, bare: true, lastSeen: readExpand(expand, ["last_seen"]).has("last_seen") };
    const filter = { identityId: uuidOf(id), active };
    const page = migrationPage({
      page: query.page,
      per_page: query.perPage || undefined,
      page_size: query.pageSize || undefined,
      page_token: query.pageToken,
    });
    const [rows, total] = await Promise.all([
      listSessions(ctx, filter, { before: lastId, offset: page.offset, limit: page.size }),
      countSessions(ctx, filter),
    ]);
    const { link, totalCount } = migrationHeaders(ctx.call.url, page, total);
    ctx.call.reply.headers.set("link", link);
    ctx.call.reply.headers.set("x-total-count", totalCount);
    const end = page.offset + rows.length;
    return {
      sessions: rows.map((row) => presentSession(row, ctx.config, ctx.now(), view)),
      nextPageToken: end < total ? offsetToken(end) : "",
      totalSize: total,
    };
  },

  async deleteIdentitySessions({ id }, ctx) {
    if ((await deleteSessionsOf(ctx, uuidOf(id))) === 0) throw problem(ErrorReason.NOT_FOUND);
    return {};
  },
});

function expandedView(expand: readonly string[]): SessionView {
  const wanted = readExpand(expand, ["identity", "devices", "last_seen"]);
  return {
    admin: true,
    withoutIdentity: !wanted.has("identity"),
    withoutDevices: !wanted.has("devices"),
    lastSeen: wanted.has("last_seen"),
  };
}

function readManagement(body: ManageSessionsBody | undefined): { action: "disable" | "delete"; choice: SessionChoice } {
  const { action = ManageSessionsAction.UNSPECIFIED, identities = [], sessions = [] } = body ?? {};
  if (action === ManageSessionsAction.UNSPECIFIED) throw refuse("The action must be disable or delete.");
  if ((identities.length === 0) === (sessions.length === 0))
    throw refuse("Name either identities or sessions, not both.");
  const ids = identities.length > 0 ? identities : sessions;
  if (ids.length > mostManaged) throw refuse(`At most ${mostManaged} ids can be named at once.`);
  const all = identities.length === 1 && identities[0] === "*";
  const kind = identities.length > 0 ? "identities" : "sessions";
  return {
    action: action === ManageSessionsAction.DISABLE ? "disable" : "delete",
    choice: all ? { kind: "all" } : { kind, ids: ids.map(uuidOf) },
  };
}

function uuidOf(id: string): string {
  if (!isUuid(id)) throw refuse(`The id ${JSON.stringify(id.slice(0, 64))} is not a UUID.`);
  return id.toLowerCase();
}

const refuse = (message: string) => problem(ErrorReason.BAD_REQUEST, { message });
