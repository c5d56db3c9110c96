/** The kinds of credentials that an identity may have, as they are named on the wire. */
export const credentialTypes = ["password", "oidc", "totp", "lookup_secret", "webauthn", "code", "passkey", "saml"] as const;

/** Whether there is such a kind of credential. */
export const isCredentialType = (type: string): boolean => (credentialTypes as readonly string[]).includes(type);
