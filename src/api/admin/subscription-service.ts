import { timestampMs } from "@bufbuild/protobuf/wkt";
import type { Timestamp } from "@bufbuild/protobuf/wkt";
import { SubscriptionService } from "#gen/ostiary/admin/v1/subscription_service_pb.js";
import type { Context } from "../../context.ts";
import { openPage, sealPage } from "../../crypto/page-token.ts";
import { ErrorReason, problem } from "../../errors.ts";
import { sequenceAt } from "../../events/cursor.ts";
import { lastGiven, lastRemoved } from "../../events/read.ts";
import { defineService } from "../../server/dispatch.ts";
import { forbidKeeping } from "../../session/carrier.ts";
import { findDelivery, listDeliveries } from "../../subscription/deliveries.ts";
import type { DeliveryRow, SubscriptionRow } from "../../subscription/entities.ts";
import { findSubscription, listSubscriptions } from "../../subscription/find.ts";
import { replayDelivery, replayRange, type ReplayRange } from "../../subscription/replay.ts";
import { type Subscription, subscriptionOf, configuredFor } from "../../subscription/subscription.ts";
import { trySubscription } from "../../subscription/try.ts";
import {
  createSubscription,
  deleteSubscription,
  mostKept,
  pauseSubscription,
  resumeSubscription,
  rotateSecret,
  updateSubscription,
} from "../../subscription/write.ts";
import { openKeysetPage } from "../keyset-page.ts";
import { eventDocument } from "./event-document.ts";
import { presentAttempt, presentDelivery, presentSubscription, readDeliveryState } from "./present-subscription.ts";
import { readContent, readOverlap } from "./read-subscription.ts";

/** Serves subscription_service.proto. */
export const subscriptionService = defineService(SubscriptionService, {
  async createSubscription({ subscription: wanted }, ctx) {
    const created = await createSubscription(ctx, readContent(ctx, wanted));
    if (created === "full")
      throw problem(ErrorReason.BAD_REQUEST, {
        reason: `There are ${mostKept} subscriptions already: as many as can be.`,
      });
    forbidKeeping(ctx);
    ctx.call.reply.location = new URL(`admin/subscriptions/${created.row.id}`, ctx.config.serve.admin.base_url).href;
    return { subscription: presentSubscription(ctx, found(ctx, created.row)), secret: created.secret };
  },

  async listSubscriptions(_request, ctx) {
    return { subscriptions: (await listSubscriptions(ctx)).map((one) => presentSubscription(ctx, one)) };
  },

  async getSubscription({ id }, ctx) {
    return { subscription: presentSubscription(ctx, await named(ctx, id)) };
  },

  async updateSubscription({ id, subscription: wanted }, ctx) {
    await kept(ctx, id, "changed");
    const row = await updateSubscription(ctx, id, readContent(ctx, wanted));
    return { subscription: presentSubscription(ctx, found(ctx, row)) };
  },

  async deleteSubscription({ id }, ctx) {
    await kept(ctx, id, "deleted");
    if (!(await deleteSubscription(ctx, id))) throw noSuchSubscription();
    return {};
  },

  async rotateSubscriptionSecret({ id, overlap }, ctx) {
    await kept(ctx, id, "given another secret");
    const rotated = await rotateSecret(ctx, id, readOverlap(overlap));
    forbidKeeping(ctx);
    return { subscription: presentSubscription(ctx, found(ctx, rotated?.row)), secret: rotated!.secret };
  },

  async pauseSubscription({ id }, ctx) {
    await named(ctx, id);
    return { subscription: presentSubscription(ctx, found(ctx, await pauseSubscription(ctx, id))) };
  },

  async resumeSubscription({ id, fromNow }, ctx) {
    const { configured } = await named(ctx, id);
    if (configured?.enabled === false)
      throw problem(ErrorReason.BAD_REQUEST, { reason: "The subscription is switched off in the configuration." });
    return { subscription: presentSubscription(ctx, found(ctx, await resumeSubscription(ctx, id, fromNow))) };
  },

  async testSubscription({ id }, ctx) {
    return { attempt: presentAttempt(await trySubscription(ctx, await named(ctx, id), eventDocument)) };
  },

  async listDeliveries({ id, state, ...request }, ctx) {
    await named(ctx, id);
    const page = openKeysetPage(ctx, request, { usual: 50, most: 500 });
    const filter = { subscriptionId: id, state: readDeliveryState(state), before: page.before };
    const { shown, next } = page.cut(await listDeliveries(ctx, filter, page.limit));
    return { deliveries: shown.map(presentDelivery), nextPageToken: next };
  },

  async getDelivery({ id, deliveryId }, ctx) {
    await named(ctx, id);
    return { delivery: presentDelivery(there(await findDelivery(ctx, id, deliveryId))) };
  },

  async replayDelivery({ id, deliveryId }, ctx) {
    await named(ctx, id);
    return { delivery: presentDelivery(there(await replayDelivery(ctx, id, deliveryId))) };
  },

  async replayEvents({ id, pageToken, ...asked }, ctx) {
    const subscription = await named(ctx, id);
    const range = await readRange(ctx, asked);
    const behind = pageToken ? readToken(ctx, pageToken) : "";
    const { count, next } = await replayRange(ctx, subscription, range, behind);
    return { replayed: count, nextPageToken: next === undefined ? "" : writeToken(ctx, next) };
  },
});

const noSuchSubscription = () => problem(ErrorReason.NOT_FOUND, { reason: "The subscription does not exist." });

async function named(ctx: Context, id: string): Promise<Subscription> {
  const subscription = await findSubscription(ctx, id);
  if (!subscription) throw noSuchSubscription();
  return subscription;
}

async function kept(ctx: Context, id: string, what: string): Promise<void> {
  if ((await named(ctx, id)).configured)
    throw problem(ErrorReason.BAD_REQUEST, {
      reason: `The subscription is the configuration's (webhooks.subscriptions), and cannot be ${what} here.`,
    });
}

/** Somebody else may have deleted it meanwhile. */
function found(ctx: Context, row: SubscriptionRow | undefined): Subscription {
  const subscription = row && subscriptionOf(ctx.tenant, row, configuredFor(ctx.config, ctx.tenant));
  if (!subscription) throw noSuchSubscription();
  return subscription;
}

function there(delivery: DeliveryRow | undefined): DeliveryRow {
  if (!delivery) throw problem(ErrorReason.NOT_FOUND, { reason: "The delivery does not exist." });
  return delivery;
}

/** What a request says of the range that is to be replayed. */
interface AskedRange {
  readonly since?: Timestamp | undefined;
  readonly until?: Timestamp | undefined;
  readonly after: string;
  readonly deadLetters: boolean;
}

async function readRange(ctx: Context, { since, until, after, deadLetters }: AskedRange): Promise<ReplayRange> {
  const end = until ? timestampMs(until) : ctx.now().getTime() + 1;
  if (deadLetters) return { kind: "dead", since: since ? timestampMs(since) : 0, until: end };
  if (since) return { kind: "time", since: timestampMs(since), until: end };
  if (!after)
    throw problem(ErrorReason.BAD_REQUEST, { reason: "Name a range by since, by after, or by dead_letters." });
  const sequence = sequenceAt(ctx.tenant, after);
  if (sequence === undefined || sequence > (await lastGiven(ctx)))
    throw problem(ErrorReason.BAD_REQUEST, { reason: "The cursor is not one of this tenant's events." });
  if (sequence < (await lastRemoved(ctx))) throw problem(ErrorReason.EVENTS_EXPIRED);
  return { kind: "cursor", after: sequence };
}

const writeToken = ({ config, now }: Context, behind: string): string =>
  sealPage({ replayedUpTo: behind }, config.secrets, now().getTime());

function readToken({ config, now }: Context, token: string): string {
  const behind = openPage(token, config.secrets, now().getTime())?.["replayedUpTo"];
  if (typeof behind !== "string")
    throw problem(ErrorReason.BAD_REQUEST, { reason: "The page token is invalid or older than an hour." });
  return behind;
}
