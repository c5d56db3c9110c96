import type { CredentialType } from "../identity/kinds/index.ts";

const things: Readonly<Record<CredentialType, string>> = {
  password: "a password",
  oidc: "an account at a provider",
  saml: "an account at a SAML provider",
  totp: "an authenticator app",
  lookup_secret: "backup codes",
  webauthn: "a security key",
  passkey: "a passkey",
  code: "an address for codes",
};

/** What an account has that uses a method. */
export const thingOf = (method: CredentialType): string => things[method];

/** How the configuration lets a method serve so. */
export function switchOf(method: CredentialType, factor: 1 | 2): string {
  if (method === "code")
    return factor === 1
      ? "Set selfservice.methods.code.passwordless_enabled to true."
      : "Set selfservice.methods.code.mfa_enabled to true, and passwordless_enabled to false; mfa_channels says how codes go.";
  if (method === "webauthn")
    return `Set selfservice.methods.webauthn.enabled to true, and config.passwordless to ${factor === 1}.`;
  return `Set selfservice.methods.${method}.enabled to true.`;
}
