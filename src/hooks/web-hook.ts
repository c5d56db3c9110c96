import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { HookConfig, WebHookConfig } from "../config/selfservice-config.ts";
import type { Context } from "../context.ts";
import { signatureHeaders } from "../crypto/standard-webhooks.ts";
import { ErrorReason, explanationOf, problem } from "../errors.ts";
import type { Hook, HookEvent, HookResult } from "../flow/hook.ts";
import type { FlowKind } from "../flow/kinds.ts";
import { AddressRefused } from "../outgoing/guard.ts";
import { headersOf } from "../outgoing/headers.ts";
import { callOut, CallTimedOut } from "../outgoing/request.ts";
import type { OutgoingAnswer } from "../outgoing/request.ts";
import { currentSession } from "../session/current.ts";
import { answeredBadly, named, resultOf } from "./web-hook-answer.ts";
import { noteDelivered, tracedHook } from "./trace-web-hook.ts";
import { bodyOf, type Present } from "./web-hook-request.ts";

const totalMs = 30_000;
const mostBytes = 5 * 1024 * 1024;
const attempts = 3;

type WebHook = Extract<HookConfig, { hook: "web_hook" }>;

/** Calls a server of the operator's, and listens to its answer where it is configured to. */
export function webHook(present: Present): Hook<WebHook> {
  return {
    async before(ctx, event, { config }) {
      await refusedByAnswer(
        config,
        await run(
          ctx,
          present,
          { flow: event.flow, attempt: event.attempt, ...(await sessionOfSettings(ctx, event)) },
          config,
        ),
      );
    },
    async review(ctx, event, { config }) {
      const told = toldOf(event);
      if (isCalledFirst(config, event)) return run(ctx, present, told, config);
      // What can never be said is found out before anything is written.
      if (!config.response.ignore) await bodyOf(ctx, config, present(ctx, told));
      return undefined;
    },
    async after(ctx, event, { config }) {
      if (isCalledFirst(config, event)) return;
      await refusedByAnswer(config, await run(ctx, present, toldOf(event), config));
    },
  };
}

const isHeard = ({ response, can_interrupt }: WebHookConfig): boolean =>
  !response.ignore && (response.parse || can_interrupt);

/** A sign-in is not written yet when its hooks run; other flows wait for those alone who may have their say. */
const isCalledFirst = (hook: WebHookConfig, { flow: { kind } }: HookEvent): boolean =>
  kind === "login" || (isHeard(hook) && !isLate(kind));

/** Nothing of these flows is left to review: their hooks are called when it has happened. */
const isLate = (kind: FlowKind): boolean => kind === "recovery" || kind === "verification";

/** Sessions are told where they are the matter: of a sign-in, and of whoever changes an account. */
const toldOf = ({ session, ...event }: HookEvent): HookEvent =>
  session && (event.flow.kind === "login" || event.flow.kind === "settings") ? { ...event, session } : event;

async function sessionOfSettings(ctx: Context, { flow }: HookEvent): Promise<Pick<HookEvent, "session">> {
  const session = flow.kind === "settings" ? await currentSession(ctx) : undefined;
  return session ? { session } : {};
}

/** Where there is no form to complain in, a refusal is an error. */
function refusedByAnswer(hook: WebHookConfig, result: HookResult | undefined): void {
  if (result?.complaints?.length) throw answeredBadly(hook, "refused");
}

async function run(
  ctx: Context,
  present: Present,
  event: HookEvent,
  hook: WebHookConfig,
): Promise<HookResult | undefined> {
  const calling = tracedHook(hook, () => call(ctx, hook, () => present(ctx, event)));
  if (hook.response.ignore) {
    calling.catch((error: unknown) =>
      ctx.log.warn("a web hook failed", { hook: hook.id ?? hook.url, reason: whyOf(error) }),
    );
    return undefined;
  }
  const answer = await calling;
  if (answer === "cancelled") return undefined;
  if (isHeard(hook)) return resultOf(hook, answer);
  if (answer.status >= 400) throw answeredBadly(hook, `answered ${answer.status}`);
  return undefined;
}

const whyOf = (error: unknown): string => explanationOf(error) ?? String(error);

/** Makes the call. The event is looked at before anything is waited for: a flow goes on without those whom nobody waits for. */
async function call(
  ctx: Context,
  hook: WebHookConfig,
  present: () => ReturnType<Present>,
): Promise<OutgoingAnswer | "cancelled"> {
  const body = await bodyOf(ctx, hook, present());
  return body === "cancelled" ? body : send(ctx, hook, body.text);
}

/** Calls up to three times, within half a minute, while the server does not answer or fails. */
async function send(ctx: Context, hook: WebHookConfig, body?: string): Promise<OutgoingAnswer> {
  const told = { requestId: randomUUID(), triggerId: randomUUID() };
  const headers = {
    ...headersOf(hook),
    "ory-webhook-request-id": told.requestId,
    "ory-webhook-trigger-id": told.triggerId,
  };
  const request = { url: hook.url, method: hook.method.toUpperCase(), ...(body !== undefined && { body }) };
  const end = Date.now() + totalMs;
  for (let attempt = 1; ; attempt++) {
    const limits = { timeoutMs: Math.max(end - Date.now(), 1), mostBytes, clients: ctx.config.clients };
    const signature =
      hook.secrets.length > 0
        ? signatureHeaders({ id: told.requestId, at: Date.now(), body: body ?? "" }, hook.secrets)
        : {};
    const answer = await callOut({ ...request, headers: { ...headers, ...signature } }, limits).catch(
      (error: unknown) => error as Error,
    );
    if (!(answer instanceof Error)) noteDelivered(hook, { ...told, attempt, status: answer.status });
    if (!(answer instanceof Error) && answer.status < 500) return answer;
    if (answer instanceof CallTimedOut)
      throw problem(ErrorReason.UPSTREAM_TIMEOUT, { reason: `${named(hook)} did not answer in time.`, cause: answer });
    if (attempt === attempts || answer instanceof AddressRefused) throw failed(hook, answer);
    await sleep(100 * 2 ** attempt);
  }
}

const failed = (hook: WebHookConfig, answer: Error | OutgoingAnswer): Error =>
  answer instanceof Error
    ? answeredBadly(hook, "could not be called", answer)
    : answeredBadly(hook, `answered ${answer.status}`);
