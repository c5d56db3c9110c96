import { randomBytes } from "node:crypto";
import type { JsonObject, MessageInitShape } from "@bufbuild/protobuf";
import type { TryMapperResponseSchema } from "#gen/ostiary/admin/v1/mapper_service_pb.js";
import { presentMapperTest, presentTemplateTest } from "../api/present-mapper-test.ts";
import type { Config } from "../config/config.ts";
import { readConfig } from "../config/load.ts";
import { mapperOf } from "../provider/map-claims.ts";
import { accountIn, readMapper } from "../provider/mapper-program.ts";
import type { MapperLanguage } from "../mapper/program.ts";
import type { Claims } from "../provider/provider.ts";
import { tryMapper } from "../provider/try-mapper.ts";
import { claimsMapperOf, readClaimsMapper } from "../session/jwt/claims.ts";
import { readShownSession, tryTemplate } from "../session/jwt/try-template.ts";
import { schemasOf } from "../schema/schemas.ts";

/** Where a mapper is tried without a server: by itself where no file of a configuration is named. */
interface Surroundings {
  readonly files: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
}

/** What is tried: a program, or the mapper of a provider that is configured. */
export interface Trial {
  readonly providerId?: string;
  readonly program?: { readonly source: string; readonly language: MapperLanguage };
  readonly claims?: JsonObject;
  readonly identity?: JsonObject;
  readonly schemaId?: string;
  readonly session?: JsonObject;
  readonly sessionTemplate?: string;
}

/** Tries a mapper in this process. Traits are judged where a configuration names schemas. */
export async function tryLocally(
  surroundings: Surroundings,
  trial: Trial,
): Promise<MessageInitShape<typeof TryMapperResponseSchema>> {
  const config = configOf(surroundings);
  return trial.session ? tryOnSession(config, trial, trial.session) : tryOnClaims(config, trial);
}

async function tryOnClaims(config: Config | undefined, { providerId, program, claims, identity, schemaId }: Trial) {
  if (!config && (providerId !== undefined || schemaId !== undefined))
    throw new Error("needs -c or --endpoint to find providers and schemas.");
  const provider = config?.selfservice.methods.oidc.config.providers.find(({ id }) => id === providerId);
  if (providerId !== undefined && !provider) throw new Error("cannot find this provider in the configuration.");
  if (schemaId !== undefined && !config?.identity.schemas.some(({ id }) => id === schemaId))
    throw new Error("cannot find this schema in the configuration.");
  const schemas = config && schemasOf({ config });
  const tried = await tryMapper(
    () => (program ? readMapper(program.source, program.language) : mapperOf(provider!, config!.clients)),
    {
      provider: provider ?? { provider: "generic", verified_addresses: "proven" },
      claims: claims as unknown as Claims,
      account: identity && accountIn(identity),
      schema: await (schemaId === undefined ? schemas?.default() : schemas?.get(schemaId)),
    },
  );
  return presentMapperTest(tried);
}

/** The issuer of tokens where no configuration says how clients reach a server. */
const usualIssuer = "http://127.0.0.1:4433/";

async function tryOnSession(
  config: Config | undefined,
  { program, sessionTemplate: name }: Trial,
  document: JsonObject,
) {
  const session = readShownSession(document);
  if (!session) throw new Error("needs a session as whoami answers it: with id, expires_at and identity.id.");
  if (!config && name !== undefined) throw new Error("needs -c or --endpoint to find session templates.");
  const templates = config?.session.whoami.tokenizer.templates ?? {};
  if (name !== undefined && !Object.hasOwn(templates, name))
    throw new Error("cannot find this session template in the configuration.");
  const template = name === undefined ? undefined : templates[name];
  const tried = await tryTemplate(
    () => (program ? readClaimsMapper(program.source, program.language) : claimsMapperOf(template!, config!.clients)),
    { template, session, issuer: config?.serve.public.base_url ?? usualIssuer, now: new Date() },
  );
  return presentTemplateTest(tried);
}

function configOf({ files, environment }: Surroundings): Config | undefined {
  if (files.length === 0) return undefined;
  const reading = readConfig({ files, environment, flags: {}, spareSecret: randomBytes(32).toString("hex") });
  if (reading.kind === "refused") throw new Error(reading.faults.join("\n"));
  return reading.config;
}
