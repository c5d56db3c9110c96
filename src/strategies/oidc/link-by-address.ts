import type { Context } from "../../context.ts";
import { identityByVerifiableAddress } from "../../identity/address-statements.ts";
import type { AddressKey } from "../../identity/address-statements.ts";
import { availableAal } from "../../identity/factors.ts";
import { providersOf } from "../../identity/kinds/linked.ts";
import type { IdentityWithCredentialsRow } from "../../identity/rows.ts";
import { credentialOf, withCredential } from "../../identity/set-credential.ts";
import type { FoundCredential } from "../../identity/statements.ts";
import { changeIdentity } from "../../identity/write.ts";
import { findLinked, linkAccount } from "../../provider/link.ts";
import { mapClaims } from "../../provider/map-claims.ts";
import type { ProviderConfig, UpstreamAccount } from "../../provider/provider.ts";
import { addressesToJoinBy } from "../../provider/trust.ts";
import { group } from "./upstream-login.ts";

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
  const { claims } = account;
  // An operator may leave it to mappers what counts as verified; that lets nobody into an account that is there.
  const proven = addressesToJoinBy(provider, claims, (await mapClaims(ctx, provider, claims)).verified_addresses);
  const owner = await ownerOf(ctx, proven);
  if (!owner) return undefined;
  await changeIdentity(ctx, owner, { reason: "login.link" }, (before, tx) =>
    mayJoin(tx, before, provider, proven)
      ? withCredential(tx, before, linkAccount(tx, credentialOf(before, group), provider, account))
      : before,
  );
  // Whether it was written here or by somebody else at the same time: what counts is whose it is now.
  return findLinked(ctx, provider, account);
}

/** Whose all of the addresses are that are known here; undefined where they lead to several people. */
async function ownerOf(ctx: Context, addresses: readonly AddressKey[]): Promise<string | undefined> {
  const owners = new Set<string>();
  for (const address of addresses) {
    const owner = await identityByVerifiableAddress(ctx, address);
    if (owner) owners.add(owner.id);
  }
  const [owner, ...others] = owners;
  return others.length === 0 ? owner : undefined;
}

function mayJoin(
  { config }: Context,
  identity: IdentityWithCredentialsRow,
  { id, organization_id: organization }: ProviderConfig,
  proven: readonly AddressKey[],
): boolean {
  const linked = credentialOf(identity, group);
  return (
    identity.state === "active" &&
    // Somebody else may have made the account in advance, with an address that was never theirs.
    identity.verifiableAddresses.some(
      (known) => known.verified && proven.some(({ via, value }) => via === known.via && value === known.value),
    ) &&
    // A provider that an organization has brought along speaks for its own people alone.
    (identity.organizationId || undefined) === (organization || undefined) &&
    // Providers give addresses to others after a time: then they belong to another account there.
    !(linked && providersOf(linked).includes(id)) &&
    // As in settings, whoever has a second factor proves it first.
    availableAal(config, identity) === 1
  );
}
