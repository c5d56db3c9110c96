import type { ProviderConfig } from "./provider.ts";

/** Whether PKCE (RFC 7636) is used whatever a provider says of itself. UAE PASS takes it, and says nothing. */
export const forcesPkce = ({ pkce, provider }: Pick<ProviderConfig, "pkce" | "provider">): boolean =>
  pkce === "force" || (pkce === "auto" && provider === "uaepass");
