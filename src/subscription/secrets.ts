import type { Context } from "../context.ts";
import { newWebhookSecret } from "../crypto/standard-webhooks.ts";
import { openKept, sealKept } from "../tenant/seal-kept.ts";

/** The secrets of a subscription. */
export interface SubscriptionSecrets {
  readonly current: string;
  /** The one before, and until when it signs too, in milliseconds since 1970. */
  readonly previous?: { readonly secret: string; readonly until: number };
}

/** Secrets for a new subscription. */
export const firstSecrets = (): SubscriptionSecrets => ({ current: newWebhookSecret() });

/** A new secret, beside which the one before signs until then. */
export const rotated = ({ current }: SubscriptionSecrets, until: number): SubscriptionSecrets => ({
  current: newWebhookSecret(),
  previous: { secret: current, until },
});

/** Those that sign at a moment, the newest first. */
export const signing = ({ current, previous }: SubscriptionSecrets, now: Date): readonly string[] =>
  previous && previous.until > now.getTime() ? [current, previous.secret] : [current];

/** Seals secrets for the database. */
export const sealSecrets = (ctx: Context, secrets: SubscriptionSecrets): string =>
  sealKept(ctx, JSON.stringify(secrets));

/** The opposite; undefined where they were sealed by a secret that this server does not have. */
export const openSecrets = (ctx: Pick<Context, "config">, sealed: string): SubscriptionSecrets | undefined =>
  openKept(ctx, sealed);
