import type { Context } from "../context.ts";
import { ErrorReason, problem } from "../errors.ts";
import type { ProblemOptions } from "../errors.ts";
import type { Flow } from "./flow.ts";
import type { FlowKind } from "./kinds.ts";

/** Where the pages of a kind of flow are shown. */
export function uiLocation({ config }: Context, kind: FlowKind, id: string): string {
  const url = new URL(config.selfservice.flows[kind].ui_url, config.serve.public.base_url);
  url.searchParams.set("flow", id);
  return url.href;
}

/** What is told of a flow that has run out and of the one that takes its place. */
export const expiry = (ctx: Context, flow: Flow, next: Flow) => ({
  reason: "The flow expired before it was submitted. A new one replaces it.",
  expiredAt: flow.expiresAt,
  since: BigInt(ctx.now().getTime() - flow.expiresAt.getTime()) * 1_000_000n,
  ...successor(ctx, next),
});

/** Names the flow that takes the place of another. */
export const successor = (ctx: Context, next: Flow) =>
  ({
    useFlowId: next.id,
    location: uiLocation(ctx, next.kind, next.id),
  }) satisfies ProblemOptions;

/** The error for a flow that cannot go on, as most flows tell it. */
export const replacedError = (ctx: Context, flow: Flow, next: Flow, expired: boolean) =>
  expired
    ? problem(ErrorReason.SELF_SERVICE_FLOW_EXPIRED, expiry(ctx, flow, next))
    : problem(ErrorReason.SELF_SERVICE_FLOW_REPLACED, {
        reason: "The flow has ended. A new one replaces it.",
        ...successor(ctx, next),
      });

/** How a kind of flow tells those who only look that it has run out, where that is not as usual. */
export interface ExpiryOnFetch {
  /** Whether the error has no id. */
  readonly nameless?: true;
  /** Whether it says where the flow would have led even if that was not asked for. */
  readonly tellsReturnTo?: true;
  /** Whether no authorization server can have one begin, although it may carry a challenge. */
  readonly takesNoChallenge?: true;
}

/** The error for a flow that has run out, told to whoever only looks. */
export function expiredOnFetch(
  { config }: Context,
  { kind, type, returnTo, oauth2LoginChallenge: challenge }: Flow,
  { nameless, tellsReturnTo, takesNoChallenge }: ExpiryOnFetch = {},
) {
  const begin = new URL(`self-service/${kind}/${type}`, config.serve.public.base_url);
  if (challenge && !takesNoChallenge) begin.searchParams.set("login_challenge", challenge);
  if (returnTo) begin.searchParams.set("return_to", returnTo);
  return problem(nameless ? ErrorReason.FLOW_GONE : ErrorReason.SELF_SERVICE_FLOW_EXPIRED, {
    reason: "The flow has expired. Start a new one.",
    details:
      type === "api"
        ? { api: `Start a new flow at ${begin.href}.` }
        : { redirect_to: begin.href, ...((returnTo || tellsReturnTo) && { return_to: returnTo ?? "" }) },
  });
}
