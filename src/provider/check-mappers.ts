import type { Config } from "../config/config.ts";
import { errorMessage } from "../text/error-message.ts";
import { mapperOf } from "./map-claims.ts";
import type { ProviderConfig } from "./provider.ts";

/** What is wrong with a provider's mapper. */
export const faultOfMapper = ({ clients }: Pick<Config, "clients">, provider: ProviderConfig): Promise<string[]> =>
  mapperOf(provider, clients).then(
    () => [],
    (error: unknown) => [`mapper_url: ${errorMessage(error)}`],
  );

/** Reads the mappers of all providers that people may sign in at, and answers with what is wrong with them, one sentence each. */
export async function faultsOfMappers(config: Pick<Config, "selfservice" | "clients">): Promise<string[]> {
  const { enabled, config: method } = config.selfservice.methods.oidc;
  const faults = await Promise.all(
    (enabled ? method.providers : []).map(async (provider, index) =>
      (await faultOfMapper(config, provider)).map(
        (fault) => `selfservice.methods.oidc.config.providers[${index}].${fault}`,
      ),
    ),
  );
  return faults.flat();
}
