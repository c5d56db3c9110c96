import type { AuthorizationRequest, ProviderConfig } from "./provider.ts";

/** What a provider of the family of OpenID Connect is asked with: claims one by one, and that somebody proves anew who they are. */
export const openidParameters = (
  { refresh }: AuthorizationRequest,
  { requested_claims: claims }: ProviderConfig,
): Record<string, string> => ({
  ...(refresh && { prompt: "login" }),
  ...(claims && { claims: JSON.stringify(claims) }),
});
