import type { WebHookConfig } from "../config/selfservice-config.ts";
import type { OutgoingAnswer } from "../outgoing/request.ts";
import { noteEvent, traced } from "../tracing/active-span.ts";

type HookAnswer = OutgoingAnswer | "cancelled";

/** Calls a hook in a span, which is told how that has ended by the names that Kratos has for it. */
export const tracedHook = (hook: WebHookConfig, call: () => Promise<HookAnswer>): Promise<HookAnswer> =>
  traced("web_hook", { attributes: { "ostiary.web_hook.id": hook.id } }, async () => {
    const answer = await call().catch((error: unknown) => {
      noteEnd(hook, false);
      throw error;
    });
    if (answer !== "cancelled") noteEnd(hook, answer.status < 400);
    return answer;
  });

const noteEnd = ({ id }: WebHookConfig, succeeded: boolean): void =>
  noteEvent(succeeded ? "WebhookSucceeded" : "WebhookFailed", () => ({ WebhookID: id }));

/** An attempt that was answered. */
interface Delivered {
  readonly requestId: string;
  readonly triggerId: string;
  readonly attempt: number;
  readonly status: number;
}

/** Notes that a hook has answered. What was sent and said, and where to, stays out of it. */
export const noteDelivered = ({ id }: WebHookConfig, { requestId, triggerId, attempt, status }: Delivered): void =>
  noteEvent("WebhookDelivered", () => ({
    WebhookID: id,
    WebhookRequestID: requestId,
    WebhookTriggerID: triggerId,
    WebhookAttemptNumber: attempt,
    WebhookResponseStatusCode: status,
  }));
