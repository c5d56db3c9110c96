import type { IdentitySchema } from "../schema/identity-schema.ts";
import { validateTraits } from "../schema/validate.ts";
import type { Violation } from "../schema/validate.ts";
import { jsonFault } from "../text/json-fault.ts";
import { readMapped } from "./mapped-identity.ts";
import type { MappedIdentity, VerifiedAddress } from "./mapped-identity.ts";
import { MapperFault } from "../mapper/fault.ts";
import type { MappedAccount, Mapper } from "./mapper-program.ts";
import { mergeTraits } from "./merge-traits.ts";
import type { Claims, ProviderConfig } from "./provider.ts";
import { withProvenAddresses } from "./trust.ts";

/** What to try a mapper with. */
export interface MapperTrial {
  readonly provider: Pick<ProviderConfig, "provider" | "verified_addresses">;
  readonly claims: Claims;
  readonly account?: MappedAccount | undefined;
  /** Judges the traits; nothing does where there is none. */
  readonly schema?: IdentitySchema | undefined;
}

/** What a mapper makes, and how far it can be used. */
export interface TriedMapper {
  /** As it is; left out where the mapper makes nothing, or nothing that could be shown. */
  readonly output?: unknown;
  /** What would be taken from that; left out where it does not do. */
  readonly identity?: MappedIdentity;
  /** The addresses that the mapper calls verified, of which the provider is not believed. */
  readonly unproven: readonly VerifiedAddress[];
  readonly fault?: MapperFault;
  /** What the schema has against the traits, together with those that are known. */
  readonly violations: readonly Violation[];
}

/** Tries a mapper, and answers with whatever comes of it. */
export async function tryMapper(read: () => Promise<Mapper>, trial: MapperTrial): Promise<TriedMapper> {
  const { provider, claims, account, schema } = trial;
  const tried: { output?: unknown } = {};
  try {
    const mapper = await read();
    const output = mapper.evaluate(claims, account);
    if (jsonFault(output) === undefined) tried.output = output;
    const mapped = readMapped(output);
    const identity = withProvenAddresses(provider, claims, mapped);
    return {
      ...tried,
      identity,
      unproven: mapped.verified_addresses.filter((address) => !identity.verified_addresses.includes(address)),
      violations: schema ? validateTraits(schema, mergeTraits(account?.traits ?? {}, mapped.traits)) : [],
    };
  } catch (fault) {
    if (!(fault instanceof MapperFault)) throw fault;
    return { ...tried, unproven: [], fault, violations: [] };
  }
}
