import type { Context } from "../../context.ts";
import { ErrorReason, reasonOf } from "../../errors.ts";
import type { CallbackState } from "../../flow/callback-state.ts";
import { rotateReturnCode, exchangeOf } from "../../flow/exchange.ts";
import type { Flow } from "../../flow/flow.ts";
import type { Outcome } from "../../flow/pipeline/outcome.ts";
import { findFlow } from "../../flow/repository.ts";
import { destination } from "../../flow/return-to.ts";
import type { Registered } from "../../flows/registration.ts";
import type { IssuedSession } from "../../session/issue.ts";
import { goOnAt, leadTo } from "./submission.ts";

/**
 * Sends a browser in which a native client's flow went on back to the client, with the code by which that gets its session or,
 * where there is none yet, learns why. A client that has asked for no such code is told its flow. False where the browser goes on.
 */
export async function returnToClient(ctx: Context, outcome: Outcome): Promise<boolean> {
  const last = whereItEnded(outcome);
  if (last.kind === "redirected") return false;
  if (last.flow.type !== "api") return false;
  const exchange = await exchangeOf(ctx, last.flow);
  if (!exchange) {
    redirectToClient(ctx, last.flow, { flow: last.flow.id });
    return true;
  }
  const sessionId = last.kind === "completed" ? sessionIn(last.completion as IssuedSession | Registered) : null;
  const code = await rotateReturnCode(ctx, exchange, sessionId);
  // The client has to show a form that it may not know.
  const shown = last.kind !== "completed" && (last.flow.kind === "registration" || last !== outcome);
  redirectToClient(ctx, last.flow, { code, ...(shown && { flow: last.flow.id }) });
  return true;
}

function redirectToClient(ctx: Context, { returnTo }: Flow, told: Readonly<Record<string, string>>): void {
  const home = new URL(destination(ctx, returnTo));
  for (const [name, value] of Object.entries(told)) home.searchParams.set(name, value);
  if (!leadTo(ctx, home.href)) throw goOnAt(home.href);
}

/**
 * The same where the flow has run out while the browser was away: the client finds that out by its code, and begins anew. A page
 * that shows errors to people would not lead them back to it.
 */
export async function returnExpiredToClient(
  ctx: Context,
  { kind, flowId }: CallbackState,
  error: unknown,
): Promise<boolean> {
  const late = reasonOf(error) === ErrorReason.SELF_SERVICE_FLOW_EXPIRED;
  const flow = late ? await findFlow(ctx, kind, flowId) : undefined;
  if (flow?.type !== "api") return false;
  const exchange = await exchangeOf(ctx, flow);
  redirectToClient(ctx, flow, exchange ? { code: await rotateReturnCode(ctx, exchange, null) } : { flow: flow.id });
  return true;
}

/** The flow that went on in the place of others. */
function whereItEnded(outcome: Outcome): Exclude<Outcome, { kind: "handedOver" }> {
  return outcome.kind === "handedOver" ? whereItEnded(outcome.outcome) : outcome;
}

const sessionIn = (completion: IssuedSession | Registered): string | null =>
  "identityId" in completion ? (completion.session?.id ?? null) : completion.id;
