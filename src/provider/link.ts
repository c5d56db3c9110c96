import type { Context } from "../context.ts";
import type { CredentialInput } from "../identity/credentials.ts";
import { accountsOf, holding, nameOf, withAccounts } from "../identity/kinds/linked-account.ts";
import type { LinkedAccount } from "../identity/kinds/linked-account.ts";
import type { CredentialRow } from "../identity/rows.ts";
import { credentialByIdentifier } from "../identity/statements.ts";
import type { FoundCredential } from "../identity/statements.ts";
import { useCredential } from "../identity/write.ts";
import { ProviderFailure } from "./provider-failure.ts";
import type { ProviderConfig, UpstreamAccount, UpstreamTokens } from "./provider.ts";
import { initialTokens, newestTokens, openTokens, sealTokens } from "./tokens.ts";

const type = "oidc";

/** As many characters as the database has room for. */
const longestName = 512;

/** The credential that an account at a provider belongs to; undefined where it is linked with nobody. */
export const findLinked = (
  ctx: Context,
  provider: ProviderConfig,
  account: UpstreamAccount,
): Promise<FoundCredential | undefined> => credentialByIdentifier(ctx, type, identifierOf(provider, account));

/**
 * The credential of somebody who is linked with an account at a provider from now on, with all that they were linked with
 * before. Its tokens are sealed.
 */
export function linkAccount(
  { config }: Context,
  before: CredentialRow | undefined,
  provider: ProviderConfig,
  account: UpstreamAccount,
): CredentialInput {
  const { claims, tokens } = account;
  identifierOf(provider, account);
  const made: LinkedAccount = {
    provider: provider.id,
    subject: claims.sub,
    ...initialTokens(config, tokens),
    ...(provider.organization_id && { organization: provider.organization_id }),
    ...issuerOf(provider, account),
    ...sealTokens(config, tokens),
  };
  // What was brought along by hand for the first sign-in has served.
  const others = before ? accountsOf(before).filter((known) => !isPlaceholder(known, made)) : [];
  return { type, ...holding(withAccounts(others, [made])) };
}

const isPlaceholder = (known: LinkedAccount, { provider, subject }: LinkedAccount): boolean =>
  known.use_auto_link === true && known.provider === provider && known.subject !== subject;

/** The credential of somebody who is linked with no account of a provider any more; undefined where nothing is left. */
export function unlinkAccount(before: CredentialRow, providerId: string): CredentialInput | undefined {
  const left = accountsOf(before).filter(({ provider }) => provider !== providerId);
  return left.length === 0 ? undefined : { type, ...holding(left) };
}

/**
 * Notes that somebody has signed in by an account that they are linked with: the newest tokens are kept, and where the
 * provider speaks for another issuer than before, the log is told.
 */
export async function noteSignIn(
  ctx: Context,
  { credentialId: id, revision, config }: Pick<FoundCredential, "credentialId" | "revision" | "config">,
  provider: ProviderConfig,
  account: UpstreamAccount,
): Promise<void> {
  const name = identifierOf(provider, account);
  const accounts = accountsOf({ config });
  const known = accounts.find((one) => nameOf(one) === name);
  if (!known) return;
  const { issuer } = issuerOf(provider, account);
  if (known.issuer && issuer && known.issuer !== issuer)
    ctx.log.warn("the issuer of a provider has changed: whoever has the same subject there can sign in", {
      provider: provider.id,
      issuer,
      before: known.issuer,
    });
  const { access_token, refresh_token } = account.tokens;
  if (!access_token && !refresh_token && (known.issuer || !issuer)) return;
  const { renewal: _over, ...kept } = known;
  const next: LinkedAccount = {
    ...kept,
    ...(issuer && !known.issuer && { issuer }),
    ...sealTokens(ctx.config, newestTokens(tokensIfReadable(ctx, known), account.tokens)),
  };
  // If somebody else has written it meanwhile, as another sign-in of the same person does, that will do.
  await useCredential(ctx, { id, revision }, { ...config, providers: withAccounts(accounts, [next]) });
}

/** Nobody is kept out because the secret is lost that sealed what their provider gave out earlier. */
function tokensIfReadable({ config }: Context, known: LinkedAccount): UpstreamTokens {
  try {
    return openTokens(config, known);
  } catch {
    return {};
  }
}

/** Facebook's claim is an address with a proof in it, which differs from one sign-in to the next. */
const issuerOf = ({ provider }: ProviderConfig, { claims }: UpstreamAccount): Pick<LinkedAccount, "issuer"> =>
  provider === "facebook" ? {} : { issuer: claims.iss };

function identifierOf({ id }: ProviderConfig, { claims }: UpstreamAccount): string {
  const name = nameOf({ provider: id, subject: claims.sub });
  if (name.length > longestName)
    throw new ProviderFailure("claims_decode", "claims_invalid", "The subject that the provider returned is too long.");
  return name;
}
