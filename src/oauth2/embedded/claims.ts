import type { IdentityRow } from "../../identity/rows.ts";
import { isObject } from "../../schema/limits.ts";

/** The claims that each scope gives (OpenID Connect Core, 5.4). */
export const claimsOfScopes = {
  openid: ["sub", "acr", "amr"],
  email: ["email", "email_verified"],
  phone: ["phone_number", "phone_number_verified"],
  profile: [
    ...["name", "given_name", "family_name", "middle_name", "nickname", "preferred_username", "profile", "picture"],
    ...["website", "gender", "birthdate", "zoneinfo", "locale", "updated_at"],
  ],
  address: ["address"],
} as const;

const profileClaims = claimsOfScopes.profile.filter((name) => name !== "name" && name !== "updated_at");

/** What an account says of itself by the claims of OpenID Connect (Core, 5.1): its addresses, and traits of the same names. */
export function claimsOf({
  id,
  traits,
  verifiableAddresses,
  updatedAt,
}: IdentityRow): { sub: string } & Record<string, unknown> {
  const email = addressOf(verifiableAddresses, "email") ?? textIn(traits, "email");
  const phone = addressOf(verifiableAddresses, "sms") ?? textIn(traits, "phone_number") ?? textIn(traits, "phone");
  return {
    sub: id,
    ...nameOf(traits),
    ...Object.fromEntries(profileClaims.flatMap((name) => entryOf(name, traits[name]))),
    ...entriesOf(
      "preferred_username",
      textIn(traits, "preferred_username")?.value ?? textIn(traits, "username")?.value,
    ),
    ...(email && { email: email.value, email_verified: email.verified }),
    ...(phone && { phone_number: phone.value, phone_number_verified: phone.verified }),
    ...(isObject(traits["address"]) && { address: traits["address"] }),
    updated_at: Math.floor(updatedAt.getTime() / 1000),
  };
}

interface Told {
  readonly value: string;
  readonly verified: boolean;
}

/** The first address that is verified, else the first. */
function addressOf(addresses: IdentityRow["verifiableAddresses"], via: "email" | "sms"): Told | undefined {
  const own = addresses.filter((address) => address.via === via);
  return own.find(({ verified }) => verified) ?? own[0];
}

function textIn(traits: IdentityRow["traits"], name: string): Told | undefined {
  const value = traits[name];
  return typeof value === "string" ? { value, verified: false } : undefined;
}

/** A name is a text, or the parts of one as Kratos' presets have it. */
function nameOf({ name, given_name: given, family_name: family }: IdentityRow["traits"]): Record<string, string> {
  if (typeof name === "string") return { name };
  const first = isObject(name) ? name["first"] : given;
  const last = isObject(name) ? name["last"] : family;
  const parts = [first, last].filter((part) => typeof part === "string" && part !== "");
  return {
    ...(parts.length && { name: parts.join(" ") }),
    ...entriesOf("given_name", first),
    ...entriesOf("family_name", last),
  };
}

const entryOf = (name: string, value: unknown): [string, string][] =>
  typeof value === "string" && value !== "" ? [[name, value]] : [];

const entriesOf = (name: string, value: unknown): Record<string, string> => Object.fromEntries(entryOf(name, value));
