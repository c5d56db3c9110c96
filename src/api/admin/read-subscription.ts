import { parseDuration } from "../../config/duration.ts";
import { webAddress } from "../../config/schema/formats.ts";
import type { Context } from "../../context.ts";
import { ErrorReason, problem } from "../../errors.ts";
import { mayBePrivate, refusePrivateHost } from "../../outgoing/guard.ts";
import type { SubscriptionContent } from "../../subscription/entities.ts";
import { unknownPatterns } from "../../subscription/types.ts";
import { eventTypes } from "./present-recorded-event.ts";

/** Reads what a subscription is to be. Fails with BAD_REQUEST for an address that may not be called, and for types that no event has. */
export function readContent(ctx: Context, content: SubscriptionContent | undefined): SubscriptionContent {
  if (!content) throw problem(ErrorReason.BAD_REQUEST, { reason: "The member subscription is missing." });
  const { url, types, description } = content;
  if (!webAddress.pattern!.test(url) || !URL.canParse(url))
    throw problem(ErrorReason.BAD_REQUEST, { reason: "The member url must be an http or https URL." });
  const address = new URL(url);
  if (address.username || address.password)
    throw problem(ErrorReason.BAD_REQUEST, {
      reason: "The member url must hold no user and no password: whoever reads subscriptions would read them.",
    });
  if (!mayBePrivate(address, ctx.config.clients.http)) refusePrivate(address);
  const [unknown] = unknownPatterns(types, eventTypes);
  if (unknown !== undefined)
    throw problem(ErrorReason.BAD_REQUEST, { reason: `The member types is wrong: there is no event ${unknown}.` });
  return { url, types: [...types], description };
}

function refusePrivate({ hostname }: URL): void {
  try {
    refusePrivateHost(hostname);
  } catch (cause) {
    throw problem(ErrorReason.BAD_REQUEST, {
      reason: "The member url leads to a private address, and calls to those are switched off (clients.http).",
      cause,
    });
  }
}

const usualOverlap = "24h";
const longestOverlapMs = 720 * 3_600_000;

/** How long a secret signs beside the one that takes its place, in milliseconds. Throws BAD_REQUEST. */
export function readOverlap(written: string): number {
  const ms = parseDuration(written || usualOverlap);
  if (ms === undefined || ms > longestOverlapMs)
    throw problem(ErrorReason.BAD_REQUEST, {
      reason: `The member overlap must be a duration such as "24h", of 720 hours or less.`,
    });
  return ms;
}
