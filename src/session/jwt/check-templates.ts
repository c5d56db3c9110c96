import type { Config } from "../../config/config.ts";
import { mapperSourceAt } from "../../mapper/program.ts";
import { errorMessage } from "../../text/error-message.ts";
import { readClaimsMapper } from "./claims.ts";
import { keySetAt, signingKeyIn } from "./key-set.ts";
import type { Template } from "./template.ts";

type Configured = Pick<Config, "session" | "clients">;

/** Reads the keys and the claims mappers of all templates of tokens, and answers with what is wrong with them, one sentence each. */
export async function faultsOfTemplates({ session, clients }: Configured): Promise<string[]> {
  const faults = await Promise.all(
    Object.entries(session.whoami.tokenizer.templates).map(async ([name, template]) =>
      (await faultsOf(template, clients)).map((fault) => `session.whoami.tokenizer.templates.${name}.${fault}`),
    ),
  );
  return faults.flat();
}

async function faultsOf(template: Template, clients: Config["clients"]): Promise<string[]> {
  const { jwks_url: keys, claims_mapper_url: mapper, claims_mapper_language: language } = template;
  const [keysFault, mapperFault] = await Promise.all([
    keys && faultIn(async () => signingKeyIn(await keySetAt(keys, clients), template)),
    mapper && faultIn(async () => readClaimsMapper(await mapperSourceAt(mapper, clients), language)),
  ]);
  return [
    ...(keysFault ? [`jwks_url: ${keysFault}`] : []),
    ...(mapperFault ? [`claims_mapper_url: ${mapperFault}`] : []),
  ];
}

const faultIn = (work: () => Promise<unknown>): Promise<string | undefined> =>
  work().then(() => undefined, errorMessage);
