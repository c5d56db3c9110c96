import { createBoundedCache } from "../bounded-cache.ts";
import type { BoundedCache } from "../bounded-cache.ts";
import type { SecretsConfig } from "../config/config.ts";
import type { Context } from "../context.ts";
import type { Database } from "../db/connection.ts";
import { find } from "../db/query.ts";
import type { RowOf } from "../db/table.ts";
import { directoryOf } from "../tenant/directory.ts";
import { oidcProviders } from "./entities.ts";
import type { ProviderConfig } from "./provider.ts";
import { openProviderSecrets } from "./stored-secrets.ts";
import { readProvider } from "./written-provider.ts";

/** A provider as it is stored. */
export type ProviderRow = RowOf<typeof oidcProviders>;

/** So many of a tenant's providers can be stored. */
export const mostStored = 100;

interface Kept {
  readonly revision: number;
  readonly secrets: SecretsConfig;
  readonly providers: Promise<readonly ProviderConfig[]>;
}

const none: readonly ProviderConfig[] = [];
const mostTenants = 2048;
const caches = new WeakMap<Database, BoundedCache<string, Kept>>();

/**
 * The providers of the tenant that are kept in the database, in the order in which they were made. Each server keeps them in
 * memory until one of them changes: as long as there are none, and while nothing changes, nothing is read.
 */
export async function storedProviders(ctx: Context): Promise<readonly ProviderConfig[]> {
  const { database } = ctx.db;
  const { secrets } = ctx.config;
  const known = directoryOf(database).providersRevision();
  const revision = typeof known === "number" ? known : await known;
  if (revision === 0) return none;
  let cache = caches.get(database);
  if (!cache) caches.set(database, (cache = createBoundedCache(mostTenants)));
  const kept = cache.get(ctx.tenant.id);
  if (kept?.revision === revision && kept.secrets === secrets) return kept.providers;
  const providers = read(ctx);
  cache.set(ctx.tenant.id, { revision, secrets, providers });
  providers.catch(() => cache.delete(ctx.tenant.id));
  return providers;
}

/** As they are by now, whatever the transaction of a call has seen before. */
async function read(ctx: Context): Promise<readonly ProviderConfig[]> {
  const rows = await storedRows({ db: ctx.db.database, tenant: ctx.tenant });
  return rows.flatMap((row) => configOf(ctx, row) ?? []);
}

/** The rows of the providers of a tenant, in the order in which they were made. */
export const storedRows = (reach: Pick<Context, "db" | "tenant">): Promise<ProviderRow[]> =>
  find(reach, oidcProviders, (query) => query.orderBy("id").limit(mostStored));

/** The row of a provider that is kept in the database. */
export async function storedRow(reach: Pick<Context, "db" | "tenant">, id: string): Promise<ProviderRow | undefined> {
  const rows = await find(reach, oidcProviders, (query) => query.where("name", "=", id));
  return rows.find(({ name }) => name === id);
}

/** What may have been stored by another version, or sealed by a lost secret, is told of and left out. */
function configOf(ctx: Context, { name, config, secrets }: ProviderRow): ProviderConfig | undefined {
  const leaveOut = (reason: string) =>
    void ctx.log.error("a provider stored in the database cannot be used", { provider: name, reason });
  const opened = openProviderSecrets(ctx, secrets);
  if (!opened) return leaveOut("Its secrets were encrypted with a key that this server does not have.");
  const reading = readProvider({ ...config, ...opened });
  return reading.kind === "read" ? reading.config : leaveOut(reading.faults.join("; "));
}
