import type { Context } from "../context.ts";
import type { Flow, Memory } from "../flow/flow.ts";
import type { RegistrationDraft } from "../flow/results.ts";
import { typesNamedFrom } from "../identity/kinds/index.ts";
import type { IdentityWithCredentialsRow } from "../identity/rows.ts";
import { keepAccount, keptAccount } from "../proof/kept-account.ts";
import { linking } from "../proof/linking.ts";
import { configuredProviders } from "../provider/find-provider.ts";
import { givesHints, duplicateIdentifier } from "./duplicate-identifier.ts";

const named = new Set<string>(typesNamedFrom("provider"));

/**
 * What a login flow remembers that goes on where somebody would sign up by a provider and a name of theirs is taken: whoever
 * shows that it is theirs may link. Undefined where there is nothing to link.
 */
export async function offerLinking(
  ctx: Context,
  flow: Flow,
  { credentials }: RegistrationDraft,
  identity: IdentityWithCredentialsRow,
): Promise<Memory | undefined> {
  const kept = keptAccount(ctx, flow);
  if (!kept || !credentials.some(({ type }) => named.has(type))) return undefined;
  const taken = await duplicateIdentifier(ctx, identity);
  if (!taken) return undefined;
  const { identifier, types, providers } = taken;
  const { provider: id } = kept;
  const label = (await configuredProviders(ctx)).find((provider) => provider.id === id)?.label || id;
  return {
    ...linking.with({ identifier, provider: { id, label }, ...(givesHints(ctx) && { hints: { types, providers } }) }),
    ...keepAccount(ctx, kept),
  };
}
