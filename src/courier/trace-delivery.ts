import { activeSpan } from "../tracing/active-span.ts";
import type { ActiveSpan } from "../tracing/active-span.ts";
import type { Tracer } from "../tracing/tracer.ts";
import type { CourierMessage } from "./entities.ts";
import type { DeliveryOutcome } from "./settle.ts";

/** Begins the span of an attempt to send a message, below the one in which it was written. */
export const beginDelivery = (
  tracer: Tracer,
  { id, traceparent, templateType, sendCount }: CourierMessage,
): ActiveSpan =>
  tracer.begin({
    carrier: { get: (name) => (name === "traceparent" ? traceparent : null) },
    trusted: true,
    describe: () => ({
      name: "courier deliver",
      kind: "consumer",
      attributes: {
        "messaging.operation.name": "deliver",
        "messaging.message.id": id,
        "ostiary.message.template": templateType,
        "ostiary.message.attempt": sendCount,
      },
    }),
  });

/** How an attempt has ended; without an outcome another worker has the message by now. */
interface Ending {
  readonly channel: string;
  readonly outcome: DeliveryOutcome | undefined;
  readonly error: unknown;
}

/** Kratos' names of what there is to tell: that a message is sent, or that it never will be. */
const events = { sent: "CourierMessageDispatched", abandoned: "CourierMessageAbandoned", queued: undefined } as const;

/** Ends the span of an attempt. */
export function endDelivery({ id, templateType }: CourierMessage, { channel, outcome, error }: Ending): void {
  const span = activeSpan();
  if (!span) return;
  span.set({ "messaging.destination.name": channel, "ostiary.message.outcome": outcome ?? "lost" });
  const event = outcome && events[outcome];
  if (event)
    span.event(event, {
      CourierMessageID: id,
      CourierMessageChannel: channel,
      CourierMessageTemplateType: templateType,
    });
  span.end(error);
}
