import type { Context } from "../context.ts";
import { isUuid } from "../db/id.ts";
import {
  identityByAnyName,
  identityByRecoveryAddress,
  identityByVerifiableAddress,
} from "../identity/address-statements.ts";
import { typesNamedFrom } from "../identity/kinds/index.ts";
import type { IdentityWithCredentialsRow } from "../identity/rows.ts";
import { identityByExternalId, identityById } from "../identity/statements.ts";
import { normaliseIdentifier, viaOf } from "../schema/normalise.ts";

/** An account, and how an identifier has led to it. */
export interface FoundAccount {
  readonly account: IdentityWithCredentialsRow;
  /** As people read it: "password identifier". */
  readonly foundBy: readonly string[];
  /** Whether anybody who signs in and types it means this account. */
  readonly isTyped: boolean;
}

/** The account that an identifier means, however it does; undefined where there is none. */
export async function findAccount(ctx: Context, identifier: string): Promise<FoundAccount | undefined> {
  const name = normaliseIdentifier(identifier);
  const address = { via: viaOf(name), value: name };
  const named =
    (await identityByAnyName(ctx, name)) ??
    (await identityByVerifiableAddress(ctx, address)) ??
    (await identityByRecoveryAddress(ctx, address));
  const account =
    (named && (await identityById(ctx, named.id))) ??
    (isUuid(identifier.trim()) ? await identityById(ctx, identifier.trim()) : undefined) ??
    (await identityByExternalId(ctx, identifier));
  if (!account) return undefined;
  const typed = namesTyped(account, name);
  const foundBy = [...typed.map((type) => `${type} identifier`), ...otherwise(account, name, identifier.trim())];
  return { account, foundBy, isTyped: typed.length > 0 };
}

const namesTyped = ({ credentials }: IdentityWithCredentialsRow, name: string): string[] =>
  credentials
    .filter(
      ({ type, identifiers }) => typesNamedFrom("traits").some((one) => one === type) && identifiers.includes(name),
    )
    .map(({ type }) => type);

function otherwise(account: IdentityWithCredentialsRow, name: string, typed: string): string[] {
  const ways: readonly (readonly [boolean, string])[] = [
    [account.verifiableAddresses.some(({ value }) => value === name), "verifiable address"],
    [account.recoveryAddresses.some(({ value }) => value === name), "recovery address"],
    [account.id === typed.toLowerCase(), "id"],
    [account.externalId === typed, "external id"],
  ];
  return ways.filter(([fits]) => fits).map(([, way]) => way);
}
