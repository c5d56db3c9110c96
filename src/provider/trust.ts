import { asCompared } from "./mapped-identity.ts";
import type { MappedIdentity, VerifiedAddress } from "./mapped-identity.ts";
import type { Claims, ProviderConfig } from "./provider.ts";

/**
 * What it takes to believe that an address is the person's, where a mapper says so: the mapper's word, as long as the provider
 * does not say otherwise; that the provider itself says so in its claims; at Microsoft, that the owner of the domain is proven;
 * or nothing, where whatever a person or an administrator types in becomes a claim.
 */
type Proof = "mapper" | "claims" | "domain owner" | "none";

const proofs: Readonly<Record<ProviderConfig["provider"], Proof>> = {
  // Says `email_verified` by itself, or gives out an address only once it is verified.
  ...{ apple: "mapper", github: "mapper", "github-app": "mapper", google: "mapper", netid: "mapper" },
  // A server of the operator's choice, which the mapper's author knows.
  ...{
    auth0: "mapper",
    generic: "mapper",
    gitlab: "mapper",
    salesforce: "mapper",
    "fedcm-test": "mapper",
    jackson: "mapper",
  },
  ...{ discord: "claims", line: "claims", linkedin_v2: "claims", patreon: "claims", uaepass: "claims" },
  // The administrator of any tenant sets any address ("nOAuth").
  microsoft: "domain owner",
  ...{ amazon: "none", dingtalk: "none", facebook: "none", lark: "none", linkedin: "none" },
  ...{ slack: "none", spotify: "none", vk: "none", x: "none", yandex: "none" },
};

/** The same identity with those addresses alone of which a provider can be believed that they are the person's. */
export function withProvenAddresses(
  { provider: kind, verified_addresses: decidedBy }: Pick<ProviderConfig, "provider" | "verified_addresses">,
  claims: Claims,
  mapped: MappedIdentity,
): MappedIdentity {
  if (decidedBy === "mapper") return mapped;
  const proven = mapped.verified_addresses.filter((address) => isProven(proofs[kind], claims, address));
  return { ...mapped, verified_addresses: proven };
}

/**
 * Those of a mapper's verified addresses by which an account at a provider may join one that is there already: the provider
 * itself says of them that they are verified, whatever an operator leaves to mappers.
 */
export const addressesToJoinBy = (
  { provider: kind }: Pick<ProviderConfig, "provider">,
  claims: Claims,
  addresses: readonly VerifiedAddress[],
): readonly VerifiedAddress[] =>
  addresses.filter((address) => isProven(proofs[kind] === "mapper" ? "claims" : proofs[kind], claims, address));

function isProven(proof: Proof, claims: Claims, { value, via }: VerifiedAddress): boolean {
  const [claimed, verified] =
    via === "email"
      ? [claims["email"], claims["email_verified"]]
      : [claims["phone_number"], claims["phone_number_verified"]];
  const same = typeof claimed === "string" && asCompared(claimed, via) === value;
  if (proof === "none" || (same && isFalse(verified))) return false;
  if (proof === "mapper") return true;
  return same && isTrue(proof === "claims" ? verified : via === "email" && domainOwnerProven(claims));
}

/** The optional claim by which Microsoft says so stands in the token, and so among the raw claims where they are kept apart. */
function domainOwnerProven({ xms_edov: own, raw_claims: raw }: Claims): unknown {
  return own ?? (raw as Readonly<Record<string, unknown>> | null | undefined)?.["xms_edov"];
}

// Some write truth values as texts or numbers.
const isTrue = (value: unknown): boolean => value === true || value === "true" || value === 1 || value === "1";
const isFalse = (value: unknown): boolean => value === false || value === "false" || value === 0 || value === "0";
