import type { Context } from "../context.ts";
import { signatureHeaders } from "../crypto/standard-webhooks.ts";
import type { ListedEvent } from "../events/list.ts";
import { createConnectionPool } from "../outgoing/connection-pool.ts";
import { callOut } from "../outgoing/request.ts";
import { sayWhy } from "../delivery/say-why.ts";
import { isUnreachable } from "../delivery/unreachable.ts";
import type { DeliveryAttempt } from "./entities.ts";
import { openSecrets, signing } from "./secrets.ts";
import type { Subscription } from "./subscription.ts";

/** Shows an event as the contract has it, as JSON. */
export type PresentEvent = (event: ListedEvent, ctx: Context) => unknown;

/** What came of an attempt. */
export interface Attempted {
  readonly attempt: DeliveryAttempt;
  /** Taken; to be tried again; refused with all that will come (410); never to be sent, since there is nothing left to send. */
  readonly outcome: "delivered" | "failed" | "gone" | "lost";
  /** Whether the receiver is to blame, whatever it is sent: nobody answers, or it fails. */
  readonly down: boolean;
  /** How long the receiver asks to be left alone, in milliseconds. */
  readonly retryAfterMs?: number;
}

const mostBytes = 64 * 1024;
const longestRetryAfterMs = 3_600_000;

/** Sends an event to a subscriber: any answer of 2xx means that it was taken. Never throws. */
export async function attemptDelivery(
  ctx: Context,
  subscription: Subscription,
  event: ListedEvent,
  { present, signal }: { readonly present: PresentEvent; readonly signal?: AbortSignal },
): Promise<Attempted> {
  const at = ctx.now().getTime();
  const begun = performance.now();
  const told = (status: number, error?: string): DeliveryAttempt => ({
    at,
    status,
    ms: Math.round(performance.now() - begun),
    ...(error !== undefined && { error }),
  });
  try {
    const { status, headers } = await send(ctx, subscription, event, { present, signal, at });
    if (status >= 200 && status <= 299) return { attempt: told(status), outcome: "delivered", down: false };
    const attempt = told(status, `${new URL(subscription.content.url).host} answered ${status}.`);
    const retryAfterMs = readRetryAfter(headers["retry-after"], at);
    return {
      attempt,
      outcome: status === 410 ? "gone" : "failed",
      down: status >= 500 || status === 429,
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    };
  } catch (error) {
    return { attempt: told(0, sayWhy(error)), outcome: "failed", down: isUnreachable(error) };
  }
}

/** A delivery may come twice, so that it may go by a connection of an earlier one. */
const connections = createConnectionPool();

interface Sending {
  readonly present: PresentEvent;
  readonly signal: AbortSignal | undefined;
  readonly at: number;
}

function send(ctx: Context, subscription: Subscription, event: ListedEvent, { present, signal, at }: Sending) {
  const { type, occurredAt, id } = event;
  const body = JSON.stringify({ type, timestamp: occurredAt.toISOString(), data: present(event, ctx) });
  const headers = { "content-type": "application/json", "user-agent": "Ostiary" };
  return callOut(
    {
      url: subscription.content.url,
      method: "POST",
      headers: { ...headers, ...signatureHeaders({ id, at, body }, secretsOf(ctx, subscription)) },
      body,
    },
    {
      timeoutMs: ctx.config.webhooks.timeout,
      mostBytes,
      clients: ctx.config.clients,
      statusAlone: true,
      connections,
      ...(signal && { signal }),
    },
  );
}

/** The secrets that sign what a subscription sends now. Throws where they cannot be read. */
function secretsOf(ctx: Context, { configured, row }: Subscription): readonly string[] {
  if (configured) return configured.secrets;
  const secrets = row.secrets === null ? undefined : openSecrets(ctx, row.secrets);
  if (!secrets)
    throw new Error("The secret of the subscription was encrypted with a key that this server does not have.");
  return signing(secrets, ctx.now());
}

/** Seconds, or a moment (RFC 9110 10.2.3). */
function readRetryAfter(written: string | undefined, now: number): number | undefined {
  if (!written) return undefined;
  const ms = /^\d+$/.test(written) ? Number(written) * 1000 : Date.parse(written) - now;
  return ms > 0 ? Math.min(ms, longestRetryAfterMs) : undefined;
}
