import { nativeRules, verifierBy } from "../native.ts";
import { openidProviders } from "../openid.ts";
import type { Provider, ProviderConfig } from "../provider.ts";

const offline = "offline_access";

const openid = openidProviders({
  issuer: "https://accounts.google.com",
  // Google asks for it by a parameter of its own.
  scope: (scope) => scope.filter((name) => name !== offline),
  parameters: ({ scope }) => ({ ...(scope.includes(offline) && { access_type: "offline" }) }),
  native: nativeRules.google,
});

/** Google, by the browser, by its SDKs and by FedCM. */
export const create = (config: ProviderConfig): Provider => ({
  ...openid(config),
  // Browsers know nonces, as some devices do not.
  verifyFedcm: verifierBy(config, { ...nativeRules.google, worksWithoutNonce: () => false }),
});
