import type { Context } from "../context.ts";
import { sourceAt } from "../outgoing/program.ts";
import { sentenceOf } from "../text/sentence.ts";
import { evaluateMapper } from "./evaluate-mapper.ts";
import type { MappedAccount } from "./evaluate-mapper.ts";
import { readMapped } from "./mapped-identity.ts";
import type { MappedIdentity } from "./mapped-identity.ts";
import { MapperFault } from "./mapper-fault.ts";
import { ProviderFailure } from "./provider-failure.ts";
import type { Claims, ProviderConfig } from "./provider.ts";

export type { MappedAccount } from "./evaluate-mapper.ts";
export type { MappedIdentity } from "./mapped-identity.ts";

/**
 * Runs a provider's mapper over its claims; `account` is who is there already, where the mapper changes an account. Throws
 * a `ProviderFailure` of the step `jsonnet_run` that names the line.
 */
export async function mapClaims(
  ctx: Context,
  provider: ProviderConfig,
  claims: Claims,
  account?: MappedAccount,
): Promise<MappedIdentity> {
  try {
    return readMapped(evaluateMapper(await mapperOf(ctx, provider), claims, account));
  } catch (error) {
    throw error instanceof MapperFault ? failureOf(provider, error) : error;
  }
}

/** The text of a provider's mapper. Throws a MapperFault. */
export async function mapperOf({ config }: Context, { mapper_url: url }: ProviderConfig): Promise<string> {
  try {
    return await sourceAt(url, config.clients);
  } catch (cause) {
    throw new MapperFault("evaluation_failed", `The mapper cannot be fetched: ${sentenceOf(cause)}`, { cause });
  }
}

const failureOf = ({ id }: ProviderConfig, fault: MapperFault): ProviderFailure =>
  new ProviderFailure(
    "jsonnet_run",
    fault.reason,
    `The claims of the provider ${JSON.stringify(id)} cannot be mapped. ${fault.message}`,
    { status: 500, cause: fault },
  );
