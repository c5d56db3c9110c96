import type { Context } from "../../context.ts";
import type { FlowView } from "../../flow/attempt.ts";
import { identityByAnyName } from "../../identity/address-statements.ts";
import type { IdentityRow, IdentityWithCredentialsRow } from "../../identity/rows.ts";
import { identitiesPageWithCredentials, identityById } from "../../identity/statements.ts";
import { identifiersOf } from "../../schema/identifiers.ts";
import { normaliseIdentifier } from "../../schema/normalise.ts";
import { schemasOf } from "../../schema/schemas.ts";
import { traitAt } from "../../schema/trait-at.ts";
import { requestedTrait } from "../../proof/requested-address.ts";
import type { CodeAddress } from "./login-pages.ts";

/** Somebody to send codes to. */
export interface Recipient {
  readonly identity: IdentityRow;
  readonly to: readonly CodeAddress[];
}

interface CodeCredential {
  readonly addresses?: readonly { readonly channel: "email" | "sms"; readonly address: string }[];
}

function credentialAddresses({ credentials }: IdentityWithCredentialsRow): CodeAddress[] {
  const config = (credentials.find(({ type }) => type === "code")?.config ?? {}) as CodeCredential;
  return (config.addresses ?? []).map(({ channel, address }) => ({ via: channel, value: address }));
}

const nobody = "00000000-0000-0000-0000-000000000000";

/** Whom a name means that somebody signs in by: the one address that it is, else all that the account gets codes at. */
export async function recipientOf(ctx: Context, named: string): Promise<Recipient | undefined> {
  const name = normaliseIdentifier(named);
  const found = await identityByAnyName(ctx, name);
  // Where nobody is known by the name, somebody else is read: a database is not faster at finding nobody.
  const identity = found
    ? await identityById(ctx, found.id)
    : void (await identitiesPageWithCredentials(ctx, { after: nobody, limit: 1 }));
  if (identity?.state !== "active") return undefined;
  const credential = identity.credentials.find(({ type }) => type === "code");
  const addresses = credential?.identifiers.includes(name)
    ? credentialAddresses(identity)
    : await fallback(ctx, identity, name);
  const only = addresses.filter(({ value }) => value === name);
  const to = only.length ? only : addresses;
  return to.length ? { identity, to } : undefined;
}

/** The address among the traits of somebody who never had codes, where the configuration wants them to be enough. */
async function fallback(ctx: Context, { schemaId, traits }: IdentityRow, name: string): Promise<CodeAddress[]> {
  if (!ctx.config.selfservice.methods.code.config.missing_credential_fallback_enabled) return [];
  const { code, verification, recovery } = identifiersOf(await schemasOf(ctx).get(schemaId), traits);
  const address = [...code, ...verification, ...recovery].find(({ value }) => value === name);
  return address ? [address] : [];
}

/** The addresses at which the person who is signed in gets a second factor: of the credential, and verified ones. */
export function ownAddresses(ctx: Context, { flow, attempt: { account } }: FlowView): CodeAddress[] {
  if (!account) return [];
  const own = credentialAddresses(account);
  for (const { via, value, verified } of account.verifiableAddresses)
    if (verified && !own.some((one) => one.value === value)) own.push({ via, value });
  const { mfa_channels: channels } = ctx.config.selfservice.methods.code;
  const fit = flow.requestedAal > 1 ? own.filter(({ via }) => channels.includes(via)) : own;
  const asked = requestedTrait(flow);
  if (!asked) return fit;
  const value = traitAt(account.traits, asked);
  return typeof value === "string" ? fit.filter((one) => one.value === normaliseIdentifier(value)) : [];
}
