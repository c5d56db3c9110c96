import type { IncomingMessage } from "node:http";
import type { KoaContextWithOIDC, Provider, Session } from "oidc-provider";
import type { Context } from "../../context.ts";
import { currentSession, isActive } from "../../session/current.ts";
import { byOwner, revokeSession } from "../../session/repository.ts";
import { meetsAal } from "../../session/required-aal.ts";
import { sessionById } from "../../session/statements.ts";
import type { SessionRow } from "../../session/statements.ts";
import { SessionNotFound } from "./errors.ts";
import type { Keeper } from "./keeper.ts";

/** The session class of a provider, which knows how it is found. */
interface SessionClass {
  new (payload?: object): Session & { uid: string };
  readonly prototype: Session;
  get(ctx: KoaContextWithOIDC): Promise<Session>;
  findByUid(uid: string): Promise<Session | undefined>;
}

/** The session of a request, if applications may hear of it: proved as well as is asked of its account, by its person. */
async function usableSession(ctx: Context): Promise<SessionRow | undefined> {
  const session = await currentSession(ctx);
  const { required_aal: required } = ctx.config.session.whoami;
  return session && session.act === null && meetsAal(ctx, session, required) ? session : undefined;
}

const endOwn = (ctx: Context, own: SessionRow): Promise<void> =>
  revokeSession(ctx, own.identity.id, own.id, byOwner(own, "logout"));

/**
 * Makes the sessions of a provider those of this server: somebody is signed in there who is signed in here, and nobody else.
 * The uid of the one is the id of the other, so that what tokens are bound to ends with it, at once and on every server.
 */
export function tieSessions(provider: Provider, keeper: Keeper, contextOf: (req: IncomingMessage) => Context): void {
  const Sessions = provider.Session as unknown as SessionClass;
  const { get, findByUid } = Sessions;

  Sessions.findByUid = async function findActive(uid) {
    const own = await sessionById(keeper, uid);
    return own && isActive(own, keeper.now()) ? findByUid.call(this, uid) : undefined;
  };

  Sessions.get = async function ofRequest(ctx) {
    const own = await usableSession(contextOf(ctx.req));
    const session = own ? await ofSession(own, findByUid.bind(this)) : await anonymous(ctx);
    if (own) endsWith(session, () => endOwn(contextOf(ctx.req), own));
    ctx.oidc.entity("Session", session);
    return session;
  };

  /** Whoever signs out by the provider is signed out here. */
  function endsWith(session: Session, end: () => Promise<void>): void {
    const { destroy } = Sessions.prototype;
    Object.defineProperty(session, "destroy", {
      async value(this: Session) {
        await end();
        await destroy.call(this);
      },
    });
  }

  async function ofSession(own: SessionRow, found: SessionClass["findByUid"]): Promise<Session> {
    const session = (await found(own.id)) ?? Object.assign(new Sessions(), { uid: own.id });
    session.loginAccount({
      accountId: own.identity.id,
      loginTs: Math.floor(own.authenticatedAt.getTime() / 1000),
      acr: `aal${own.aal}`,
      amr: [...new Set(own.methods.map(({ method }) => method))],
    });
    return session;
  }

  /**
   * Before somebody signs in, and once they have signed out, the provider's own cookie tells browsers apart. Nobody is signed in
   * by what was answered to a challenge: that may have been done in another browser, by somebody who followed a link.
   */
  async function anonymous(ctx: KoaContextWithOIDC): Promise<Session> {
    const kept = await get.call(Sessions, ctx);
    const session = kept.accountId === undefined ? kept : new Sessions();
    Object.defineProperty(session, "loginAccount", {
      value() {
        throw new SessionNotFound("nobody is signed in in this browser");
      },
    });
    return session;
  }
}
