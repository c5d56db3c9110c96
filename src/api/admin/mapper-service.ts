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
import type { Template } from "../../session/jwt/template.ts";
import { claimsMapperOf, readClaimsMapper } from "../../session/jwt/claims.ts";
import { readShownSession, tryTemplate } from "../../session/jwt/try-template.ts";
import { presentMapperTest, presentTemplateTest } from "../present-mapper-test.ts";

/** Serves mapper_service.proto. */
export const mapperService = defineService(MapperService, {
  async tryMapper({ trial }, ctx) {
    if (!trial) throw problem(ErrorReason.BAD_REQUEST, { reason: "The request has no body." });
    return trial.session || trial.sessionTemplate ? tryOnSession(ctx, trial) : tryOnClaims(ctx, trial);
  },
});

async function tryOnClaims(ctx: Context, trial: MapperTrial) {
  const { claims, identity, schemaId } = trial;
  const program = programIn(trial);
  const provider = await providerOf(ctx, trial);
  if (!program && !provider) throw problem(ErrorReason.BAD_REQUEST, { reason: "Name a provider, or give a program." });
  const schemas = schemasOf(ctx);
  return presentMapperTest(
    await tryMapper(
      () => (program ? readMapper(program.source, program.language) : mapperOf(provider!, ctx.config.clients)),
      {
        provider: provider ?? { provider: "generic", verified_addresses: "proven" },
        claims: (claims ?? {}) as Claims,
        account: identity && accountIn(identity),
        schema: await (schemaId ? schemas.get(schemaId) : schemas.default()),
      },
    ),
  );
}

async function tryOnSession(ctx: Context, trial: MapperTrial) {
  const { session: document, sessionTemplate: name, providerId, claims, identity, schemaId } = trial;
  if (providerId || claims || identity || schemaId)
    throw problem(ErrorReason.BAD_REQUEST, {
      reason: "A session template takes a session: no provider_id, claims, identity or schema_id.",
    });
  const session = document && readShownSession(document);
  if (!session)
    throw problem(ErrorReason.BAD_REQUEST, {
      reason: "The session must be as whoami answers it: with id, expires_at and identity.id.",
    });
  const program = programIn(trial);
  if (!program && !name)
    throw problem(ErrorReason.BAD_REQUEST, { reason: "Name a session template, or give a program." });
  const { serve, clients } = ctx.config;
  const template = name ? templateOf(ctx, name) : undefined;
  return presentTemplateTest(
    await tryTemplate(
      () => (program ? readClaimsMapper(program.source, program.language) : claimsMapperOf(template!, clients)),
      { template, session, issuer: serve.public.base_url, now: ctx.now() },
    ),
  );
}

const programIn = ({ program }: MapperTrial) =>
  program && { source: program.source, language: (program.language || "jsonnet") as MapperLanguage };

function templateOf({ config }: Context, name: string): Template {
  const { templates } = config.session.whoami.tokenizer;
  if (!Object.hasOwn(templates, name))
    throw problem(ErrorReason.NOT_FOUND, { reason: "There is no such session template." });
  return templates[name]!;
}

async function providerOf(ctx: Context, { providerId }: MapperTrial): Promise<ProviderConfig | undefined> {
  if (!providerId) return undefined;
  const provider = (await configuredProviders(ctx)).find(({ id }) => id === providerId);
  if (!provider) throw problem(ErrorReason.NOT_FOUND, { reason: "There is no such provider." });
  return provider;
}
