import type { Config } from "../config/config.ts";
import { sentenceOf } from "../text/sentence.ts";
import { mapperOf } from "./map-claims.ts";

/** Reads the mappers of all providers that people may sign in at, and answers with what is wrong with them, one sentence each. */
export async function faultsOfMappers({
  selfservice,
  clients,
}: Pick<Config, "selfservice" | "clients">): Promise<string[]> {
  const { enabled, config } = selfservice.methods.oidc;
  const faults = await Promise.all(
    (enabled ? config.providers : []).map((provider, index) =>
      mapperOf(provider, clients).then(
        () => undefined,
        (error: unknown) => `selfservice.methods.oidc.config.providers[${index}].mapper_url: ${sentenceOf(error)}`,
      ),
    ),
  );
  return faults.filter((fault) => fault !== undefined);
}
