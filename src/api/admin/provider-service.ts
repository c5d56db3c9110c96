import type { JsonObject, MessageInitShape } from "@bufbuild/protobuf";
import { ProviderService } from "#gen/ostiary/admin/v1/provider_service_pb.js";
import type { ProviderSchema } from "#gen/ostiary/admin/v1/provider_service_pb.js";
import type { Context } from "../../context.ts";
import { ErrorReason, problem } from "../../errors.ts";
import { currentToken } from "../../provider/current-token.ts";
import { faultOfMapper } from "../../provider/check-mappers.ts";
import { examineProvider } from "../../provider/examine.ts";
import { writtenProviders } from "../../provider/misconfigurations.ts";
import type { ProviderConfig } from "../../provider/provider.ts";
import { mostStored, storedRow, storedRows } from "../../provider/stored-providers.ts";
import type { ProviderRow } from "../../provider/stored-providers.ts";
import { openProviderSecrets, sealProviderSecrets } from "../../provider/stored-secrets.ts";
import { deleteProvider, insertProvider, replaceProvider } from "../../provider/write-stored.ts";
import { readProvider, separateSecrets, withHiddenSecrets, withKnownSecrets } from "../../provider/written-provider.ts";
import type { ProviderSecrets, WrittenProvider } from "../../provider/written-provider.ts";
import { defineService } from "../../server/dispatch.ts";
import { presentTime } from "../present-time.ts";

/** Serves provider_service.proto. */
export const providerService = defineService(ProviderService, {
  async listProviders(_request, ctx) {
    const rows = await storedRows(ctx);
    const named = new Map(rows.map((row) => [row.name, row]));
    const file = fileProviders(ctx);
    const ids = new Set([...file.map(({ id }) => id), ...named.keys()]);
    return { providers: [...ids].map((id) => present(ctx, id, named.get(id))) };
  },

  async getProvider({ id }, ctx) {
    const row = await storedRow(ctx, id);
    if (!row && !inFile(ctx, id)) throw noSuchProvider();
    return { provider: present(ctx, id, row) };
  },

  async createProvider({ config = {} }, ctx) {
    // What stands for a secret is none where nothing is known yet.
    const written = withKnownSecrets(config, {});
    const { id } = await accept(ctx, written);
    const inserted = await insertProvider(ctx, id, contentOf(ctx, written));
    if (inserted.kind === "taken")
      throw problem(ErrorReason.CONFLICT, { reason: "A provider of this id is kept in the database already." });
    if (inserted.kind === "full")
      throw problem(ErrorReason.BAD_REQUEST, {
        reason: `There are ${mostStored} providers already: as many as can be.`,
      });
    ctx.call.reply.location = new URL(`providers/${id}`, ctx.config.serve.admin.base_url).href;
    return { provider: present(ctx, id, inserted.row) };
  },

  async replaceProvider({ id, config = {} }, ctx) {
    const before = await stored(ctx, id, "replaced");
    const sent = withId(id, config);
    await accept(ctx, withKnownSecrets(sent, secretsOf(ctx, before)));
    const row = await replaceProvider(ctx, id, (known) =>
      contentOf(ctx, withKnownSecrets(sent, secretsOf(ctx, known))),
    );
    if (!row) throw noSuchProvider();
    return { provider: present(ctx, id, row) };
  },

  async deleteProvider({ id }, ctx) {
    await stored(ctx, id, "deleted");
    if (!(await deleteProvider(ctx, id))) throw noSuchProvider();
    return {};
  },

  async testProvider({ id, config: given = {} }, ctx) {
    const config = Object.keys(given).length ? (given as WrittenProvider) : undefined;
    const row = await storedRow(ctx, id);
    const known = row ? writtenOf(ctx, row) : writtenInFile(ctx, id);
    if (!known && !config) throw noSuchProvider();
    const sent = config && withId(id, config);
    const written = sent ? withKnownSecrets(sent, separateSecrets(known ?? {}).secrets) : known!;
    const reading = sent || row ? readProvider(written) : { kind: "read" as const, config: inFile(ctx, id)! };
    if (reading.kind === "refused")
      return { ok: false, findings: [{ aspect: "settings", ok: false, fault: `${reading.faults.join("; ")}.` }] };
    const findings = await examineProvider(ctx, reading.config, written);
    return {
      ok: findings.every(({ fault }) => fault === undefined),
      findings: findings.map(({ aspect, fault }) => ({ aspect, ok: fault === undefined, fault: fault ?? "" })),
    };
  },

  async getProviderToken({ identityId, provider, subject }, ctx) {
    const { tokens, account } = await currentToken(ctx, identityId, provider, subject || undefined);
    ctx.call.reply.headers.set("cache-control", "no-store");
    return {
      accessToken: tokens.access_token,
      ...(tokens.expires_at !== undefined && { expiresAt: presentTime(new Date(tokens.expires_at)) }),
      scope: tokens.scope ?? "",
      subject: account.subject,
    };
  },
});

const noSuchProvider = () => problem(ErrorReason.NOT_FOUND, { reason: "There is no such provider." });

const fileProviders = ({ config }: Context): readonly ProviderConfig[] =>
  config.selfservice.methods.oidc.config.providers;

const inFile = (ctx: Context, id: string): ProviderConfig | undefined =>
  fileProviders(ctx).find((provider) => provider.id === id);

/** A provider of the file as it is written there; with what defaults have filled in where that is not known. */
const writtenInFile = (ctx: Context, id: string): WrittenProvider | undefined =>
  writtenProviders(ctx.config).find((written) => written["id"] === id) ??
  (inFile(ctx, id) as WrittenProvider | undefined);

async function stored(ctx: Context, id: string, what: string): Promise<ProviderRow> {
  const row = await storedRow(ctx, id);
  if (row) return row;
  if (!inFile(ctx, id)) throw noSuchProvider();
  throw problem(ErrorReason.BAD_REQUEST, {
    reason: `The provider is the configuration's, and cannot be ${what} here. One that is made by its id takes its place.`,
  });
}

function withId(id: string, written: WrittenProvider): WrittenProvider {
  if (written["id"] !== undefined && written["id"] !== id)
    throw problem(ErrorReason.BAD_REQUEST, { reason: "The id of a provider cannot be changed: make another one." });
  return { id, ...written };
}

/** Refuses a provider by which nobody could sign in. */
async function accept(ctx: Context, written: WrittenProvider): Promise<ProviderConfig> {
  const reading = readProvider(written);
  const faults = reading.kind === "refused" ? reading.faults : await faultOfMapper(ctx.config, reading.config);
  if (reading.kind === "refused" || faults.length)
    throw problem(ErrorReason.BAD_REQUEST, { reason: `The provider does not fit: ${faults.slice(0, 8).join("; ")}` });
  return reading.config;
}

function contentOf(ctx: Context, written: WrittenProvider) {
  const { open, secrets } = separateSecrets(written);
  return { config: { ...open }, secrets: sealProviderSecrets(ctx, secrets) };
}

const secretsOf = (ctx: Context, row: ProviderRow): ProviderSecrets => openProviderSecrets(ctx, row.secrets) ?? {};

const writtenOf = (ctx: Context, row: ProviderRow): WrittenProvider => ({ ...row.config, ...secretsOf(ctx, row) });

function present(ctx: Context, id: string, row: ProviderRow | undefined): MessageInitShape<typeof ProviderSchema> {
  if (!row) return { id, source: "file", config: withHiddenSecrets(writtenInFile(ctx, id) ?? {}) as JsonObject };
  return {
    id,
    source: "database",
    config: withHiddenSecrets(writtenOf(ctx, row)) as JsonObject,
    createdAt: presentTime(row.createdAt),
    updatedAt: presentTime(row.updatedAt),
  };
}
