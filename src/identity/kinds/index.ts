import { code } from "./code.ts";
import type { CredentialKind } from "./kind.ts";
import { lookupSecret } from "./lookup-secret.ts";
import { oidc } from "./oidc.ts";
import { passkey } from "./passkey.ts";
import { password } from "./password.ts";
import { saml } from "./saml.ts";
import { totp } from "./totp.ts";
import { webauthn } from "./webauthn.ts";

/** The kinds of credentials that an identity may have, by their names on the wire. */
const kinds = {
  password,
  oidc,
  totp,
  lookup_secret: lookupSecret,
  webauthn,
  code,
  passkey,
  saml,
} satisfies Record<string, CredentialKind>;

/** The name of a kind of credential on the wire. */
export type CredentialType = keyof typeof kinds;

/** All kinds, with their names. */
export const credentialKinds = Object.entries(kinds) as readonly (readonly [CredentialType, CredentialKind])[];

/** Whether there is such a kind of credential. */
export const isCredentialType = (type: string): type is CredentialType => Object.hasOwn(kinds, type);

/** A kind of credential by its name. One that is not known, as another version may have stored it, is good for nothing. */
export const kindOf = (type: string): CredentialKind => (isCredentialType(type) ? kinds[type] : {});

/** The kinds whose names come from there. */
export const typesNamedFrom = (from: "traits" | "provider"): CredentialType[] =>
  credentialKinds.flatMap(([type, { naming }]) => (naming?.from === from ? [type] : []));
