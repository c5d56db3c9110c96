import type { JsonObject } from "oauth4webapi";
import { refuseUnfitClaims } from "./claims-fault.ts";
import { ProviderFailure } from "./provider-failure.ts";
import type { Claims } from "./provider.ts";

/** What mappers see of a token by these names; all that it says is in `raw_claims`. */
const names = [
  "name",
  "given_name",
  "family_name",
  "last_name",
  "middle_name",
  "nickname",
  "preferred_username",
  "profile",
  "picture",
  "website",
  "email",
  "gender",
  "birthdate",
  "zoneinfo",
  "locale",
  "phone_number",
  "phone_number_verified",
  "updated_at",
  "hd",
  "team",
  "oid",
  "nonce",
  "nonce_supported",
  "acr",
  "amr",
];

/** The claims of an ID token, or of an answer of the UserInfo endpoint, as mappers see them. */
export function openidClaims(said: Readonly<Record<string, unknown>>): Claims {
  refuseUnfitClaims(said);
  const { iss, sub, email_verified: verified } = said as JsonObject;
  if (typeof iss !== "string" || typeof sub !== "string" || !iss || !sub)
    throw new ProviderFailure("claims_decode", "claims_invalid", "The provider did not return a user ID.");
  return {
    iss,
    sub,
    ...Object.fromEntries(names.flatMap((name) => (said[name] === undefined ? [] : [[name, said[name]]]))),
    ...(said["locale"] !== undefined && { locale: localeOf(said["locale"]) }),
    // Some write it as a text.
    ...(verified !== undefined && { email_verified: verified === true || verified === "true" }),
    raw_claims: said,
  };
}

/** LinkedIn writes a language and a country. */
function localeOf(said: unknown): unknown {
  const { language, country } = (said ?? {}) as { readonly language?: unknown; readonly country?: unknown };
  if (typeof said !== "object" || typeof language !== "string") return said;
  return typeof country === "string" ? `${language}-${country}` : language;
}

/** The claims of a provider whose UserInfo endpoint alone speaks by the names of OpenID Connect. */
export function standardClaims(said: Readonly<Record<string, unknown>>): Claims {
  const { raw_claims: _, updated_at: at, ...claims } = openidClaims(said);
  // Some write the moment as a text, where the standard has seconds.
  const updated = typeof at === "string" ? Math.floor(Date.parse(at) / 1000) : at;
  return { ...claims, ...(updated !== undefined && !Number.isNaN(updated) && { updated_at: updated }) } as Claims;
}
