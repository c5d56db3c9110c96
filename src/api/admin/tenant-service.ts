import { setTimeout as pause } from "node:timers/promises";
import type { JsonObject, MessageInitShape } from "@bufbuild/protobuf";
import { TenantService } from "#gen/ostiary/admin/v1/tenant_service_pb.js";
import type { NewTenant, TenantChange, TenantSchema } from "#gen/ostiary/admin/v1/tenant_service_pb.js";
import type { Config } from "../../config/config.ts";
import { readOverlay } from "../../config/overlay.ts";
import type { Context } from "../../context.ts";
import { openPage, sealPage } from "../../crypto/page-token.ts";
import { isUuid } from "../../db/id.ts";
import { firstId, keysetLink } from "../../db/pages.ts";
import { ErrorReason, problem } from "../../errors.ts";
import { faultsOfMappers } from "../../provider/check-mappers.ts";
import { providersIn } from "../../provider/misconfigurations.ts";
import { faultsOfSchemas } from "../../schema/schemas.ts";
import { defineService } from "../../server/dispatch.ts";
import { faultsOfTemplates, templatesIn } from "../../session/jwt/check-templates.ts";
import { directoryOf } from "../../tenant/directory.ts";
import { faultOfHost, faultOfSlug } from "../../tenant/names.ts";
import { purgeTenant } from "../../tenant/purge.ts";
import { openSettings, sealSettings, withKeptSecrets, withoutSecrets } from "../../tenant/settings.ts";
import type { Settings } from "../../tenant/settings.ts";
import { tenantById, tenantBySlug, tenantsPage } from "../../tenant/statements.ts";
import type { TenantRow } from "../../tenant/statements.ts";
import { beginDeletion, insertTenant, updateTenant } from "../../tenant/write.ts";
import type { WrittenTenant } from "../../tenant/write.ts";
import { defaultTenant } from "../../tenant.ts";
import { presentTime } from "../present-time.ts";

const usualSize = 250;
const largestSize = 1000;
/** How long a deletion may keep its caller waiting, in milliseconds; the rest is done afterwards. */
const patienceMs = 5_000;

/** Serves tenant_service.proto. Tenants are the server's: it makes no difference which one a call names by `x-tenant`. */
export const tenantService = defineService(TenantService, {
  async listTenants({ pageSize, pageToken }, ctx) {
    const size = pageSize < 1 ? usualSize : Math.min(pageSize, largestSize);
    const after = pageToken ? readToken(ctx, pageToken) : firstId;
    const found = await tenantsPage(ctx.db, after, size + 1);
    const shown = found.slice(0, size);
    const next = found.length > size ? writeToken(ctx, shown.at(-1)!.id) : "";
    ctx.call.reply.headers.set("link", keysetLink(ctx.call.url, { size, first: writeToken(ctx, firstId), next }));
    return { tenants: shown.map((row) => presentTenant(ctx, row)), nextPageToken: next };
  },

  async getTenant({ id }, ctx) {
    return { tenant: presentTenant(ctx, await found(ctx, id)) };
  },

  async createTenant({ tenant }, ctx) {
    const { slug, hosts, settings } = readNew(tenant!);
    await assertFit(ctx, { id: defaultTenant.id, hosts }, settings);
    const written = await insertTenant(
      ctx.db,
      { slug, hosts, settings: sealSettings(settings, fileOf(ctx)) },
      ctx.now(),
    );
    const made = await settled(ctx, written);
    ctx.call.reply.location = new URL(`tenants/${made.id}`, ctx.config.serve.admin.base_url).href;
    return { tenant: presentTenant(ctx, made) };
  },

  async updateTenant({ id, tenant }, ctx) {
    const before = await found(ctx, id);
    if (before.id === defaultTenant.id) throw isDefault("changed: it is configured by the server's file");
    if (before.state === "deleting") throw problem(ErrorReason.NOT_FOUND);
    const { row, settings } = changed(ctx, before, tenant!);
    await assertFit(ctx, row, settings);
    return { tenant: presentTenant(ctx, await settled(ctx, await updateTenant(ctx.db, row, ctx.now()))) };
  },

  async deleteTenant({ id }, ctx) {
    const row = await found(ctx, id);
    if (row.id === defaultTenant.id) throw isDefault("deleted");
    if (!(await beginDeletion(ctx.db, row.id, ctx.now())))
      throw problem(ErrorReason.BAD_REQUEST, {
        reason: "The tenant is in use. Deactivate it before you delete it.",
      });
    await directoryOf(ctx.db.database).refresh();
    await Promise.race([purgeTenant(ctx.db.database, row.id, ctx.log), pause(patienceMs, undefined, { ref: false })]);
    return {};
  },
});

const fileOf = ({ db }: Context) => directoryOf(db.database).default.config();

const isDefault = (what: string) =>
  problem(ErrorReason.BAD_REQUEST, { reason: `The default tenant cannot be ${what}.` });

async function found({ db }: Context, id: string): Promise<TenantRow> {
  const row = await (isUuid(id) ? tenantById(db, id.toLowerCase()) : tenantBySlug(db, id.toLowerCase()));
  if (!row) throw problem(ErrorReason.NOT_FOUND, { reason: "The tenant does not exist." });
  return row;
}

async function settled({ db }: Context, written: WrittenTenant): Promise<TenantRow> {
  if (written.kind === "conflict")
    throw problem(ErrorReason.CONFLICT, { reason: "The slug or one of the hosts already belongs to another tenant." });
  await directoryOf(db.database).refresh();
  return written.tenant;
}

function readNew({ slug, hosts, config }: NewTenant) {
  return { slug: readSlug(slug), hosts: readHosts(hosts), settings: (config ?? {}) as Settings };
}

function changed(
  ctx: Context,
  before: TenantRow,
  { slug, hosts, state, config }: TenantChange,
): { row: TenantRow; settings: Settings } {
  const known = openSettings(before.settings, fileOf(ctx));
  const settings = config ? withKeptSecrets(config as Settings, known) : known;
  const row: TenantRow = {
    ...before,
    slug: slug === undefined ? before.slug : readSlug(slug),
    hosts: hosts ? readHosts(hosts.names) : before.hosts,
    state: state === undefined ? before.state : readState(state),
    settings: sealSettings(settings, fileOf(ctx)),
  };
  return { row, settings };
}

function readSlug(slug: string): string {
  const fault = faultOfSlug(slug);
  if (fault) throw problem(ErrorReason.BAD_REQUEST, { reason: fault });
  return slug;
}

function readHosts(hosts: readonly string[]): readonly string[] {
  const names = [...new Set(hosts.map((host) => host.toLowerCase()))];
  for (const fault of names.map(faultOfHost)) if (fault) throw problem(ErrorReason.BAD_REQUEST, { reason: fault });
  return names;
}

function readState(state: string): "active" | "inactive" {
  if (state === "active" || state === "inactive") return state;
  throw problem(ErrorReason.BAD_REQUEST, { reason: "The state of a tenant must be active or inactive." });
}

/** Refuses settings by which nobody could be served. */
async function assertFit(
  ctx: Context,
  owner: { readonly id: string; readonly hosts: readonly string[] },
  settings: Settings,
): Promise<void> {
  const reading = readOverlay(fileOf(ctx), settings, owner);
  const faults = reading.kind === "refused" ? reading.faults : await faultsOfPrograms(ctx, settings, reading.config);
  if (faults.length)
    throw problem(ErrorReason.BAD_REQUEST, { reason: `The settings are invalid: ${faults.slice(0, 8).join("; ")}` });
}

/** What is wrong with the schemas of a tenant, and with the mappers of providers and the templates of tokens that it has itself. */
async function faultsOfPrograms({ log }: Context, settings: Settings, config: Config): Promise<string[]> {
  const templates = templatesIn(settings);
  const [schemas, ...programs] = await Promise.all([
    faultsOfSchemas({ config, log }),
    // The file's own are told of at the start, and keep no tenant from being changed.
    providersIn(settings) ? faultsOfMappers(config) : [],
    faultsOfTemplates(config, (name) => templates.has(name)),
  ]);
  return [...schemas.map(({ sentence }) => sentence), ...programs.flat()];
}

function presentTenant(
  ctx: Context,
  { id, slug, hosts, state, settings, createdAt, updatedAt }: TenantRow,
): MessageInitShape<typeof TenantSchema> {
  const config = withoutSecrets(openSettings(settings, fileOf(ctx))) as JsonObject;
  return {
    id,
    slug,
    hosts: [...hosts],
    state,
    config,
    createdAt: presentTime(createdAt),
    updatedAt: presentTime(updatedAt),
  };
}

const writeToken = ({ config, now }: Context, after: string): string =>
  sealPage({ after }, config.secrets, now().getTime());

function readToken({ config, now }: Context, token: string): string {
  const after = openPage(token, config.secrets, now().getTime())?.["after"];
  if (typeof after !== "string" || !isUuid(after))
    throw problem(ErrorReason.BAD_REQUEST, {
      message: "The page token is invalid or older than an hour.",
    });
  return after;
}
