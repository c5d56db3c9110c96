import type { Context } from "../../context.ts";
import { forcesPkce } from "../../provider/pkce.ts";
import type { ProviderConfig } from "../../provider/provider.ts";

type Parameters = Readonly<Record<string, string>>;

/**
 * Where a provider sends people back to. One for which PKCE is forced shares its address with others of the kind, so that
 * the same client may be registered for several.
 */
export function redirectUriOf({ config }: Context, provider: ProviderConfig): string {
  const base = config.selfservice.methods.oidc.config.base_redirect_uri || config.serve.public.base_url;
  const { id, organization } = namesIn(provider);
  const within = organization ? `organization/${encodeURIComponent(organization)}/` : "";
  // A bridge to SAML has been told the address that Kratos has for SAML.
  const method = provider.provider === "jackson" && id && !organization ? "saml" : "oidc";
  const path = `self-service/methods/${method}/${within}callback${id ? `/${encodeURIComponent(id)}` : ""}`;
  return new URL(path, base.endsWith("/") ? base : `${base}/`).href;
}

/** Whether somebody has come back to the address of this provider, by the parameters of the path. */
export function isCallbackOf(provider: ProviderConfig, parameters: Parameters): boolean {
  const { id, organization } = namesIn(provider);
  return (parameters["provider"] ?? "") === id && (parameters["organization"] ?? "") === organization;
}

/** The names that stand in the path. */
const namesIn = (provider: ProviderConfig) =>
  forcesPkce(provider)
    ? { id: "", organization: "" }
    : { id: provider.id, organization: provider.organization_id ?? "" };
