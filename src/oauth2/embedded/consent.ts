import type { Grant } from "oidc-provider";
import type { Context } from "../../context.ts";
import { acceptConsent, interactionOf, reject } from "./interactions.ts";
import type { Interaction } from "./interactions.ts";
import { providerOf } from "./provider.ts";

/** What an application asks somebody for, as the provider tells it: what they have not allowed yet. */
interface Missing {
  readonly missingOIDCScope?: readonly string[];
  readonly missingOIDCClaims?: readonly string[];
  readonly missingResourceScopes?: Readonly<Record<string, readonly string[]>>;
}

const missingIn = ({ details }: Interaction): Missing => details as Missing;

/** What an application asks an account for; undefined where there is no such challenge, or it is for somebody else. */
export async function consentRequestOf(
  ctx: Context,
  challenge: string,
  identityId: string,
): Promise<Interaction | undefined> {
  const interaction = await interactionOf(ctx, challenge, "consent");
  return interaction?.accountId === identityId ? interaction : undefined;
}

/** The scopes that are asked for, each once. */
export function requestedScopes(interaction: Interaction): readonly string[] {
  const { missingOIDCScope: own = [], missingResourceScopes: ofApis = {} } = missingIn(interaction);
  return [...new Set([...own, ...Object.values(ofApis).flat()])];
}

/** The APIs that are asked for, by their addresses. */
export const requestedAudience = (interaction: Interaction): readonly string[] =>
  Object.keys(missingIn(interaction).missingResourceScopes ?? {});

/** Allows all that is asked for, beside what was allowed before, and answers where the browser goes on. */
export async function allow(ctx: Context, interaction: Interaction): Promise<string> {
  const provider = await providerOf(ctx);
  const { stored, accountId, client } = interaction;
  const known = stored.grantId === undefined ? undefined : await provider.Grant.find(stored.grantId);
  const grant: Grant = known ?? new provider.Grant({ accountId: accountId!, clientId: client.clientId });
  const {
    missingOIDCScope: own,
    missingOIDCClaims: claims,
    missingResourceScopes: ofApis = {},
  } = missingIn(interaction);
  if (own) grant.addOIDCScope(own.join(" "));
  if (claims) grant.addOIDCClaims([...claims]);
  for (const [resource, scopes] of Object.entries(ofApis)) grant.addResourceScope(resource, scopes.join(" "));
  return acceptConsent(ctx, interaction, await grant.save());
}

/** Allows nothing, and answers where the browser goes on. */
export const deny = (ctx: Context, interaction: Interaction): Promise<string> =>
  reject(ctx, interaction, "The person did not consent.");
