import { createBoundedCache, type BoundedCache } from "../bounded-cache.ts";
import type { Config } from "../config/config.ts";
import { readOverlay } from "../config/overlay.ts";
import type { ConfigStore } from "../config/watch.ts";
import type { Database } from "../db/connection.ts";
import { isUuid } from "../db/id.ts";
import { ErrorReason, problem } from "../errors.ts";
import type { Log } from "../log.ts";
import { defineQuery } from "../peers.ts";
import { defaultTenant, type ServedTenant, type Tenant } from "../tenant.ts";
import { openSettings } from "./settings.ts";
import { tenantByHost, tenantById, tenantBySlug, readRevisions } from "./statements.ts";
import type { TenantRow } from "./statements.ts";

/** A tenant as the directory knows it. */
export interface KnownTenant extends ServedTenant {
  readonly active: boolean;
}

/** Finds tenants. With none but the default one it reads nothing for a call. */
export interface Directory {
  readonly default: KnownTenant;
  /** Whether there is none but the default tenant, as far as is known. */
  readonly single: boolean;
  /** The tenant that is called by a host name; the default one where the name is nobody's. At once where that is known. */
  byHost(host: string): KnownTenant | Promise<KnownTenant>;
  /** The tenant of an id or a slug. */
  byName(name: string): Promise<KnownTenant | undefined>;
  /** The configuration in effect for a tenant; NOT_FOUND where there is none of the id. */
  configOf(tenant: Tenant): Promise<Config>;
  /** How often providers that are kept in the database have been changed, of any tenant; 0 as long as there are none. */
  providersRevision(): number | Promise<number>;
  /** The same for subscriptions to events, as far as is known by now. */
  subscriptionsRevision(): number;
  /** Looks at once whether something has changed, as after a change of one's own, and has the other workers of this server look. */
  refresh(): Promise<void>;
  /** Aborted when the server goes: what is done beside the calls ends. */
  readonly leaving: AbortSignal;
  close(): void;
}

/** How long another server's change of a tenant stays unnoticed at most. */
const lookEveryMs = 1000;
const mostKept = 2048;

/** How long a change waits for the other workers to know of it. */
const refreshTimeoutMs = 500;

const refreshed = defineQuery<null>("tenants");

const directories = new WeakMap<Database, Directory>();

/** The directory of a database that a server runs on. */
export const directoryOf = (database: Database): Directory => directories.get(database)!;

/**
 * Opens the directory of a database, and follows what other servers change in it. A database that cannot be read yet is read
 * when the first call comes.
 */
export function openDirectory(db: Database, store: ConfigStore, log: Log): Directory {
  const byHost = createBoundedCache<string, KnownTenant>(mostKept);
  const byName = createBoundedCache<string, KnownTenant>(mostKept);
  const standard: KnownTenant = { ...defaultTenant, active: true, config: () => store.current() };
  let revision: number | undefined;
  let providers: number | undefined;
  let subscriptions = 0;

  async function refresh(): Promise<void> {
    const now = await readRevisions(db);
    providers = now.providers;
    subscriptions = now.subscriptions;
    if (now.tenants === revision) return;
    revision = now.tenants;
    byHost.clear();
    byName.clear();
  }

  async function look(
    kept: BoundedCache<string, KnownTenant>,
    key: string,
    find: () => Promise<TenantRow | undefined>,
  ): Promise<KnownTenant | undefined> {
    const asOf = revision;
    const row = await find();
    const found = row && (row.id === defaultTenant.id ? standard : served(row, store, log));
    // What was read before a change that has become known meanwhile is not kept.
    if (found && asOf === revision) kept.set(key, found);
    return found;
  }

  async function findByHost(host: string): Promise<KnownTenant> {
    if (revision === undefined) await refresh();
    if (revision === 0) return standard;
    return (await look(byHost, host, () => tenantByHost(db, host))) ?? byHost.set(host, standard);
  }

  const refreshAll = refreshed.answeredBy(async () => {
    await refresh();
    return null;
  });
  const leaving = new AbortController();
  const timer = setInterval(() => void refresh().catch(() => undefined), lookEveryMs).unref();
  const directory: Directory = {
    default: standard,
    get single() {
      return revision === 0;
    },
    byHost(host) {
      if (revision === 0) return standard;
      return byHost.get(host) ?? findByHost(host);
    },
    async byName(name) {
      const key = name.toLowerCase();
      if (key === defaultTenant.id || (revision === 0 && key === "default")) return standard;
      return byName.get(key) ?? look(byName, key, () => (isUuid(key) ? tenantById(db, key) : tenantBySlug(db, key)));
    },
    async configOf({ id }) {
      const tenant = await directory.byName(id);
      if (!tenant) throw problem(ErrorReason.NOT_FOUND, { reason: "The tenant does not exist." });
      return tenant.config();
    },
    providersRevision: () => providers ?? refresh().then(() => providers ?? 0),
    subscriptionsRevision: () => subscriptions,
    refresh: async () => void (await refreshAll(refreshTimeoutMs)),
    leaving: leaving.signal,
    close() {
      clearInterval(timer);
      leaving.abort();
    },
  };
  directories.set(db, directory);
  return directory;
}

function served(row: TenantRow, store: ConfigStore, log: Log): KnownTenant {
  let made: { readonly file: Config; readonly config: Config | undefined } | undefined;
  return {
    id: row.id,
    active: row.state === "active",
    config() {
      const file = store.current();
      if (made?.file !== file) made = { file, config: configFor(row, file, log) ?? made?.config };
      if (!made.config)
        throw problem(ErrorReason.MISCONFIGURED, {
          reason: "The tenant's settings are invalid under the server's configuration.",
        });
      return made.config;
    },
  };
}

function configFor(row: TenantRow, file: Config, log: Log): Config | undefined {
  const reading = readOverlay(file, openSettings(row.settings, file), row);
  if (reading.kind === "read") return reading.config;
  log.error("the settings of a tenant do not fit the server's configuration", {
    tenant: row.slug,
    faults: reading.faults,
  });
  return undefined;
}
