import type { ConfigStore } from "../config/watch.ts";
import type { Config } from "../config/config.ts";
import type { Database } from "../db/connection.ts";
import { inEveryDialect } from "../db/json-sql.ts";
import { decoderOf, selectList } from "../db/row.ts";
import { statement } from "../db/statement.ts";
import { defaultTenant } from "../tenant.ts";
import type { Directory } from "../tenant/directory.ts";
import { subscriptions } from "./entities.ts";
import { beginConfigured } from "./find.ts";
import { configuredFor, type Subscription, subscriptionOf } from "./subscription.ts";

/** The subscriptions of all tenants, as a server knows them. */
export interface Registry {
  /** As they are by now. While nothing changes nothing is read, and where there are none nothing ever. */
  current(): Promise<readonly Subscription[]>;
}

/** Tenants that are deleted take their subscriptions along, and nobody is told. */
const goodForMs = 60_000;

const all = statement(
  "all_subscriptions",
  inEveryDialect((sql) => `select s.nid, ${selectList(sql, subscriptions, "s")} from subscriptions s order by s.id`),
);

const decode = decoderOf(subscriptions);

interface Known {
  readonly revision: number;
  readonly webhooks: Config["webhooks"];
  readonly readAt: number;
  readonly subscriptions: readonly Subscription[];
}

const none: readonly Subscription[] = [];

/** What a registry reads by. */
export interface RegistryParts {
  readonly db: Database;
  readonly store: ConfigStore;
  readonly directory: Directory;
  readonly now: () => Date;
}

/** Makes the registry of a server. */
export function createRegistry({ db, store, directory, now }: RegistryParts): Registry {
  let known: Known | undefined;

  async function read(revision: number, { webhooks }: Config): Promise<readonly Subscription[]> {
    const inFile = configuredFor({ webhooks }, defaultTenant);
    const look = async () => {
      const found = await db.read<{ nid: string }>(all, []);
      return found.map((row) => ({ tenant: { id: row.nid }, row: decode(row) }));
    };
    let rows = await look();
    const own = rows.filter(({ tenant }) => tenant.id === defaultTenant.id).map(({ row }) => row);
    if (await beginConfigured({ db, tenant: defaultTenant }, inFile, own, now())) rows = await look();
    const read = rows.flatMap(
      ({ tenant, row }) => subscriptionOf(tenant, row, configuredFor({ webhooks }, tenant)) ?? [],
    );
    known = { revision, webhooks, readAt: performance.now(), subscriptions: read };
    return read;
  }

  return {
    async current() {
      const config = store.current();
      const revision = directory.subscriptionsRevision();
      if (revision === 0 && config.webhooks.subscriptions.length === 0) return none;
      const isGood =
        known?.revision === revision &&
        known.webhooks === config.webhooks &&
        performance.now() - known.readAt < goodForMs;
      return isGood ? known!.subscriptions : read(revision, config);
    },
  };
}
