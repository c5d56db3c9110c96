import { setTimeout as pause } from "node:timers/promises";
import { randomToken } from "../crypto/token.ts";
import type { Context } from "../context.ts";
import { ErrorReason, problem } from "../errors.ts";
import { accountsOf, withAccounts } from "../identity/kinds/linked-account.ts";
import type { LinkedAccount } from "../identity/kinds/linked-account.ts";
import { findIdentity } from "../identity/repository.ts";
import type { CredentialRow } from "../identity/rows.ts";
import { useCredential } from "../identity/write.ts";
import { findProvider } from "./find-provider.ts";
import { ProviderFailure } from "./provider-failure.ts";
import type { Provider, UpstreamTokens } from "./provider.ts";
import { TokenRefusal } from "./token-endpoint.ts";
import { newestTokens, openTokens, sealTokens } from "./tokens.ts";

/** A token that runs out sooner may have run out when it arrives. */
const leastLifeMs = 60_000;
/** As long as a call to the provider may take, and some more. */
const leaseMs = 20_000;
const patienceMs = 15_000;
const lookEveryMs = 150;

/** An account at a provider, and the tokens by which the provider can be asked in its name. */
export interface CurrentToken {
  readonly account: LinkedAccount;
  readonly tokens: UpstreamTokens & { readonly access_token: string };
}

interface Found {
  readonly credential: CredentialRow;
  readonly account: LinkedAccount;
}

/**
 * The token by which a provider can be asked in the name of somebody who is linked with an account there. One that has run
 * out is renewed by whoever asks first, on whichever server, and the others wait for it: many providers take a refresh
 * token once, and end all that came of it when it is used twice.
 */
export async function currentToken(
  ctx: Context,
  identityId: string,
  providerId: string,
  subject: string | undefined,
): Promise<CurrentToken> {
  const given = performance.now() + patienceMs;
  for (;;) {
    const found = await findAccount(ctx, identityId, providerId, subject);
    const { account } = found;
    const tokens = openTokens(ctx.config, account);
    const now = ctx.now().getTime();
    if (isFresh(tokens, now)) return { account, tokens };
    const { refresh_token: refreshToken } = tokens;
    if (!refreshToken) throw spent();
    const renewed =
      account.renewal && account.renewal.until > now ? undefined : await renew(ctx, found, refreshToken, identityId);
    if (renewed) return { account, tokens: renewed };
    if (performance.now() > given) throw problem(ErrorReason.RETRY);
    await pause(lookEveryMs);
  }
}

const isFresh = (tokens: UpstreamTokens, now: number): tokens is CurrentToken["tokens"] =>
  tokens.access_token !== undefined && (tokens.expires_at === undefined || tokens.expires_at - leastLifeMs > now);

const spent = () =>
  problem(ErrorReason.GONE, {
    reason: "The token has expired and the provider issued no refresh token. The user must sign in again.",
  });

async function findAccount(
  ctx: Context,
  identityId: string,
  providerId: string,
  subject: string | undefined,
): Promise<Found> {
  const identity = await findIdentity(ctx, identityId);
  const credential = identity?.credentials.find(({ type }) => type === "oidc");
  const accounts = (credential ? accountsOf(credential) : []).filter(
    (account) => account.provider === providerId && (subject === undefined || account.subject === subject),
  );
  if (!credential || !accounts[0])
    throw problem(ErrorReason.NOT_FOUND, { reason: "The identity is not linked to this account." });
  if (accounts.length > 1)
    throw problem(ErrorReason.BAD_REQUEST, {
      reason: "The identity is linked to several accounts at this provider. Use the parameter subject to select one.",
    });
  return { credential, account: accounts[0] };
}

/** Renews the tokens, unless somebody else has begun to: then undefined. */
async function renew(
  ctx: Context,
  found: Found,
  refreshToken: string,
  identityId: string,
): Promise<CurrentToken["tokens"] | undefined> {
  const provider = await refreshing(ctx, found.account.provider);
  const by = randomToken();
  const taken = { ...found.account, renewal: { until: ctx.now().getTime() + leaseMs, by } };
  if (!(await write(ctx, found.credential, taken))) return undefined;
  try {
    const fresh = newestTokens({ refresh_token: refreshToken }, await provider.refresh(ctx, refreshToken));
    await settle(ctx, identityId, taken, by, sealTokens(ctx.config, fresh));
    if (!fresh.access_token)
      throw new ProviderFailure("token_exchange", "exchange_failed", "The provider returned no access token.");
    return { ...fresh, access_token: fresh.access_token };
  } catch (error) {
    await settle(ctx, identityId, taken, by, {});
    throw error instanceof ProviderFailure ? refused(error) : error;
  }
}

type Refreshing = Provider & Required<Pick<Provider, "refresh">>;

async function refreshing(ctx: Context, id: string): Promise<Refreshing> {
  const provider = await findProvider(ctx, id);
  if (!provider)
    throw problem(ErrorReason.NOT_FOUND, { reason: "The token has expired and its provider is not configured." });
  if (!provider.refresh) throw spent();
  return provider as Refreshing;
}

/** Writes what has become of a renewal, if nobody has signed in anew or taken it over meanwhile. */
async function settle(
  ctx: Context,
  identityId: string,
  { provider, subject }: LinkedAccount,
  by: string,
  tokens: Pick<LinkedAccount, "tokens">,
): Promise<void> {
  for (;;) {
    const found = await findAccount(ctx, identityId, provider, subject);
    if (found.account.renewal?.by !== by) return;
    const { renewal: _over, ...account } = found.account;
    if (await write(ctx, found.credential, { ...account, ...tokens })) return;
  }
}

const write = (ctx: Context, credential: CredentialRow, account: LinkedAccount): Promise<boolean> =>
  useCredential(ctx, credential, {
    ...credential.config,
    providers: withAccounts(accountsOf(credential), [account]),
  });

// The second one is GitHub's.
const finalWords = new Set<string | undefined>(["invalid_grant", "bad_refresh_token"]);

/** A provider that says no (RFC 6749, 5.2) will say so again; one that does not answer may do so later. */
const refused = (failure: ProviderFailure) =>
  failure.cause instanceof TokenRefusal && finalWords.has(failure.cause.error)
    ? problem(ErrorReason.GONE, {
        reason: "The provider no longer refreshes this token. The user must sign in again.",
        cause: failure,
      })
    : problem(ErrorReason.UPSTREAM, { reason: failure.message, cause: failure });
