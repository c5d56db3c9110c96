import { isRegion } from "../identity/regions.ts";
import { isObject } from "../schema/limits.ts";
import { normalisePhone } from "../schema/normalise.ts";
import { jsonFault } from "../text/json-fault.ts";
import { MapperFault } from "../mapper/fault.ts";
import type { MapperReason } from "../mapper/fault.ts";

/** An address that a mapper says to be the person's. */
export interface VerifiedAddress {
  readonly value: string;
  readonly via: "email" | "sms";
}

/** What a mapper makes of claims. */
export interface MappedIdentity {
  readonly traits: Record<string, unknown>;
  /** Left out where the mapper says nothing of them: then they stay as they are. */
  readonly metadata_public?: Record<string, unknown>;
  readonly metadata_admin?: Record<string, unknown>;
  /** Addresses that the provider has shown to be the person's, as they are compared. */
  readonly verified_addresses: readonly VerifiedAddress[];
  readonly region?: string;
}

/** Reads what a mapper has made: an object with the member `identity`. Throws a MapperFault. */
export function readMapped(outcome: unknown): MappedIdentity {
  const unfit = jsonFault(outcome);
  if (unfit !== undefined) refuse("invalid_output", unfit.replace("The request", "makes JSON that").replace(/\.$/, ""));
  if (!isObject(outcome)) refuse("invalid_output", "did not return an object");
  const identity = memberOf(outcome, "identity") ?? {};
  if (!isObject(identity)) refuse("invalid_output", "returned an `identity` that is not an object");
  const traits = memberOf(identity, "traits");
  if (!isObject(traits)) refuse("invalid_traits", "returned `identity.traits` that is not an object");
  const metadataPublic = metadataOf(identity, "metadata_public");
  const metadataAdmin = metadataOf(identity, "metadata_admin");
  const region = regionOf(identity);
  return {
    traits,
    ...(metadataPublic && { metadata_public: metadataPublic }),
    ...(metadataAdmin && { metadata_admin: metadataAdmin }),
    verified_addresses: verifiedIn(identity),
    ...(region && { region }),
  };
}

function refuse(reason: MapperReason, says: string): never {
  throw new MapperFault(reason, { says });
}

/** A member of its own: `toString` is no trait. */
const memberOf = (object: Readonly<Record<string, unknown>>, name: string): unknown =>
  Object.hasOwn(object, name) ? object[name] : undefined;

function metadataOf(
  identity: Readonly<Record<string, unknown>>,
  name: "metadata_public" | "metadata_admin",
): Record<string, unknown> | undefined {
  const metadata = memberOf(identity, name);
  if (metadata !== undefined && !isObject(metadata))
    refuse(`invalid_${name}`, `returned \`identity.${name}\` that is not an object`);
  return metadata;
}

function regionOf(identity: Readonly<Record<string, unknown>>): string | undefined {
  const region = memberOf(identity, "region");
  if (region === undefined) return undefined;
  if (typeof region !== "string" || (region !== "" && !isRegion(region)))
    refuse("invalid_output", "returned an `identity.region` that is not a region");
  return region;
}

function verifiedIn(identity: Readonly<Record<string, unknown>>): VerifiedAddress[] {
  const listed = memberOf(identity, "verified_addresses") ?? [];
  if (!Array.isArray(listed)) refuse("invalid_output", "returned `identity.verified_addresses` that is not a list");
  return listed.map((entry: unknown) => {
    const { value, via } = isObject(entry) ? entry : {};
    if (typeof value !== "string" || (via !== "email" && via !== "sms"))
      refuse(
        "invalid_output",
        "returned an invalid entry in `identity.verified_addresses`: each needs a `value` (a string) and a `via` (email or sms)",
      );
    return { value: asCompared(value, via), via };
  });
}

/**
 * An address of another site, in the form in which it is compared. Without compatibility forms: whoever has shown that a
 * look-alike is theirs has not shown that of what it looks like.
 */
export const asCompared = (value: string, via: "email" | "sms"): string =>
  (via === "sms" ? normalisePhone(value) : undefined) ?? value.trim().toLowerCase();
