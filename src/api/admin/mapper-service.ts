import { MapperService } from "#gen/ostiary/admin/v1/mapper_service_pb.js";
import type { MapperTrial } from "#gen/ostiary/admin/v1/mapper_service_pb.js";
import type { Context } from "../../context.ts";
import { ErrorReason, problem } from "../../errors.ts";
import { configuredProviders } from "../../provider/find-provider.ts";
import { mapperOf } from "../../provider/map-claims.ts";
import { accountIn, readMapper } from "../../provider/mapper-program.ts";
import type { MapperLanguage } from "../../mapper/program.ts";
import type { Claims, ProviderConfig } from "../../provider/provider.ts";
import { tryMapper } from "../../provider/try-mapper.ts";
import { schemasOf } from "../../schema/schemas.ts";
import { defineService } from "../../server/dispatch.ts";
import { presentMapperTest } from "../present-mapper-test.ts";

/** Serves mapper_service.proto. */
export const mapperService = defineService(MapperService, {
  async tryMapper({ trial }, ctx) {
    if (!trial) throw problem(ErrorReason.BAD_REQUEST, { reason: "The request has no body." });
    const { program, claims, identity, schemaId } = trial;
    const provider = await providerOf(ctx, trial);
    if (!program && !provider)
      throw problem(ErrorReason.BAD_REQUEST, { reason: "Name a provider, or give a program." });
    const schemas = schemasOf(ctx);
    return presentMapperTest(
      await tryMapper(
        () =>
          program
            ? readMapper(program.source, (program.language || "jsonnet") as MapperLanguage)
            : mapperOf(provider!, ctx.config.clients),
        {
          provider: provider ?? { provider: "generic", verified_addresses: "proven" },
          claims: (claims ?? {}) as Claims,
          account: identity && accountIn(identity),
          schema: await (schemaId ? schemas.get(schemaId) : schemas.default()),
        },
      ),
    );
  },
});

async function providerOf(ctx: Context, { providerId }: MapperTrial): Promise<ProviderConfig | undefined> {
  if (!providerId) return undefined;
  const provider = (await configuredProviders(ctx)).find(({ id }) => id === providerId);
  if (!provider) throw problem(ErrorReason.NOT_FOUND, { reason: "There is no such provider." });
  return provider;
}
