import type { Context } from "../context.ts";
import { isUniqueViolation } from "../db/failure.ts";
import { uuidv7 } from "../db/id.ts";
import { change, insert, remove } from "../db/query.ts";
import { statement } from "../db/statement.ts";
import { countChange } from "../tenant/count-change.ts";
import { oidcProviders } from "./entities.ts";
import { mostStored, storedRow, storedRows } from "./stored-providers.ts";
import type { ProviderRow } from "./stored-providers.ts";

const count = statement(
  "count_provider_change",
  "update tenants set providers_revision = providers_revision + 1 where id = ?",
);

/** What a provider's row says. */
export type ProviderContent = Pick<ProviderRow, "config" | "secrets">;

/** How the writing of a new provider ended. */
export type InsertedProvider =
  | { readonly kind: "written"; readonly row: ProviderRow }
  | { readonly kind: "taken" }
  | { readonly kind: "full" };

/** Keeps a new provider in the database; every server offers it within a second, this one at once. */
export async function insertProvider(ctx: Context, name: string, content: ProviderContent): Promise<InsertedProvider> {
  const now = ctx.now();
  const row: ProviderRow = { id: uuidv7(now.getTime()), createdAt: now, updatedAt: now, name, ...content };
  try {
    return await countChange(ctx, count, async (tx) => {
      if ((await storedRows(tx)).length >= mostStored) return { kind: "full" };
      await insert(tx, oidcProviders, [row]);
      return { kind: "written", row };
    });
  } catch (error) {
    if (isUniqueViolation(error)) return { kind: "taken" };
    throw error;
  }
}

/** Writes another provider in the place of one that is kept in the database; undefined where there is none. */
export const replaceProvider = (
  ctx: Context,
  name: string,
  content: (before: ProviderRow) => ProviderContent,
): Promise<ProviderRow | undefined> =>
  countChange(ctx, count, async (tx) => {
    const before = await storedRow(tx, name);
    if (!before) return undefined;
    const next = { ...content(before), updatedAt: ctx.now() };
    await change(tx, oidcProviders, next, (query) => query.where("id", "=", before.id));
    return { ...before, ...next };
  });

/** Removes a provider from the database; false where there was none. */
export const deleteProvider = (ctx: Context, name: string): Promise<boolean> =>
  countChange(
    ctx,
    count,
    async (tx) => (await remove(tx, oidcProviders, (query) => query.where("name", "=", name))) > 0,
  );
