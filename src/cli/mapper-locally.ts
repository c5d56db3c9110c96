import { randomBytes } from "node:crypto";
import type { JsonObject, MessageInitShape } from "@bufbuild/protobuf";
import type { TryMapperResponseSchema } from "#gen/ostiary/admin/v1/mapper_service_pb.js";
import { presentMapperTest } from "../api/present-mapper-test.ts";
import type { Config } from "../config/config.ts";
import { readConfig } from "../config/load.ts";
import { mapperOf } from "../provider/map-claims.ts";
import { accountIn, readMapper } from "../provider/mapper-program.ts";
import type { MapperLanguage } from "../mapper/program.ts";
import type { Claims } from "../provider/provider.ts";
import { tryMapper } from "../provider/try-mapper.ts";
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
  readonly claims: JsonObject;
  readonly identity?: JsonObject;
  readonly schemaId?: string;
}

/** Tries a mapper in this process. Traits are judged where a configuration names schemas. */
export async function tryLocally(
  surroundings: Surroundings,
  { providerId, program, claims, identity, schemaId }: Trial,
): Promise<MessageInitShape<typeof TryMapperResponseSchema>> {
  const config = configOf(surroundings);
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

function configOf({ files, environment }: Surroundings): Config | undefined {
  if (files.length === 0) return undefined;
  const reading = readConfig({ files, environment, flags: {}, spareSecret: randomBytes(32).toString("hex") });
  if (reading.kind === "refused") throw new Error(reading.faults.join("\n"));
  return reading.config;
}
