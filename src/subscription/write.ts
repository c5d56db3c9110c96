import type { Context } from "../context.ts";
import { statement } from "../db/statement.ts";
import { uuidv7 } from "../db/id.ts";
import { change, find, insert } from "../db/query.ts";
import type { Changes } from "../db/table.ts";
import type { Cause } from "../events/cause.ts";
import type { DomainEvent } from "../events/event-types.ts";
import { record } from "../events/record.ts";
import { countChange } from "../tenant/count-change.ts";
import { type SubscriptionContent, type SubscriptionRow, subscriptions } from "./entities.ts";
import { beginning } from "./find.ts";
import { firstSecrets, openSecrets, rotated, sealSecrets } from "./secrets.ts";

/** So many of a tenant's subscriptions can be kept in the database. */
export const mostKept = 100;

const count = statement(
  "count_subscription_change",
  "update tenants set subscriptions_revision = subscriptions_revision + 1 where id = ?",
);

/** How the making of a subscription ended. */
export type Created = { readonly row: SubscriptionRow; readonly secret: string } | "full";

/** Keeps a new subscription in the database: it begins with what happens from now on. */
export async function createSubscription(ctx: Context, content: SubscriptionContent): Promise<Created> {
  const now = ctx.now();
  const secrets = firstSecrets();
  const begins = await beginning(ctx, now);
  const row: SubscriptionRow = {
    id: uuidv7(now.getTime()),
    createdAt: now,
    updatedAt: now,
    state: "active",
    kept: content,
    secrets: sealSecrets(ctx, secrets),
    ...begins,
    resumedAt: now,
    failingSince: null,
  };
  return countChange(ctx, count, async (tx) => {
    const kept = await find(tx, subscriptions, (query) =>
      query.where("kept", "is not", null).where("state", "<>", "deleted"),
    );
    if (kept.length >= mostKept) return "full";
    await insert(tx, subscriptions, [row]);
    await tell(tx, "subscribe", { type: "SubscriptionCreated", payload: { subscription_id: row.id } });
    return { row, secret: secrets.current };
  });
}

/** Writes what a subscription is from now on; undefined where there is none. */
export const updateSubscription = (
  ctx: Context,
  id: string,
  content: SubscriptionContent,
): Promise<SubscriptionRow | undefined> =>
  changed(ctx, id, ({ kept }) => {
    const changed = (["url", "types", "description"] as const).filter(
      (name) => JSON.stringify(kept![name]) !== JSON.stringify(content[name]),
    );
    const payload = { subscription_id: id, changed };
    return {
      changes: { kept: content, failingSince: null },
      reason: "update_subscription",
      event: { type: "SubscriptionUpdated", payload },
    };
  });

/** Gives a subscription another secret, beside which the one before signs for so long; undefined where there is none. */
export async function rotateSecret(
  ctx: Context,
  id: string,
  overlapMs: number,
): Promise<{ readonly row: SubscriptionRow; readonly secret: string } | undefined> {
  let secret = "";
  const row = await changed(ctx, id, ({ secrets: sealed }) => {
    const until = ctx.now().getTime() + overlapMs;
    // Where what was is lost, it can sign no more, either.
    const before = openSecrets(ctx, sealed!);
    const secrets = before ? rotated(before, until) : firstSecrets();
    secret = secrets.current;
    const payload = { subscription_id: id, previous_until: new Date(until).toISOString() };
    return {
      changes: { secrets: sealSecrets(ctx, secrets) },
      reason: "rotate_subscription",
      event: { type: "SubscriptionSecretRotated", payload },
    };
  });
  return row && { row, secret };
}

/** Sends nothing for the time being; undefined where there is no such subscription. */
export const pauseSubscription = (ctx: Context, id: string): Promise<SubscriptionRow | undefined> =>
  changed(ctx, id, () => ({
    changes: { state: "paused" },
    reason: "pause_subscription",
    event: { type: "SubscriptionPaused", payload: { subscription_id: id } },
  }));

/** Goes on with a subscription, with what has happened meanwhile unless told otherwise; undefined where there is none. */
export async function resumeSubscription(
  ctx: Context,
  id: string,
  fromNow: boolean,
): Promise<SubscriptionRow | undefined> {
  const begins = fromNow ? await beginning(ctx, ctx.now()) : {};
  return changed(ctx, id, () => ({
    changes: { state: "active", resumedAt: ctx.now(), failingSince: null, ...begins },
    reason: "resume_subscription",
    event: { type: "SubscriptionResumed", payload: { subscription_id: id } },
  }));
}

/** Ends a subscription whose receiver wants no more, if it sends; false where somebody was quicker. */
export const disableSubscription = async (ctx: Context, id: string): Promise<boolean> =>
  (await changed(ctx, id, ({ state }) =>
    state === "active"
      ? {
          changes: { state: "disabled" },
          reason: "gone",
          event: { type: "SubscriptionDisabled", payload: { subscription_id: id } },
        }
      : undefined,
  )) !== undefined;

/** Ends a subscription; what hangs on it is deleted piece by piece. False where there is none. */
export const deleteSubscription = async (ctx: Context, id: string): Promise<boolean> =>
  (await changed(ctx, id, () => ({
    changes: { state: "deleted", secrets: null },
    reason: "delete_subscription",
    event: { type: "SubscriptionDeleted", payload: { subscription_id: id } },
  }))) !== undefined;

type Deed = Extract<Cause["reason"], `admin.${string}`> extends `admin.${infer D}` ? D | "gone" : never;

/** What becomes of a subscription, and what is told of that. */
interface Change {
  readonly changes: Changes<(typeof subscriptions)["~columns"] & object>;
  readonly reason: Deed;
  readonly event: DomainEvent;
}

/** Changes a subscription as it is by then; undefined where there is none, or nothing is to be changed. */
const changed = (
  ctx: Context,
  id: string,
  deed: (row: SubscriptionRow) => Change | undefined,
): Promise<SubscriptionRow | undefined> =>
  countChange(ctx, count, async (tx) => {
    const [row] = await find(tx, subscriptions, (query) => query.where("id", "=", id).where("state", "<>", "deleted"));
    const wanted = row && deed(row);
    if (!wanted) return undefined;
    const changes = { ...wanted.changes, updatedAt: ctx.now() };
    await change(tx, subscriptions, changes, (query) => query.where("id", "=", id));
    await tell(tx, wanted.reason, wanted.event);
    return { ...row, ...changes } as SubscriptionRow;
  });

const tell = (tx: Context, deed: Deed, event: DomainEvent): Promise<void> =>
  record(tx, { reason: deed === "gone" ? "subscription.gone" : `admin.${deed}` }, event);
