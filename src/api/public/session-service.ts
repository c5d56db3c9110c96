import { lastId } from "../../db/pages.ts";
import { SessionService } from "#gen/ostiary/public/v1/session_service_pb.js";
import type { Config } from "../../config/config.ts";
import type { Context } from "../../context.ts";
import { isUuid } from "../../db/id.ts";
import { ErrorReason, problem, standingProblem } from "../../errors.ts";
import { defineService } from "../../server/dispatch.ts";
import { countSessions, listSessions } from "../../session/all-sessions.ts";
import { carriedByCookie, setSessionCookie, sessionTokenOf } from "../../session/carrier.ts";
import { currentSession, requireOwnSession, requireSession } from "../../session/current.ts";
import { replaceToken } from "../../session/renew.ts";
import { byOwner, revokeOtherSessions, revokeSession } from "../../session/repository.ts";
import { assertAal } from "../../session/required-aal.ts";
import { tokenize } from "../../session/jwt/tokenize.ts";
import type { SessionRow } from "../../session/statements.ts";
import { noteEvent } from "../../tracing/active-span.ts";
import { exchangedSession } from "./exchanged-session.ts";
import { readExpand } from "../expand.ts";
import { nameOffsetPages, nextOffsetToken, offsetPage } from "../offset-page.ts";
import { presentSession, sessionAsJson } from "../present-session.ts";

const missingCacheSeconds = 60;
const noSession = standingProblem(ErrorReason.SESSION_REQUIRED, { reason: "The request carries no valid session." });

/** Serves session_service.proto: the sessions of whoever asks. */
export const sessionService = defineService(SessionService, {
  async toSession({ tokenizeAs }, ctx) {
    const session = await currentSession(ctx, "to-tell");
    if (!session) throw unknownToWhoami(ctx);
    assertAal(ctx, session, ctx.config.session.whoami.required_aal);
    const answer = shown(session, ctx);
    const tokenized = tokenizeAs && (await tokenize(ctx, session, tokenizeAs, () => sessionAsJson(answer.session)));
    if (!tokenizeAs) allowCaching(ctx, session);
    ctx.call.reply.headers.set("x-kratos-authenticated-identity-id", session.identity.id);
    refreshCookie(ctx, session);
    noteEvent("SessionChecked", () => ({ SessionID: session.id, IdentityID: session.identity.id }));
    return tokenized ? { session: { ...answer.session, tokenized } } : answer;
  },

  async listMySessions(request, ctx) {
    const session = await requireSession(ctx);
    assertAal(ctx, session, ctx.config.session.whoami.required_aal);
    const view = { bare: true, lastSeen: readExpand(request.expand, ["last_seen"]).has("last_seen") };
    const page = offsetPage(request);
    const others = { identityId: session.identity.id, exceptId: session.id, active: true };
    const [rows, total] = await Promise.all([
      listSessions(ctx, others, { before: lastId, offset: page.offset, limit: page.size }),
      countSessions(ctx, others),
    ]);
    nameOffsetPages(ctx, page, total);
    return {
      sessions: rows.map((row) => presentSession(row, ctx.config, ctx.now(), view)),
      nextPageToken: nextOffsetToken(page, total),
      totalSize: total,
    };
  },

  async disableMySession({ id }, ctx) {
    const session = await requireOwnSession(ctx);
    assertAal(ctx, session, ctx.config.session.whoami.required_aal);
    if (!isUuid(id)) throw problem(ErrorReason.BAD_REQUEST, { message: "The id of the session is not a UUID." });
    if (id === session.id) throw problem(ErrorReason.BAD_REQUEST, { message: "Sign out to end the current session." });
    await revokeSession(ctx, session.identity.id, id, byOwner(session, "sessions.revoke"));
    return {};
  },

  async disableMyOtherSessions(_request, ctx) {
    const session = await requireOwnSession(ctx);
    assertAal(ctx, session, ctx.config.session.whoami.required_aal);
    return {
      count: await revokeOtherSessions(
        ctx,
        session.identity.id,
        session.id,
        byOwner(session, "sessions.revoke_others"),
      ),
    };
  },

  async rotateSession(_request, ctx) {
    const session = await requireOwnSession(ctx);
    assertAal(ctx, session, ctx.config.session.whoami.required_aal);
    const inBrowser = !ctx.call.headers.has("x-session-token") && carriedByCookie(ctx) !== undefined;
    const { token, expiresAt } = await replaceToken(ctx, session);
    if (inBrowser) setSessionCookie(ctx, token, expiresAt);
    return { sessionToken: inBrowser ? undefined : token, session: presentSession(session, ctx.config, ctx.now()) };
  },

  exchangeSessionToken: ({ initCode, returnToCode: returnCode }, ctx) =>
    exchangedSession(ctx, { initCode, returnCode }),
});

interface Shown {
  readonly session: ReturnType<typeof presentSession>;
}

const shownBefore = new WeakMap<SessionRow, { readonly config: Config; readonly answer: Shown }>();

/** What whoami shows of a session in force. Of one that is kept in memory it is kept, too, as long as the configuration is the same. */
function shown(session: SessionRow, { config, now }: Context): Shown {
  const before = shownBefore.get(session);
  if (before?.config === config) return before.answer;
  const answer = { session: presentSession(session, config, now()) };
  if (Object.isFrozen(session)) shownBefore.set(session, { config, answer: Object.freeze(answer) });
  return answer;
}

/** Gateways may remember for a while that a request without credentials has no session. */
function unknownToWhoami(ctx: Context) {
  if (ctx.config.feature_flags.cacheable_sessions && !sessionTokenOf(ctx))
    ctx.call.reply.headers.set("ory-session-cache-for", String(missingCacheSeconds));
  return noSession;
}

function allowCaching(ctx: Context, session: SessionRow): void {
  const { cacheable_sessions: cacheable, cacheable_sessions_max_age: maxAge } = ctx.config.feature_flags;
  if (!cacheable) return;
  const left = session.expiresAt.getTime() - ctx.now().getTime();
  const seconds = Math.floor(Math.min(left, maxAge || left) / 1000);
  ctx.call.reply.headers.set("ory-session-cache-for", String(seconds));
}

/** A session that was extended since its cookie was made gets a cookie that lasts as long. */
function refreshCookie(ctx: Context, session: SessionRow): void {
  if (ctx.call.headers.has("x-session-token")) return;
  const carried = carriedByCookie(ctx);
  if (carried && carried.e < session.expiresAt.getTime()) setSessionCookie(ctx, carried.t, session.expiresAt);
}
