import type { Context } from "../../context.ts";
import { identityByVerifiableAddress } from "../../identity/address-statements.ts";
import type { AddressKey } from "../../identity/address-statements.ts";
import { availableAal } from "../../identity/factors.ts";
import { providersOf } from "../../identity/kinds/linked.ts";
import type { IdentityWithCredentialsRow } from "../../identity/rows.ts";
import { credentialOf, withCredential } from "../../identity/set-credential.ts";
import { identityById } from "../../identity/statements.ts";
import type { FoundCredential } from "../../identity/statements.ts";
import { changeIdentity } from "../../identity/write.ts";
import { findLinked, linkAccount } from "../../provider/link.ts";
import { mapClaims } from "../../provider/map-claims.ts";
import type { ProviderConfig, UpstreamAccount } from "../../provider/provider.ts";
import { addressesToJoinBy } from "../../provider/trust.ts";
import { group } from "./upstream-login.ts";

/** Why an account at a provider is not linked without a question. */
export type LinkingObjection =
  | "not_automatic"
  | "no_proven_address"
  | "several_accounts"
  | "account_disabled"
  | "address_not_verified"
  | "other_organization"
  | "another_account_linked"
  | "second_factor";

/**
 * Links an account at a provider without a question, where the operator wants that: with whoever has shown here that an address
 * is theirs of which the provider proves the same. Undefined where there is nobody, or where they had better be asked.
 */
export async function linkByAddress(
  ctx: Context,
  provider: ProviderConfig,
  account: UpstreamAccount,
): Promise<FoundCredential | undefined> {
  if (provider.account_linking_mode !== "automatic") return undefined;
  const proven = await provenAddresses(ctx, provider, account);
  const [owner, ...others] = await ownersOf(ctx, proven);
  if (!owner || others.length > 0) return undefined;
  await changeIdentity(ctx, owner, { reason: "login.link" }, (before, tx) =>
    objectionOf(tx, before, provider, proven) === undefined
      ? withCredential(tx, before, linkAccount(tx, credentialOf(before, group), provider, account))
      : before,
  );
  // Whether it was written here or by somebody else at the same time: what counts is whose it is now.
  return findLinked(ctx, provider, account);
}

/** What is in the way of that; undefined where it would be done. Writes nothing. */
export async function objectionToLinking(
  ctx: Context,
  provider: ProviderConfig,
  account: UpstreamAccount,
): Promise<LinkingObjection | undefined> {
  if (provider.account_linking_mode !== "automatic") return "not_automatic";
  const proven = await provenAddresses(ctx, provider, account);
  const [owner, ...others] = await ownersOf(ctx, proven);
  if (others.length > 0) return "several_accounts";
  const identity = owner === undefined ? undefined : await identityById(ctx, owner);
  return identity ? objectionOf(ctx, identity, provider, proven) : "no_proven_address";
}

/** An operator may leave it to mappers what counts as verified; that lets nobody into an account that is there. */
const provenAddresses = async (ctx: Context, provider: ProviderConfig, { claims }: UpstreamAccount) =>
  addressesToJoinBy(provider, claims, (await mapClaims(ctx, provider, claims)).verified_addresses);

/** The ids of those who have one of the addresses here. */
async function ownersOf(ctx: Context, addresses: readonly AddressKey[]): Promise<readonly string[]> {
  const owners = new Set<string>();
  for (const address of addresses) {
    const owner = await identityByVerifiableAddress(ctx, address);
    if (owner) owners.add(owner.id);
  }
  return [...owners];
}

function objectionOf(
  { config }: Context,
  identity: IdentityWithCredentialsRow,
  { id, organization_id: organization }: ProviderConfig,
  proven: readonly AddressKey[],
): LinkingObjection | undefined {
  const linked = credentialOf(identity, group);
  if (identity.state !== "active") return "account_disabled";
  // Somebody else may have made the account in advance, with an address that was never theirs.
  const shown = identity.verifiableAddresses.filter(({ verified }) => verified);
  if (!shown.some((known) => proven.some(({ via, value }) => via === known.via && value === known.value)))
    return "address_not_verified";
  // A provider that an organization has brought along speaks for its own people alone.
  if ((identity.organizationId || undefined) !== (organization || undefined)) return "other_organization";
  // Providers give addresses to others after a time: then they belong to another account there.
  if (linked && providersOf(linked).includes(id)) return "another_account_linked";
  // As in settings, whoever has a second factor proves it first.
  return availableAal(config, identity) === 1 ? undefined : "second_factor";
}
