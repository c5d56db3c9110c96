import type { Config } from "../../config/config.ts";
import { isObject } from "../../schema/limits.ts";
import { errorMessage } from "../../text/error-message.ts";
import { claimsMapperOf } from "./claims.ts";
import { keySetAt, signingKeyIn } from "./key-set.ts";
import type { Template } from "./template.ts";

type Configured = Pick<Config, "session" | "clients">;

/**
 * Reads the keys and the claims mappers of templates of tokens, of all unless some are named, and answers with what is wrong with
 * them, one sentence each.
 */
export async function faultsOfTemplates(
  { session, clients }: Configured,
  only: (name: string) => boolean = () => true,
): Promise<string[]> {
  const templates = Object.entries(session.whoami.tokenizer.templates).filter(([name]) => only(name));
  const faults = await Promise.all(
    templates.map(async ([name, template]) =>
      (await faultsOf(template, clients)).map((fault) => `session.whoami.tokenizer.templates.${name}.${fault}`),
    ),
  );
  return faults.flat();
}

async function faultsOf(template: Template, clients: Config["clients"]): Promise<string[]> {
  const { jwks_url: keys } = template;
  const [keysFault, mapperFault] = await Promise.all([
    keys && faultIn(async () => signingKeyIn(await keySetAt(keys, clients), template)),
    faultIn(() => claimsMapperOf(template, clients)),
  ]);
  return [
    ...(keysFault ? [`jwks_url: ${keysFault}`] : []),
    ...(mapperFault ? [`claims_mapper_url: ${mapperFault}`] : []),
  ];
}

const faultIn = (work: () => Promise<unknown>): Promise<string | undefined> =>
  work().then(() => undefined, errorMessage);

/** The names of the templates that settings define or change. */
export function templatesIn(settings: unknown): ReadonlySet<string> {
  let tree = settings;
  for (const key of ["session", "whoami", "tokenizer", "templates"]) tree = isObject(tree) ? tree[key] : undefined;
  return new Set(isObject(tree) ? Object.keys(tree) : []);
}
