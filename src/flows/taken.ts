import type { Context } from "../context.ts";
import { isFirstFactor } from "../identity/factors.ts";
import type { CredentialContent } from "../identity/kinds/kind.ts";
import { providersOf } from "../identity/kinds/linked.ts";
import { findCredentialsBehind } from "../identity/repository.ts";
import type { IdentityWithCredentialsRow } from "../identity/rows.ts";
import { duplicateCredentials, duplicateCredentialsWithHints } from "../ui/messages.ts";
import type { Message } from "../ui/message.ts";

/**
 * What is said where a name of an account in the making is another's: what its owner has for a first factor too, if that
 * is configured, and as Kratos has it whether or not the method is on.
 */
export async function whatIsTaken(ctx: Context, { credentials }: IdentityWithCredentialsRow): Promise<Message> {
  const { security, selfservice } = ctx.config;
  if (!selfservice.flows.registration.login_hints || security.account_enumeration.mitigate)
    return duplicateCredentials();
  for (const name of new Set(credentials.flatMap(({ identifiers }) => identifiers))) {
    const found = await findCredentialsBehind(ctx, name);
    if (found.length > 0) return hints(name, found.filter(isFirstFactor));
  }
  return duplicateCredentials();
}

const hints = (name: string, credentials: readonly CredentialContent[]) =>
  duplicateCredentialsWithHints(name, credentials.map(({ type }) => type).toSorted(), credentials.flatMap(providersOf));
