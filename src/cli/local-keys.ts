import { apiKeysPage, createApiKey, revokeApiKey, type ApiKeyRow } from "../access/api-keys.ts";
import { assertGrantable } from "../access/grantable.ts";
import { servicesOf } from "../app/services.ts";
import { firstId } from "../db/pages.ts";
import { explanationOf } from "../errors.ts";
import { scopesOf } from "../server/access-demand.ts";
import type { CommandCall } from "./command.ts";
import { onDatabase } from "./local-server.ts";

/** What is asked for of a new key. */
export interface WantedKey {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly allTenants: boolean;
  readonly expiresAt: Date | null;
}

/** A key as it is listed. */
export interface ListedKey {
  readonly id: string;
  readonly name: string;
  readonly hint: string;
  readonly scopes: readonly string[];
  readonly all_tenants: boolean;
  readonly expires_at?: string;
  readonly last_used_at?: string;
}

/** Creates a key in the database of a configuration. */
export const createLocally = (call: CommandCall, wanted: WantedKey): Promise<ListedKey & { secret: string }> =>
  onDatabase(call, async (ctx) => {
    try {
      assertGrantable(ctx, wanted, scopesOf(servicesOf.admin().map(({ desc }) => desc)));
    } catch (error) {
      throw new Error(explanationOf(error), { cause: error });
    }
    const { key, secret } = await createApiKey(ctx, wanted);
    return { ...shown(key), secret };
  });

/** The keys in the database of a configuration. */
export const listLocally = (call: CommandCall): Promise<ListedKey[]> =>
  onDatabase(call, async (ctx) => {
    const all: ApiKeyRow[] = [];
    for (;;) {
      const page = await apiKeysPage(ctx, all.at(-1)?.id ?? firstId, pageSize);
      all.push(...page);
      if (page.length < pageSize) return all.map(shown);
    }
  });

const pageSize = 500;

/** Revokes a key in the database of a configuration. */
export const revokeLocally = (call: CommandCall, id: string): Promise<void> =>
  onDatabase(call, async (ctx) => {
    if (!(await revokeApiKey(ctx, id))) throw new Error("The API key does not exist.");
  });

const shown = ({ id, name, hint, scopes, allTenants, expiresAt, lastUsedAt }: ApiKeyRow): ListedKey => ({
  id,
  name,
  hint,
  scopes,
  all_tenants: allTenants,
  ...(expiresAt && { expires_at: expiresAt.toISOString() }),
  ...(lastUsedAt && { last_used_at: lastUsedAt.toISOString() }),
});
