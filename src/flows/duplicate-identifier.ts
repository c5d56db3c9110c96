import type { Context } from "../context.ts";
import { isFirstFactor } from "../identity/factors.ts";
import { providersOf } from "../identity/kinds/linked.ts";
import { findCredentialsBehind } from "../identity/repository.ts";
import type { IdentityWithCredentialsRow } from "../identity/rows.ts";
import { duplicateCredentials, duplicateCredentialsWithHints } from "../ui/messages.ts";
import type { Message } from "../ui/message.ts";

/** A name that is somebody's, and what they have for a first factor. */
export interface DuplicateIdentifier {
  readonly identifier: string;
  readonly types: readonly string[];
  readonly providers: readonly string[];
}

/** Whether people may be told what they can sign in with. */
export const givesHints = ({ config: { security, selfservice } }: Context): boolean =>
  selfservice.flows.registration.login_hints && !security.account_enumeration.mitigate;

/** The first name of an account in the making that is another's; undefined where it is none that people sign in with. */
export async function duplicateIdentifier(
  ctx: Context,
  { credentials, verifiableAddresses, recoveryAddresses }: IdentityWithCredentialsRow,
): Promise<DuplicateIdentifier | undefined> {
  const addresses = [...verifiableAddresses, ...recoveryAddresses].map(({ value }) => value);
  for (const identifier of new Set([...credentials.flatMap(({ identifiers }) => identifiers), ...addresses])) {
    const found = await findCredentialsBehind(ctx, identifier);
    const first = found.filter(isFirstFactor);
    if (found.length > 0)
      return { identifier, types: first.map(({ type }) => type).toSorted(), providers: first.flatMap(providersOf) };
  }
  return undefined;
}

/**
 * What is said where a name of an account in the making is another's: what its owner has for a first factor too, if that
 * is configured, and as Kratos has it whether or not the method is on.
 */
export async function duplicateMessage(ctx: Context, identity: IdentityWithCredentialsRow): Promise<Message> {
  const taken = givesHints(ctx) ? await duplicateIdentifier(ctx, identity) : undefined;
  return taken ? duplicateCredentialsWithHints(taken.identifier, taken.types, taken.providers) : duplicateCredentials();
}
