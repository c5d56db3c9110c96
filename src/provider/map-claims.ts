import type { Context } from "../context.ts";
import type { ClientsConfig } from "../config/outgoing-config.ts";
import { mapperSourceAt } from "../mapper/program.ts";
import { readMapped } from "./mapped-identity.ts";
import type { MappedIdentity } from "./mapped-identity.ts";
import { MapperFault } from "../mapper/fault.ts";
import { readMapper } from "./mapper-program.ts";
import type { MappedAccount, Mapper } from "./mapper-program.ts";
import { ProviderFailure } from "./provider-failure.ts";
import type { Claims, ProviderConfig } from "./provider.ts";
import { withProvenAddresses } from "./trust.ts";

export type { MappedAccount } from "./mapper-program.ts";
export type { MappedIdentity } from "./mapped-identity.ts";

/**
 * Runs a provider's mapper over its claims; `account` is who is there already, where the mapper changes an account. Of the
 * addresses that the mapper calls verified those are left of which the provider can be believed. Throws a `ProviderFailure`
 * of the step `jsonnet_run` that names the line.
 */
export async function mapClaims(
  { config }: Context,
  provider: ProviderConfig,
  claims: Claims,
  account?: MappedAccount,
): Promise<MappedIdentity> {
  try {
    const mapper = await mapperOf(provider, config.clients);
    return withProvenAddresses(provider, claims, readMapped(mapper.evaluate(claims, account)));
  } catch (error) {
    throw error instanceof MapperFault ? failureOf(provider, error) : error;
  }
}

/** A provider's mapper, as it is now. Throws a MapperFault. */
export async function mapperOf(
  { mapper_url: url, mapper_language: language }: ProviderConfig,
  clients: Pick<ClientsConfig, "http">,
): Promise<Mapper> {
  return readMapper(await mapperSourceAt(url, clients), language);
}

const failureOf = ({ id }: ProviderConfig, fault: MapperFault): ProviderFailure =>
  new ProviderFailure(
    "jsonnet_run",
    fault.reason,
    `The claims of the provider ${JSON.stringify(id)} cannot be mapped. ${fault.message}`,
    { status: 500, cause: fault },
  );
