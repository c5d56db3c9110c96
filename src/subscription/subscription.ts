import type { Config } from "../config/config.ts";
import { isUuid } from "../db/id.ts";
import type { Tenant } from "../tenant.ts";
import { defaultTenant } from "../tenant.ts";
import type { StoredState, SubscriptionContent, SubscriptionRow } from "./entities.ts";

/** A subscription as the configuration has it. */
export type ConfiguredSubscription = Config["webhooks"]["subscriptions"][number];

/** A subscription, wherever it is kept. */
export interface Subscription {
  readonly tenant: Tenant;
  readonly id: string;
  readonly content: SubscriptionContent;
  readonly state: StoredState;
  readonly row: SubscriptionRow;
  /** Where it stands in the configuration. */
  readonly configured?: ConfiguredSubscription;
}

/** Those of the configuration that a tenant has: they are the default tenant's, so that no other one's settings have to be read to know of them. */
export const configuredFor = (
  { webhooks }: Pick<Config, "webhooks">,
  { id }: Tenant,
): readonly ConfiguredSubscription[] => (id === defaultTenant.id ? webhooks.subscriptions : []);

/** What a row stands for; undefined where that is in the configuration no more. */
export function subscriptionOf(
  tenant: Tenant,
  row: SubscriptionRow,
  inFile: readonly ConfiguredSubscription[],
): Subscription | undefined {
  if (row.kept !== null) return { tenant, id: row.id, content: row.kept, state: row.state, row };
  const configured = isUuid(row.id) ? undefined : inFile.find(({ id }) => id === row.id);
  if (!configured) return undefined;
  const state = configured.enabled ? row.state : "paused";
  return { tenant, id: row.id, content: configured, state, row, configured };
}
