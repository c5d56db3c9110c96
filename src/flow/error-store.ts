import type { Context } from "../context.ts";
import { isUuid, uuidv7 } from "../db/id.ts";
import { change, find, insert } from "../db/query.ts";
import type { RowOf } from "../db/table.ts";
import { csrfHash, csrfTokenOf } from "./csrf.ts";
import { flowErrors } from "./entities.ts";

/** An error that is kept for the page that shows errors. */
export type StoredError = RowOf<typeof flowErrors>;

/** Keeps an error for the browser that made the request, and tells by which id it is found. */
export async function storeError(ctx: Context, error: Record<string, unknown>): Promise<string> {
  const now = ctx.now();
  const id = uuidv7(now.getTime());
  const token = csrfTokenOf(ctx);
  await insert(ctx, flowErrors, [
    { id, error, csrfHash: token ? csrfHash(token) : null, seenAt: null, createdAt: now, updatedAt: now },
  ]);
  return id;
}

/** An error that was kept, and from now on counts as seen. Undefined where there is none. */
export async function showError(ctx: Context, id: string): Promise<StoredError | undefined> {
  if (!isUuid(id)) return undefined;
  const [kept] = await find(ctx, flowErrors, (query) => query.where("id", "=", id.toLowerCase()));
  if (kept)
    await change(ctx, flowErrors, { seenAt: ctx.now() }, (query) =>
      query.where("id", "=", kept.id).where("seenAt", "is", null),
    );
  return kept;
}
