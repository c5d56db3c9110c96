import type { Context } from "../context.ts";
import { randomToken, sha256Hex } from "../crypto/token.ts";
import { uuidv7 } from "../db/id.ts";
import { find, insert, remove } from "../db/query.ts";
import { ErrorReason, problem } from "../errors.ts";
import type { Problem } from "../errors.ts";
import { lockIdentity } from "../identity/lock.ts";
import type { IdentityRow } from "../identity/rows.ts";
import type { Principal } from "../principal.ts";
import { impersonate } from "../session/impersonate.ts";
import type { SessionAct } from "../session/entities.ts";
import type { IssuedSession } from "../session/issue.ts";
import { defaultTenant } from "../tenant.ts";
import { findAdministrator, whileNoAdministrator } from "./administrators.ts";
import { impersonationLinks } from "./entities.ts";
import { signInAddress } from "./refusals.ts";

const tokenLength = 43;
/** How long a browser takes to follow a link that somebody has just asked for. */
const linkLastsMs = 60_000;

/** Why the caller cannot sign in as an identity; undefined where they can. */
export async function obstacleToImpersonating(ctx: Context, identity: IdentityRow): Promise<Problem | undefined> {
  if (!ctx.config.session.impersonation.enabled) return disabled();
  if (!ctx.principal) return nobody(ctx);
  if (identity.state !== "active") return inactive();
  return (await findAdministrator(ctx, identity.id)) && administrator();
}

const disabled = () =>
  problem(ErrorReason.IMPERSONATION_DISABLED, { reason: "The setting session.impersonation.enabled is off." });

const nobody = ({ config, call }: Context) =>
  problem(ErrorReason.ADMIN_CREDENTIAL_REQUIRED, {
    reason:
      "Who signs in as somebody else has to be known. Sign in to the console, or show an API key or a certificate.",
    redirectBrowserTo: signInAddress(config, call),
  });

const inactive = () => problem(ErrorReason.IMPERSONATION_REFUSED, { reason: "The account is disabled." });
const administrator = () =>
  problem(ErrorReason.IMPERSONATION_REFUSED, { reason: "The account is an administrator's." });
const spent = () =>
  problem(ErrorReason.GONE, { reason: "The link was used before, or is too old. Ask for another one." });

/** Who acts, by the credential that they call by. */
export const actBy = ({ kind, id, name }: Principal, reason: string): SessionAct => ({
  kind,
  sub: id ?? name ?? "",
  reason,
});

/** Whether somebody is an administrator of the tenant, or of the default one, whose administrators are those of all. */
const administers = async (tx: Context, id: string): Promise<boolean> =>
  Boolean((await findAdministrator(tx, id)) ?? (await findAdministrator({ db: tx.db, tenant: defaultTenant }, id)));

/** A link in the making. */
export interface NewImpersonationLink {
  readonly identityId: string;
  readonly act: SessionAct;
  readonly lifespanMs: number;
}

/** Makes the secret of a link. The database keeps a hash. */
export async function createImpersonationLink(
  ctx: Context,
  { identityId, act, lifespanMs }: NewImpersonationLink,
): Promise<{ readonly token: string; readonly expiresAt: Date }> {
  const now = ctx.now();
  const token = randomToken(tokenLength);
  const expiresAt = new Date(now.getTime() + linkLastsMs);
  await insert(ctx, impersonationLinks, [
    {
      id: uuidv7(now.getTime()),
      createdAt: now,
      updatedAt: now,
      identityId,
      tokenHash: sha256Hex(token),
      act,
      lifespan: lifespanMs,
      expiresAt,
    },
  ]);
  return { token, expiresAt };
}

/**
 * Opens the session of a link, once. Throws GONE, IMPERSONATION_DISABLED, and IMPERSONATION_REFUSED where the account has become an
 * administrator's, or was disabled, since the link was made.
 */
export async function followImpersonationLink(
  ctx: Context,
  token: string,
): Promise<IssuedSession & { readonly identityId: string }> {
  if (!ctx.config.session.impersonation.enabled) throw disabled();
  const tokenHash = sha256Hex(token);
  // Before the transaction, whose lock is for those alone who have a link.
  const [link] = await find(ctx, impersonationLinks, (query) => query.where("tokenHash", "=", tokenHash));
  if (!link || link.expiresAt <= ctx.now()) throw spent();
  const { id, identityId, act, lifespan } = link;
  const issued = await whileNoAdministrator(ctx, identityId, async (tx) => {
    // Who has lost their role since they asked for the link opens nothing any more.
    if (act.kind === "administrator" && !(await administers(tx, act.sub))) throw spent();
    // In the order of a deletion, which takes links along.
    const identity = await lockIdentity(tx, identityId);
    if (!identity) throw spent();
    // Of several browsers that come with the same link, one.
    if ((await remove(tx, impersonationLinks, (query) => query.where("id", "=", id))) !== 1) throw spent();
    if (identity.state !== "active") throw inactive();
    return impersonate(tx, identity, act, Number(lifespan));
  });
  if (!issued) throw administrator();
  return { ...issued, identityId };
}
